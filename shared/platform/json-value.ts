/** What JSON can say (RFC 8259). Everything that crosses an edge or enters the record is one of these. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [member: string]: JsonValue;
}

/**
 * A value as JSON: members that are `undefined` are left out, as `JSON.stringify` does, so that an optional member
 * that is absent and one that is set to `undefined` have the same canonical form. Anything JSON cannot say throws; so
 * does an instance of a class (a Date, a Map), whose members are not what it means.
 */
export function toJson(value: unknown): JsonValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === 'object' && isPlain(value)) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return Object.fromEntries(members.map(([name, member]) => [name, toJson(member)]));
  }
  throw new TypeError(`${typeof value} has no JSON form`);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
