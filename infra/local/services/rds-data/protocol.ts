import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Result } from '../../../../shared/platform/result.ts';
import { err } from '../../../../shared/platform/result.ts';
import type { WireProtocol, WireRequest, WireResponse } from '../wire/http-server.ts';
import { readJsonObject } from '../wire/json-input.ts';
import { admit } from '../wire/origin.ts';
import { STATUS, type DataApiFault } from './wire.ts';

export type Answer = Result<object, DataApiFault>;
export type Operation = (body: unknown) => Promise<Answer>;

/** An operation behind its schema: what the service does not know, or we do not play, is refused by name. */
export function checked<S extends z.ZodType>(schema: S, run: (request: z.output<S>) => Promise<Answer>): Operation {
  return async (body) => {
    const parsed = schema.safeParse(body);
    return parsed.success
      ? run(parsed.data)
      : err({ code: 'ValidationException', message: z.prettifyError(parsed.error) });
  };
}

/** The restJson1 protocol: POST /Operation, the error's name in a header, its message in the body. */
export function restJson(
  operations: ReadonlyMap<string, Operation>,
  ownHost: string,
  called: (operation: string) => void,
): WireProtocol {
  return {
    async handle(request) {
      const answer = await dispatch(request, operations, ownHost, called);
      return answer.ok ? respond(200, answer.value, {}) : refuse(answer.error);
    },
    tooLarge: (limit) => refuse({ code: 'BadRequestException', message: `The request is larger than ${limit} bytes` }),
    crashed(error) {
      console.error('RDS Data API (embedded):', error);
      return refuse({ code: 'InternalServerErrorException', message: 'The embedded Data API failed; see its log' });
    },
  };
}

async function dispatch(
  request: WireRequest,
  operations: ReadonlyMap<string, Operation>,
  ownHost: string,
  called: (operation: string) => void,
): Promise<Answer> {
  const admitted = admit(request.headers, request.target, ownHost);
  if (!admitted.ok) return err({ code: 'MissingAuthenticationTokenException', message: admitted.error });
  const name = request.target.replace(/^\//, '').replace(/\?.*$/, '');
  const operation = request.method === 'POST' ? operations.get(name) : undefined;
  if (operation === undefined) {
    const known = [...operations.keys()].join(', ');
    return err({ code: 'UnknownOperationException', message: `The embedded Data API has only ${known}, by POST` });
  }
  called(name);
  const body = readJsonObject(request.body);
  return body.ok ? operation(body.value) : err({ code: 'BadRequestException', message: body.error });
}

function refuse(fault: DataApiFault): WireResponse {
  return respond(STATUS[fault.code], { message: fault.message }, { 'x-amzn-errortype': fault.code });
}

function respond(status: number, body: object, headers: Readonly<Record<string, string>>): WireResponse {
  const common = { 'content-type': 'application/json', 'x-amzn-requestid': randomUUID() };
  return { status, headers: { ...common, ...headers }, body: JSON.stringify(body) };
}
