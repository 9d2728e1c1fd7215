import { canonicalJson, canonicalObject, sha256Hex } from '../platform/canonical.ts';
import { toJson } from '../platform/json-value.ts';
import type { SessionEvent } from './event.ts';

/** Events are read-only all the way down, so a text once made stays theirs for as long as they live. */
const texts = new WeakMap<object, string>();

/** The canonical JSON (RFC 8785) of an event: what the table and the archive hold of it. */
export const eventText = (event: SessionEvent): string => texts.get(event) ?? canonicalJson(toJson(event));

/**
 * An event with its hash, which is SHA-256 over the canonical JSON of the event without it. Its text with the hash is made
 * of the same parts and kept: rows are the most of it, and are walked once for both.
 */
export function hashed<E extends object>(unhashed: E): E & { readonly hash: string } {
  const members = new Map<string, string>();
  for (const [name, value] of Object.entries(unhashed))
    if (value !== undefined) members.set(name, canonicalJson(toJson(value)));
  const event = { ...unhashed, hash: sha256Hex(canonicalObject(members)) };
  texts.set(event, canonicalObject(members.set('hash', canonicalJson(event.hash))));
  return event;
}
