import { visit } from 'jsonc-parser';
import type { JsonValue } from './json-value.ts';
import { err, ok, type Result } from './result.ts';

/** Why a text is not the JSON that two readers would understand alike (RFC 8259 section 4, RFC 7493). */
export type JsonFault =
  | { readonly kind: 'syntax' }
  | { readonly kind: 'too_deep'; readonly limit: number }
  | { readonly kind: 'number_too_large' }
  | { readonly kind: 'duplicate_member'; readonly member: string };

/**
 * Parses JSON and refuses what readers disagree on: a member given twice (one reader takes the first, another the
 * last). Depth is checked before anything recursive sees the text.
 */
export function parseStrictJson(text: string, limits: { readonly depth: number }): Result<JsonValue, JsonFault> {
  let value: JsonValue;
  try {
    value = plainJson(text);
  } catch {
    return err({ kind: 'syntax' });
  }
  if (deeperThan(value, limits.depth)) return err({ kind: 'too_deep', limit: limits.depth });
  if (holdsInfinity(value)) return err({ kind: 'number_too_large' });
  const member = firstDuplicate(text);
  return member === undefined ? ok(value) : err({ kind: 'duplicate_member', member });
}

/** What `JSON.parse` gives is exactly a JsonValue; its declared type is wider. */
function plainJson(text: string): JsonValue;
function plainJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return value;
}

function deeperThan(value: JsonValue, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((inner: JsonValue) => deeperThan(inner, depth - 1));
}

/** `1e999` is good JSON and parses to Infinity, which no canonical form can hold. */
function holdsInfinity(value: JsonValue): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((inner: JsonValue) => holdsInfinity(inner));
}

function firstDuplicate(text: string): string | undefined {
  const open: Set<string>[] = [];
  let duplicate: string | undefined;
  visit(text, {
    onObjectBegin: () => {
      open.push(new Set());
    },
    onObjectEnd: () => {
      open.pop();
    },
    onObjectProperty: (member) => {
      const members = open.at(-1);
      if (members?.has(member)) duplicate ??= member;
      members?.add(member);
    },
  });
  return duplicate;
}
