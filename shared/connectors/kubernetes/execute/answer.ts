import type { ResultSet } from '../../../domain/result-set.ts';
import type { JsonObject, JsonValue } from '../../../platform/json-value.ts';
import type { ApiDocument } from '../api.ts';
import { isObject } from '../body/fragments.ts';
import { ANSWER } from '../lineage.ts';

/** What an answer's one value holds. */
type AnswerType = 'object' | 'list' | 'table' | 'text' | 'none';

/**
 * An answer as a result: one row with one value, the document as the API server gave it. Its rows are what a person would
 * count: the objects of a list, the lines of a log, one for an object. A list of more than `maxRows` is cut there.
 */
export function resultOf(document: ApiDocument, maxRows: number, paged: boolean): ResultSet {
  if ('text' in document) {
    const { text } = document;
    const lines = text === '' ? 0 : text.replace(/\n$/, '').split('\n').length;
    return made(text === '' ? 'none' : 'text', text, lines, false);
  }
  const { json } = document;
  const many = isObject(json) ? membersOf(json) : undefined;
  if (many === undefined || !isObject(json)) return made('object', json, 1, false);
  const { member, list, type } = many;
  const cut = list.length > maxRows;
  const kept = cut ? { ...json, [member]: list.slice(0, maxRows) } : json;
  return made(type, kept, Math.min(list.length, maxRows), cut || (!paged && goesOn(json)));
}

function membersOf(json: JsonObject): { member: string; list: readonly JsonValue[]; type: AnswerType } | undefined {
  const { kind, items, rows } = json;
  if (kind === 'Table' && Array.isArray(rows)) return { member: 'rows', list: rows, type: 'table' };
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items)
    ? { member: 'items', list: items, type: 'list' }
    : undefined;
}

/** There is another page, to be had with `continue`. */
function goesOn({ metadata }: JsonObject): boolean {
  const next = isObject(metadata) ? metadata['continue'] : undefined;
  return typeof next === 'string' && next !== '';
}

const made = (type: AnswerType, value: JsonValue, rowCount: number, truncated: boolean): ResultSet => ({
  columns: [{ name: ANSWER, type }],
  rows: [[value]],
  rowCount,
  truncated,
});
