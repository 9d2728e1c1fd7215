import { stripVTControlCharacters, styleText } from 'node:util';
import type { MaskedResult } from '../../shared/domain/result-set.ts';

/** Rows of an answer that are shown; the rest is counted. */
const MAX_ROWS = 50;
/** Characters of a cell. */
const MAX_CELL = 60;

/** What others wrote must not move the cursor of who reads it. Line ends and tabs stay. */
export const plain = (text: string): string =>
  stripVTControlCharacters(text).replace(
    /[^\P{Cc}\n\t]/gu,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** The masked answer. Columns that were masked are marked with a star. */
export function table({ columns, rows, rowCount, truncated }: MaskedResult): string[] {
  const head = columns.map(({ name, masked }) => `${plain(name)}${masked ? '*' : ''}`);
  const shown = rows.slice(0, MAX_ROWS).map((row) => row.map(cell));
  const widths = head.map((name, at) => Math.max(name.length, ...shown.map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((text, at) => text.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  const hidden = head.length > 0 && (rowCount > shown.length || truncated);
  const rest = `(${rowCount} ${rowCount === 1 ? 'row' : 'rows'}${hidden ? `, ${shown.length} shown` : ''})`;
  return [...(head.length === 0 ? [] : [styleText('bold', line(head))]), ...shown.map(line), rest];
}

function cell(value: unknown): string {
  const text = plain(typeof value === 'string' ? value : JSON.stringify(value)).replaceAll(/[\n\t]/g, ' ');
  return text.length > MAX_CELL ? `${text.slice(0, MAX_CELL - 1)}…` : text;
}
