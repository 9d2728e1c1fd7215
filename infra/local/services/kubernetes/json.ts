import type { JsonObject, JsonValue } from '../../../../shared/platform/json-value.ts';

/** Reading and changing plain JSON without a type for each of Kubernetes' hundreds of shapes. Nothing is changed in place. */

export const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isList = (value: JsonValue | undefined): value is readonly JsonValue[] => Array.isArray(value);

export function at(value: JsonValue | undefined, ...path: readonly string[]): JsonValue | undefined {
  let found = value;
  for (const name of path) found = isObject(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  return found;
}

export function textAt(value: JsonValue | undefined, ...path: readonly string[]): string {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : '';
}

export function numberAt(value: JsonValue | undefined, ...path: readonly string[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === 'number' ? found : undefined;
}

export function objectAt(value: JsonValue | undefined, ...path: readonly string[]): JsonObject {
  const found = at(value, ...path);
  return isObject(found) ? found : {};
}

export function listAt(value: JsonValue | undefined, ...path: readonly string[]): readonly JsonValue[] {
  const found = at(value, ...path);
  return isList(found) ? found : [];
}

/** The string members of an object, such as labels. */
export function textsAt(value: JsonValue | undefined, ...path: readonly string[]): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const [name, text] of Object.entries(objectAt(value, ...path))) if (typeof text === 'string') texts[name] = text;
  return texts;
}

export function put(object: JsonObject, path: readonly string[], value: JsonValue | undefined): JsonObject {
  const [name, ...rest] = path;
  if (name === undefined) return object;
  const { [name]: before, ...others } = object;
  if (rest.length > 0) return { ...object, [name]: put(isObject(before) ? before : {}, rest, value) };
  return value === undefined ? others : { ...object, [name]: value };
}

/** What is absent gets its default; what is there stays. */
export function withDefaults(object: JsonObject, defaults: JsonObject): JsonObject {
  let full = object;
  for (const [name, value] of Object.entries(defaults)) {
    const own = full[name];
    if (own === undefined || own === null) full = { ...full, [name]: value };
    else if (isObject(own) && isObject(value)) full = { ...full, [name]: withDefaults(own, value) };
  }
  return full;
}

export const same = (one: JsonValue | undefined, other: JsonValue | undefined): boolean =>
  one === other || JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));

/** Members in the order of their names, so that two objects of the same content have the same text. */
export function sorted(value: JsonValue | undefined): JsonValue {
  if (isList(value)) return value.map(sorted);
  if (!isObject(value)) return value ?? null;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, sorted(value[name])]));
}
