import { styleText } from 'node:util';
import type { MaskedResult } from '../../shared/domain/result-set.ts';

/** Rows of an answer that are shown; the rest is counted. */
const MAX_ROWS = 50;
/** Columns of a terminal that a cell may take. */
const MAX_CELL = 60;

/**
 * What others wrote must not move the cursor of who reads it, colour it, or turn around what stands beside it: control
 * characters, direction marks, invisible characters and halves of surrogates are written out. Line ends and tabs stay.
 */
export const plain = (text: string): string =>
  text.replace(
    /[^\P{Cc}\n\t]|[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]|\p{Cs}/gu,
    (found) => `\\u${(found.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );

/** The masked answer. Columns that were masked are marked with a star. */
export function table({ columns, rows, rowCount, truncated }: MaskedResult): string[] {
  const head = columns.map(({ name, masked }) => `${cell(name)}${masked ? '*' : ''}`);
  const shown = rows.slice(0, MAX_ROWS).map((row) => row.map(cell));
  const widths = head.map((name, at) => Math.max(widthOf(name), ...shown.map((row) => widthOf(row[at] ?? ''))));
  const line = (cells: readonly string[]): string =>
    cells
      .map((text, at) => `${text}${' '.repeat(Math.max(0, (widths[at] ?? 0) - widthOf(text)))}`)
      .join('  ')
      .trimEnd();
  const counted = `${rowCount} ${rowCount === 1 ? 'row' : 'rows'}`;
  const rest = head.length > 0 && rowCount > shown.length ? `, ${shown.length} shown; --json prints all that came` : '';
  const cut = truncated ? ', cut off by a limit' : '';
  return [
    ...(head.length === 0 ? [] : [styleText('bold', line(head))]),
    ...shown.map(line),
    `(${counted}${rest}${cut})`,
  ];
}

function cell(value: unknown): string {
  const text = plain(typeof value === 'string' ? value : JSON.stringify(value)).replaceAll(/[\n\t]/g, ' ');
  if (text.length <= MAX_CELL && widthOf(text) <= MAX_CELL) return text;
  let kept = '';
  // A cell may hold a megabyte, of which a line is looked at.
  for (const { segment } of LETTERS.segment(text.slice(0, MAX_CELL * 8))) {
    if (widthOf(kept) + widthOf(segment) > MAX_CELL - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

const LETTERS = new Intl.Segmenter();

/** Columns of a terminal: letters of East Asia and pictures take two, marks that join the letter before take none. */
function widthOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  return [...LETTERS.segment(text)].reduce((sum, { segment }) => sum + (WIDE.test(segment) ? 2 : 1), 0);
}

/** Wide by UAX #11, as far as scripts and pictures go. */
const WIDE =
  /^(\p{Emoji_Presentation}|\p{Emoji}\ufe0f|[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Bopomofo}\uff01-\uff60])/u;
