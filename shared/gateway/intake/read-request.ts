import type * as z from 'zod';
import type { Refusal } from '../../domain/refusal.ts';
import type { JsonValue } from '../../platform/json-value.ts';
import { err, ok, type Result } from '../../platform/result.ts';
import { parseStrictJson, type JsonFault } from '../../platform/strict-json.ts';

export interface RequestLimits {
  readonly requestBytes: number;
  readonly requestDepth: number;
}

/** A body as bytes to a value of the contract, or the refusal that names the member that is wrong. */
export function readRequest<T>(bytes: Uint8Array, schema: z.ZodType<T>, limits: RequestLimits): Result<T, Refusal> {
  if (bytes.byteLength > limits.requestBytes)
    return err({ code: 'request_too_large', limitBytes: limits.requestBytes });
  const text = decodeUtf8(bytes);
  if (text === undefined) return invalid('body', 'is not valid UTF-8. Send JSON in UTF-8 (RFC 8259 section 8.1).');
  const parsed = parseStrictJson(text, { depth: limits.requestDepth });
  if (!parsed.ok) return invalid(...jsonFault(parsed.error));
  const crooked = findCrooked(parsed.value, 'body');
  if (crooked !== undefined)
    return invalid(crooked, 'has half of a surrogate pair; no two readers agree on such text.');
  const checked = check(schema, parsed.value);
  const lost = checked.ok ? findLost(parsed.value, '') : undefined;
  return lost === undefined ? checked : invalid(lost, 'has a name that readers of JSON lose. Name it otherwise.');
}

/**
 * A value against its contract. An unknown member is named before one that is missing: the one is mostly the other,
 * misspelt.
 */
export function check<T>(schema: z.ZodType<T>, value: unknown): Result<T, Refusal> {
  const checked = schema.safeParse(value);
  if (checked.success) return ok(checked.data);
  const { issues } = checked.error;
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  if (issue === undefined) return invalid('body', 'is not as the contract says; see /v1/openapi.json.');
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const path = [...issue.path, ...(unknown === undefined ? [] : [unknown])].map(String).join('.');
  return invalid(path === '' ? 'body' : path, unknown === undefined ? saidOf(issue) : UNKNOWN);
}

const UNKNOWN = 'is not a member of this request. Check its spelling; see /v1/openapi.json.';

const saidOf = ({ code, message }: z.core.$ZodIssue): string =>
  code === 'invalid_type' && message.endsWith('received undefined')
    ? 'is missing. See /v1/openapi.json.'
    : `${message}.`;

const invalid = (member: string, detail: string): Result<never, Refusal> =>
  err({ code: 'invalid_request', member, detail });

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function jsonFault(fault: JsonFault): [string, string] {
  switch (fault.kind) {
    case 'syntax':
      return ['body', 'is not JSON (RFC 8259).'];
    case 'too_deep':
      return ['body', `is nested deeper than ${fault.limit} levels.`];
    case 'number_too_large':
      return ['body', 'holds a number past what JSON readers agree on; send it as text.'];
    case 'duplicate_member':
      return [fault.member, 'is given twice. Two readers would take different ones; send it once.'];
  }
}

/** Path of the first string that is not well-formed Unicode. */
function findCrooked(value: JsonValue, path: string): string | undefined {
  if (typeof value === 'string') return value.isWellFormed() ? undefined : path;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    const found = name.isWellFormed() ? findCrooked(inner, path === 'body' ? name : `${path}.${name}`) : path;
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Path of the first member that would not go on record as it was given: schemas leave out this name without a word, since
 * setting it can change what an object is.
 */
function findLost(value: JsonValue, path: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    const at = path === '' ? name : `${path}.${name}`;
    const found = name === '__proto__' ? at : findLost(inner, at);
    if (found !== undefined) return found;
  }
  return undefined;
}
