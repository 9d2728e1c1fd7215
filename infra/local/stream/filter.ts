import type { JsonValue } from '../../../shared/platform/json-value.ts';
import { isObject } from '../lambda/json.ts';

/**
 * Lambda's event filtering (developer guide, "Filter rule syntax"), equality only: objects name members, a list holds
 * the values of which one must be there. What else the syntax has (`prefix`, `exists`, `anything-but` …) is refused.
 */
export function faultInFilter(pattern: JsonValue): string | undefined {
  if (isObject(pattern)) {
    const faults = Object.values(pattern).map(faultInFilter);
    return faults.find((fault) => fault !== undefined);
  }
  if (!isList(pattern)) return `a filter holds objects and lists, not ${JSON.stringify(pattern)}`;
  const odd = pattern.find((value) => typeof value === 'object' && value !== null);
  return odd === undefined ? undefined : `the filter rule ${JSON.stringify(odd)} is not run here, only equality`;
}

export function passesFilter(pattern: JsonValue, event: JsonValue | undefined): boolean {
  if (isList(pattern)) return event !== undefined && pattern.some((value) => value === event);
  if (!isObject(pattern)) return false;
  return Object.entries(pattern).every(([name, inner]) =>
    passesFilter(inner, isObject(event) ? event[name] : undefined),
  );
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
