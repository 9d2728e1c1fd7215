import { Buffer } from 'node:buffer';
import type { Refusal } from '../../../domain/refusal.ts';
import type { JsonValue } from '../../../platform/json-value.ts';
import { err, ok, type Result } from '../../../platform/result.ts';
import { parseStrictJson } from '../../../platform/strict-json.ts';
import { readRequest } from '../request/index.ts';

/** A request to an API server, as kubectl sent it to the gateway. */
export interface KubernetesHttp {
  readonly method: string;
  /** Path and query as they were sent, without what leads to the connection. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** The same as a statement of the connector: nothing is understood here, only written down. */
export interface KubernetesStatement {
  readonly statement: string;
  readonly body?: JsonValue;
}

/** As deep as the connector reads a body. */
const MAX_DEPTH = 64;

/**
 * What stands under the request line: the two headers that matter to what is asked, and those that would say on whose behalf
 * (`kubectl --as`), so that the connector refuses them by name. All others say how, not what, and are left out.
 */
const HEADERS: readonly (readonly [RegExp, string])[] = [
  [/^content-type$/, 'Content-Type'],
  [/^accept$/, 'Accept'],
  [/^(impersonate-|x-remote-)/, ''],
];

export function statementOf({ method, target, headers, body }: KubernetesHttp): Result<KubernetesStatement, Refusal> {
  const type = mediaType(headers['content-type']);
  const lines = HEADERS.flatMap(([pattern, spelled]) =>
    Object.entries(headers)
      // A type without a body says nothing; kubectl sends none.
      .filter(([name]) => pattern.test(name) && !(name === 'content-type' && body.byteLength === 0))
      .map(([name, value]) => `${spelled === '' ? name : spelled}: ${value.trim()}`),
  );
  const statement = [`${method} ${target}`, ...lines].join('\n');
  if (body.byteLength === 0) return ok({ statement });
  const read = readBody(type, body);
  return read.ok ? ok({ statement, body: read.value }) : read;
}

const mediaType = (header = ''): string => (header.split(';')[0] ?? '').trim().toLowerCase();

/** JSON as what it says, other text as it is, and what is no text in base64: as the connector takes bodies. */
function readBody(type: string, bytes: Uint8Array): Result<JsonValue, Refusal> {
  if (type === 'application/vnd.kubernetes.protobuf') return ok(Buffer.from(bytes).toString('base64'));
  const text = decodeUtf8(bytes);
  if (text === undefined) return invalid('is not UTF-8.');
  if (!isJson(type)) return ok(text);
  const parsed = parseStrictJson(text, { depth: MAX_DEPTH });
  if (parsed.ok) return parsed;
  switch (parsed.error.kind) {
    case 'syntax':
      return invalid('is not JSON, and its Content-Type says that it is.');
    case 'too_deep':
      return invalid(`is nested deeper than ${MAX_DEPTH} levels.`);
    case 'number_too_large':
      return invalid('holds a number that readers of JSON do not agree on.');
    case 'duplicate_member':
      return invalid(`gives ${parsed.error.member} twice. Two readers would take different ones.`);
  }
}

/** A body that does not say what it is, is JSON: so the API server takes it. */
const isJson = (type: string): boolean => type === '' || type === 'application/json' || type.endsWith('+json');

const invalid = (detail: string): Result<never, Refusal> => err({ code: 'invalid_request', member: 'body', detail });

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Whether it was a watch, in the connector's own reading: what is refused there for another reason is none. */
export function isWatch(method: string, target: string): boolean {
  const request = readRequest({ text: `${method} ${target}` });
  return request.ok && request.value.kind === 'resource' && request.value.verb === 'watch';
}
