import type { JsonObject, JsonValue } from '../platform/json-value.ts';

/** A value that is known to be an object, as one. */
export const objectOf = (value: JsonValue): JsonObject =>
  typeof value === 'object' && value !== null && !isList(value) ? value : {};

const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);
