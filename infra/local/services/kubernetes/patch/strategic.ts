import type { JsonObject, JsonValue } from '../../../../../shared/platform/json-value.ts';
import { isList, isObject, listAt, same } from '../json.ts';
import type { Field, Shape } from '../model/types.ts';
import { SHAPES } from '../model/types.ts';

/**
 * Strategic merge patch (Kubernetes, "Update API Objects in Place Using kubectl patch", and apimachinery's
 * pkg/util/strategicpatch): lists with a key are merged item by item, others replaced. Directives: `$patch: replace`
 * and `delete`, `$deleteFromPrimitiveList/…`, `$retainKeys`, `$setElementOrder/…`. A null deletes.
 */
export function strategicMerge(before: JsonObject, patch: JsonObject, type: string): JsonObject {
  return merge(before, patch, SHAPES.get(type));
}

const DIRECTIVE = /^\$(patch|retainKeys|setElementOrder\/.*|deleteFromPrimitiveList\/.*)$/;

function merge(before: JsonObject, patch: JsonObject, shape: Shape | undefined): JsonObject {
  if (patch['$patch'] === 'replace') return withoutDirectives(patch);
  if (patch['$patch'] === 'delete') return {};
  const merged: Record<string, JsonValue> = { ...retained(before, patch) };
  for (const [name, value] of Object.entries(patch)) {
    if (DIRECTIVE.test(name)) continue;
    if (value === null) Reflect.deleteProperty(merged, name);
    else merged[name] = mergeMember(merged[name], value, shape?.get(name), patch[`$setElementOrder/${name}`]);
  }
  return deletedFrom(merged, patch);
}

/** `$retainKeys` lists the members that stay; all others go before the patch is merged. */
function retained(before: JsonObject, patch: JsonObject): JsonObject {
  const kept = patch['$retainKeys'];
  if (!isList(kept)) return before;
  return Object.fromEntries(Object.entries(before).filter(([name]) => kept.includes(name)));
}

function deletedFrom(object: Record<string, JsonValue>, patch: JsonObject): JsonObject {
  for (const [directive, values] of Object.entries(patch)) {
    const [mark, name = ''] = directive.split('/');
    if (mark !== '$deleteFromPrimitiveList' || !isList(values)) continue;
    object[name] = listAt(object, name).filter((item) => !values.includes(item));
  }
  return object;
}

function mergeMember(
  before: JsonValue | undefined,
  value: JsonValue,
  field: Field | undefined,
  order: JsonValue | undefined,
): JsonValue {
  if (isObject(value)) return merge(isObject(before) ? before : {}, value, SHAPES.get(field?.type ?? ''));
  if (!isList(value)) return value;
  if (field?.key === undefined) return value.map(plain);
  if (field.key === 'value') return [...new Set([...(isList(before) ? before : []), ...value])];
  return inOrder(mergeItems(isList(before) ? before : [], value, field, field.key), field.key, order);
}

function mergeItems(
  before: readonly JsonValue[],
  patch: readonly JsonValue[],
  field: Field,
  key: string,
): readonly JsonValue[] {
  const items = patch.filter(isObject);
  if (items.some((item) => item['$patch'] === 'replace')) return items.filter((item) => item['$patch'] !== 'replace');
  let merged = before;
  for (const item of items) {
    const isIt = (other: JsonValue): boolean => isObject(other) && same(other[key], item[key]);
    const found = merged.find(isIt);
    if (item['$patch'] === 'delete') merged = merged.filter((other) => !isIt(other));
    else if (isObject(found)) {
      const changed = merge(found, item, SHAPES.get(field.type));
      merged = merged.map((other) => (other === found ? changed : other));
    } else merged = [...merged, plain(item)];
  }
  return merged;
}

/** `$setElementOrder/name` lists the keys in the order that is wanted; what it does not name keeps its place after them. */
function inOrder(items: readonly JsonValue[], key: string, order: JsonValue | undefined): readonly JsonValue[] {
  if (!isList(order)) return items;
  const wanted = order.flatMap((entry) => (isObject(entry) ? (entry[key] ?? []) : []));
  const rank = (item: JsonValue): number => {
    const index = isObject(item) ? wanted.findIndex((value) => same(value, item[key])) : -1;
    return index === -1 ? wanted.length : index;
  };
  return [...items].sort((one, other) => rank(one) - rank(other));
}

function withoutDirectives(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !DIRECTIVE.test(name)));
}

/** New values come without directives and nulls, which say something only about what was there before. */
function plain(value: JsonValue): JsonValue {
  if (isList(value)) return value.map(plain);
  return isObject(value) ? merge({}, value, undefined) : value;
}
