import * as z from 'zod';
import type { JsonObject, JsonValue } from '../../../shared/platform/json-value.ts';

/** JSON text of our own making, read back as what it is. Throws on anything else. */
export function parseJson(text: string): JsonValue {
  const value: unknown = JSON.parse(text);
  return isJson(value) ? value : null;
}

/** JSON.parse yields nothing but JSON values, so a look at the outermost type says it all. */
function isJson(value: unknown): value is JsonValue {
  return value !== undefined && typeof value !== 'function';
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const jsonSchema: z.ZodType<JsonValue> = z.json();
