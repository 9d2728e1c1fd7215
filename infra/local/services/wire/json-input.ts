import type { JsonObject, JsonValue } from '../../../../shared/platform/json-value.ts';
import type { Result } from '../../../../shared/platform/result.ts';
import { err, ok } from '../../../../shared/platform/result.ts';

/** DynamoDB nests 32 levels, each of two JSON objects; ours to keep recursive code behind this off the stack's end. */
const maxDepth = 100;

/** One JSON object out of a request body, or why it is none. The empty body reads as `{}`, as AWS reads it. */
export function readJsonObject(body: Buffer): Result<JsonObject, string> {
  const parsed = parse(body.length === 0 ? '{}' : body.toString('utf8'));
  if (!parsed.ok) return parsed;
  if (!isObject(parsed.value)) return err('the request body must be a JSON object');
  const fault = faultIn(parsed.value);
  return fault === undefined ? ok(parsed.value) : err(fault);
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Own code for JSON.parse that says what it gives: the one place where text becomes a JsonValue. */
export function parseJson(text: string): JsonValue;
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return value;
}

function parse(text: string): Result<JsonValue, string> {
  try {
    return ok(parseJson(text));
  } catch {
    return err('the request body is not JSON');
  }
}

/** Walks without recursion. `__proto__` is refused because copying such a member would set a prototype and lose it. */
function faultIn(root: JsonValue): string | undefined {
  const pending: { value: JsonValue; depth: number }[] = [{ value: root, depth: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, depth } = next;
    if (typeof value !== 'object' || value === null) continue;
    if (depth > maxDepth) return `the request body nests deeper than ${maxDepth} levels`;
    if (Object.hasOwn(value, '__proto__')) return 'a member named __proto__ is not accepted here';
    for (const child of Object.values(value)) pending.push({ value: child, depth: depth + 1 });
  }
  return undefined;
}
