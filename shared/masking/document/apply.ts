import type { MaskedColumn, MaskedResult, ResultColumn, ResultSet } from '../../domain/result-set.ts';
import type { JsonObject, JsonValue } from '../../platform/json-value.ts';
import type { MaskTools } from '../tools.ts';
import type { DocumentPlan } from './plan.ts';
import { namesOf } from '../../domain/field-pointer.ts';
import { createWalk, type Walk } from './walk.ts';
import { maskTable } from './table.ts';

/**
 * Masks an answer that is a document. A column of type `path` says where in it the other values of its row belong; without
 * one each value is a document of its own, of the type that its column names.
 */
export function maskDocuments(result: ResultSet, plan: DocumentPlan, tools: MaskTools): MaskedResult {
  if (plan.open) return { ...result, columns: result.columns.map((column) => ({ ...column, masked: false })) };
  const places = result.columns.findIndex(({ type }) => type === 'path');
  const walks = result.columns.map(() => createWalk(plan, tools));
  const rows = result.rows.map((row) => {
    const place = row[places];
    const names = typeof place === 'string' ? namesOf(place) : [];
    return row.map((value, index) => {
      const walk = walks[index];
      const column = result.columns[index];
      if (walk === undefined || column === undefined) return null;
      return index === places ? walk.text(value) : maskOne(column, value, names, plan, walk);
    });
  });
  const columns = result.columns.map((column, index): MaskedColumn => ({
    ...column,
    ...(walks[index]?.told() ?? { masked: true }),
  }));
  return { columns, rows, rowCount: result.rowCount, truncated: result.truncated };
}

function maskOne(
  { type }: ResultColumn,
  value: JsonValue,
  names: readonly string[],
  plan: DocumentPlan,
  walk: Walk,
): JsonValue {
  switch (type) {
    case 'text':
      return walk.at(['text'], value);
    case 'value':
      return walk.at(names, value);
    case 'table':
      return isObject(value) ? maskTable(value, plan, walk) : walk.document(value);
    case 'list':
      return isObject(value) ? listOf(value, walk) : walk.document(value);
    default:
      return walk.document(value);
  }
}

const isObject = (value: JsonValue): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Each item is a document; what stands beside them is one as well. */
function listOf(list: JsonObject, walk: Walk): JsonValue {
  const { items, ...rest } = list;
  const beside = walk.document(rest);
  return {
    ...(isObject(beside) ? beside : {}),
    items: Array.isArray(items) ? items.map((item: JsonValue) => walk.document(item)) : [],
  };
}
