import type { JsonObject, JsonValue } from '../../../../../shared/platform/json-value.ts';
import { isObject } from '../json.ts';

/** JSON merge patch (RFC 7396). */
export function mergePatch(before: JsonObject, patch: JsonObject): JsonObject {
  const merged: Record<string, JsonValue> = { ...before };
  for (const [name, value] of Object.entries(patch)) {
    const own = merged[name];
    if (value === null) Reflect.deleteProperty(merged, name);
    else merged[name] = isObject(value) ? mergePatch(isObject(own) ? own : {}, value) : value;
  }
  return merged;
}
