import type { JsonObject, JsonValue } from '../platform/json-value.ts';
import { err, ok, type Result } from '../platform/result.ts';
import { parseStrictJson, type JsonFault } from '../platform/strict-json.ts';
import { decodeBase64url, decodeUtf8 } from './base64url.ts';
import { malformed, type IdentityRefusal } from './refusal.ts';

/** The three decoded parts of a JWS in compact form (RFC 7515 section 7.1). Nothing in it is verified yet. */
export interface CompactJws {
  readonly token: string;
  readonly header: JsonObject;
  readonly payload: Uint8Array;
}

/** Claims nest: `act` five deep, Kubernetes' three. Beyond twelve it is an attack on a recursive reader. */
const MAX_DEPTH = 12;

/** Splits and decodes; the header must be a JSON object, the payload is left as bytes. */
export function parseCompact(token: string): Result<CompactJws, IdentityRefusal> {
  const parts = token.split('.', 4);
  const [first, second, third] = parts;
  if (parts.length !== 3 || first === undefined || second === undefined || third === undefined) {
    return err(malformed('it has not exactly three parts'));
  }
  const headerBytes = decodeBase64url(first);
  const payload = decodeBase64url(second);
  const signature = decodeBase64url(third);
  if (!headerBytes || !payload || !signature) return err(malformed('a part of it is not canonical base64url'));
  if (signature.length === 0) return err(malformed('it is not signed'));
  const header = parseObject(headerBytes, 'header');
  return header.ok ? ok({ token, header: header.value, payload }) : header;
}

/** A part as a JSON object, read so that no other reader can understand it differently. */
export function parseObject(bytes: Uint8Array, part: 'header' | 'payload'): Result<JsonObject, IdentityRefusal> {
  const text = decodeUtf8(bytes);
  if (text === undefined) return err(malformed(`its ${part} is not UTF-8`));
  const parsed = parseStrictJson(text, { depth: MAX_DEPTH });
  if (!parsed.ok) return err(malformed(`its ${part} ${faultText(parsed.error)}`));
  return isObject(parsed.value) ? ok(parsed.value) : err(malformed(`its ${part} is not a JSON object`));
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member that is really there; names such as `constructor` find nothing by inheritance. */
export function member(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function faultText(fault: JsonFault): string {
  switch (fault.kind) {
    case 'syntax':
      return 'is not JSON';
    case 'too_deep':
      return `nests deeper than ${fault.limit} levels`;
    case 'number_too_large':
      return 'holds a number too large to read';
    case 'duplicate_member':
      return 'names a member twice';
  }
}
