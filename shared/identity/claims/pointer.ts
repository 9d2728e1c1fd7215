import type { JsonObject, JsonValue } from '../../platform/json-value.ts';
import { isObject, member } from '../compact.ts';

/**
 * A claim by its name, or by a JSON Pointer (RFC 6901) when the name begins with `/`. Only objects are walked into:
 * a position in a list is nothing to trust.
 */
export function claimAt(claims: JsonObject, name: string): JsonValue | undefined {
  if (!name.startsWith('/')) return member(claims, name);
  const steps = name.slice(1).split('/');
  let value: JsonValue | undefined = claims;
  for (const step of steps) {
    if (!isObject(value)) return undefined;
    value = member(value, step.replaceAll('~1', '/').replaceAll('~0', '~'));
  }
  return value;
}
