import type { JsonObject, JsonValue } from '../../platform/json-value.ts';
import type { DocumentPlan } from './plan.ts';
import type { Walk } from './walk.ts';

/** Columns that show no field of the object but what it is called and how old it is. */
const PLAIN = new Set(['name', 'namespace', 'age']);

/**
 * A Table of Kubernetes: cells that were printed from fields which it does not name, beside the objects. A cell is looked at by
 * detectors, and masked whole where it could be of a field with a class.
 */
export function maskTable(table: JsonObject, plan: DocumentPlan, walk: Walk): JsonObject {
  const { columnDefinitions, rows, ...rest } = table;
  const columns = listOf(columnDefinitions).map(nameOf);
  const beside = walk.document(rest);
  return {
    ...(isObject(beside) ? beside : {}),
    // Names and descriptions of columns are the resource's own.
    ...(columnDefinitions === undefined ? {} : { columnDefinitions }),
    rows: listOf(rows).map((row) => (isObject(row) ? maskRow(row, columns, plan, walk) : walk.text(row))),
  };
}

function maskRow(row: JsonObject, columns: readonly string[], { cells: mask }: DocumentPlan, walk: Walk): JsonObject {
  const { cells, object, ...rest } = row;
  const shown = listOf(cells).map((cell, index) => {
    const column = columns[index] ?? '';
    if (PLAIN.has(column)) return cell;
    return mask === undefined ? walk.text(cell, column) : walk.whole(cell, mask);
  });
  const others = walk.text(rest);
  return {
    ...(isObject(others) ? others : {}),
    cells: shown,
    ...(object === undefined ? {} : { object: walk.document(object) }),
  };
}

const nameOf = (column: JsonValue): string => {
  const name = isObject(column) ? column['name'] : undefined;
  return typeof name === 'string' ? name.toLowerCase() : '';
};

const isList = (value: JsonValue | undefined): value is readonly JsonValue[] => Array.isArray(value);
const listOf = (value: JsonValue | undefined): readonly JsonValue[] => (isList(value) ? value : []);
const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !isList(value);
