import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { JsonObject, JsonValue } from './json-value.ts';

/**
 * Canonical JSON (RFC 8785): one byte string a value, whatever order its members came in.
 * Seals and event hashes stand on it, so a value that has no canonical form is an error, never a guess.
 */
export function canonicalJson(value: JsonValue): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('value has no canonical JSON form');
  return text;
}

/**
 * The canonical JSON of an object from that of its members: for two forms of one object that differ in a member, without
 * walking the others twice. Members stand in the order of the UTF-16 code units of their names (RFC 8785, 3.2.3).
 */
export const canonicalObject = (members: ReadonlyMap<string, string>): string =>
  `{${[...members.keys()]
    .toSorted()
    .map((name) => `${canonicalJson(name)}:${members.get(name) ?? 'null'}`)
    .join(',')}}`;

/** SHA-256 (FIPS 180-4) of UTF-8 text or bytes, as 64 lower-case hex digits. */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** SHA-256 over the canonical JSON of `value`, as 64 lower-case hex digits. */
export function digestOf(value: JsonObject | JsonValue): string {
  return sha256Hex(canonicalJson(value));
}
