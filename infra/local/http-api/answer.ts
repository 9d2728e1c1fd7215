import * as z from 'zod';
import type { JsonValue } from '../../../shared/platform/json-value.ts';
import type { InvocationOutcome } from '../lambda/protocol.ts';

export type HttpAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: Buffer;
};

const plain = z.union([z.string(), z.number(), z.boolean()]);
const resultSchema = z.object({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), plain).optional(),
  multiValueHeaders: z.unknown().optional(),
  cookies: z.array(z.string()).optional(),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().optional(),
});

/** The answers that API Gateway gives by itself are all of this shape. */
export function gatewayMessage(status: number, message: string): HttpAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    cookies: [],
    body: Buffer.from(JSON.stringify({ message })),
  };
}

export const serviceUnavailable = (): HttpAnswer => gatewayMessage(503, 'Service Unavailable');

/** A function's result as HTTP, by the rules of payload format 2.0. What the caller hears of a failure says nothing of its cause. */
export function httpAnswer(outcome: InvocationOutcome): HttpAnswer {
  if (outcome.ok) return fromValue(outcome.value);
  if (outcome.error.cause === 'throttled') return serviceUnavailable();
  if (outcome.error.cause === 'too_large') return gatewayMessage(413, 'Request Entity Too Large');
  return gatewayMessage(500, 'Internal Server Error');
}

function fromValue(value: JsonValue): HttpAnswer {
  const structured = typeof value === 'object' && value !== null && 'statusCode' in value;
  if (!structured) return inferred(value);
  const result = resultSchema.safeParse(value);
  if (!result.success) return gatewayMessage(500, 'Internal Server Error');
  const { statusCode, headers = {}, cookies = [], body = '', isBase64Encoded = false } = result.data;
  const lowered = Object.entries(headers).map(([name, content]): [string, string] => [
    name.toLowerCase(),
    String(content),
  ]);
  return {
    status: statusCode,
    headers: { 'content-type': 'text/plain;charset=UTF-8', ...Object.fromEntries<string>(lowered) },
    cookies,
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  };
}

/** A result without a status code is a 200 whose body is the result itself. */
function inferred(value: JsonValue): HttpAnswer {
  const body = typeof value === 'string' ? value : JSON.stringify(value);
  return { status: 200, headers: { 'content-type': 'application/json' }, cookies: [], body: Buffer.from(body) };
}
