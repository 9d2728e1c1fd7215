import { Buffer } from 'node:buffer';
import type { Statement } from '../../../domain/statement.ts';
import type { JsonValue } from '../../../platform/json-value.ts';
import { ok, type Result } from '../../../platform/result.ts';
import { parseStrictJson, type JsonFault } from '../../../platform/strict-json.ts';
import { PROTOBUF } from '../body/read.ts';
import type { StatementFault } from '../../connector.ts';
import { ACCEPT, answerFormOf } from './accept.ts';
import { refuse } from './fault.ts';

/** A request as kubectl sends it. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query as they came, below whatever the gateway itself is at. */
  readonly target: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/** As whom to act is not the caller's to say (Kubernetes, "User impersonation"; request headers of an aggregation layer). */
const AS_SOMEBODY = /^(impersonate-|x-remote-)/i;

/** Objects nest some twelve deep, schemas of definitions some thirty. */
const MAX_DEPTH = 64;

/**
 * The statement that a request of kubectl is. Sent twice it is the same text byte for byte, so that what people have approved
 * can be told from anything else. Headers that change nothing of what is done are left out.
 */
export function statementFrom({ method, target, headers, body }: HttpRequest): Result<Statement, StatementFault> {
  const fault = oddHeader(headers);
  if (fault !== undefined) return fault;
  const form = answerFormOf(headers['accept']) ?? 'json';
  const accept = form === 'json' ? [] : [`Accept: ${ACCEPT[form]}`];
  if (body.byteLength === 0) return ok({ text: [`${method} ${target}`, ...accept].join('\n') });
  const [media = ''] = (headers['content-type'] ?? 'application/json').split(';');
  const type = media.trim().toLowerCase();
  const value = bodyOf(type, body);
  return value.ok
    ? ok({ text: [`${method} ${target}`, `Content-Type: ${type}`, ...accept].join('\n'), body: value.value })
    : value;
}

function oddHeader(headers: HttpRequest['headers']): Result<never, StatementFault> | undefined {
  const somebody = Object.keys(headers).find((name) => AS_SOMEBODY.test(name));
  if (somebody !== undefined)
    return refuse(
      'syntax_error',
      `has the header ${somebody}: as whom to act is not the caller's to say (kubectl without --as).`,
    );
  return (headers['content-encoding'] ?? 'identity') === 'identity'
    ? undefined
    : refuse('body_invalid', 'has an encoded body. Send it plainly.');
}

/** JSON as its value, YAML as its text, protobuf in base64: see `body/read.ts`. */
function bodyOf(type: string, bytes: Uint8Array): Result<JsonValue, StatementFault> {
  if (type === PROTOBUF) return ok(Buffer.from(bytes).toString('base64'));
  const text = decoded(bytes);
  if (text === undefined) return refuse('body_invalid', 'has a body that is not UTF-8.');
  const json = parseStrictJson(text, { depth: MAX_DEPTH });
  if (json.ok) return json;
  // kubectl sends JSON under the name of YAML; only what is no JSON at all is read as the other.
  return type.endsWith('yaml') && json.error.kind === 'syntax' ? ok(text) : refuse('body_invalid', wordsOf(json.error));
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function wordsOf(fault: JsonFault): string {
  switch (fault.kind) {
    case 'syntax':
      return 'has a body that is not JSON.';
    case 'too_deep':
      return `has a body that nests deeper than ${fault.limit} levels.`;
    case 'number_too_large':
      return 'has a number that readers of JSON do not agree on.';
    case 'duplicate_member':
      return `has the member ${JSON.stringify(fault.member)} twice in its body.`;
  }
}
