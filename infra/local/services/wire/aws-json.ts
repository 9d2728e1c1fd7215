import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../../../shared/platform/json-value.ts';
import type { Result } from '../../../../shared/platform/result.ts';
import { err } from '../../../../shared/platform/result.ts';
import type { WireProtocol, WireRequest, WireResponse } from './http-server.ts';
import { readJsonObject } from './json-input.ts';
import { admit } from './origin.ts';

/** An error as the service words it. `status` is 400 unless said; `detail` holds members beside the message. */
export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly status?: number;
  readonly detail?: JsonObject;
}

export type Operation = (input: JsonObject) => Promise<Result<JsonObject, Fault>> | Result<JsonObject, Fault>;
export type Operations = Readonly<Record<string, Operation>>;

export const fault = (code: string, message: string, detail?: JsonObject): { ok: false; error: Fault } =>
  err(detail === undefined ? { code, message } : { code, message, detail });

export interface AwsJsonService {
  /** For messages, such as `DynamoDB`. */
  readonly name: string;
  /** What stands before the dot in `X-Amz-Target`, such as `DynamoDB_20120810`. */
  readonly targetPrefix: string;
  readonly contentType: 'application/x-amz-json-1.0' | 'application/x-amz-json-1.1';
  readonly host: string;
  readonly operations: Operations;
}

/** The AWS JSON 1.0 and 1.1 protocols (smithy.io, aws-json-1_0): POST /, operation in X-Amz-Target, error in `__type`. */
export function awsJson(service: AwsJsonService): WireProtocol {
  const refuse = (problem: Fault): WireResponse => answer(service, problem.status ?? 400, errorBody(problem));
  return {
    handle: async (request) => {
      const result = await dispatch(service, request);
      return result.ok ? answer(service, 200, result.value) : refuse(result.error);
    },
    tooLarge: (limit) =>
      refuse({ code: 'RequestEntityTooLarge', status: 413, message: `the request body is larger than ${limit} bytes` }),
    crashed: (error) => {
      console.error(`${service.name} (embedded):`, error);
      return refuse({
        code: 'InternalServerError',
        status: 500,
        message: `embedded ${service.name} failed; see its log`,
      });
    },
  };
}

async function dispatch(service: AwsJsonService, request: WireRequest): Promise<Result<JsonObject, Fault>> {
  const admitted = admit(request.headers, request.target, service.host);
  if (!admitted.ok) return fault('MissingAuthenticationTokenException', admitted.error);
  const target = request.headers['x-amz-target'];
  const [prefix, name = ''] = typeof target === 'string' ? target.split('.') : [];
  if (request.method !== 'POST' || prefix !== service.targetPrefix)
    return fault('UnknownOperationException', `send POST with X-Amz-Target: ${service.targetPrefix}.<Operation>`);
  const operation = Object.hasOwn(service.operations, name) ? service.operations[name] : undefined;
  if (operation === undefined)
    return fault('UnknownOperationException', `embedded ${service.name} does not implement ${name}; ${known(service)}`);
  const input = readJsonObject(request.body);
  return input.ok ? operation(input.value) : fault('SerializationException', input.error);
}

const known = (service: AwsJsonService): string => `it has ${Object.keys(service.operations).sort().join(', ')}`;

const errorBody = (problem: Fault): JsonObject => ({
  ...problem.detail,
  __type: `com.amazonaws#${problem.code}`,
  message: problem.message,
});

function answer(service: AwsJsonService, status: number, body: JsonObject): WireResponse {
  const headers = { 'content-type': service.contentType, 'x-amzn-requestid': randomUUID() };
  return { status, headers, body: JSON.stringify(body) };
}
