import type { ApprovalView } from '../domain/approval-view.ts';
import { describeRows, type Impact } from '../domain/impact.ts';
import type { RowBound } from '../domain/row-bound.ts';
import type { MaskedResult } from '../domain/result-set.ts';
import type { JsonValue } from '../platform/json-value.ts';
import type { Block } from './blocks.ts';
import { section } from './blocks.ts';
import { codeBlock, prose, upTo } from './text.ts';

/** Characters of a value: rows are to be recognised, and the session has them whole. */
const VALUE = 24;
/** Of the sample in all: a screen, beside the statement that is what matters. */
const SAMPLE = 1_400;

/** Rooms for sentences that name tables and triggers; a section holds 3,000 characters. */
const SENTENCE = 500;
const UNCOUNTED = 4;

/** What it would touch, and how many rows a yes is good for. */
export function impact(view: ApprovalView): Block[] {
  const lines = [
    ...(view.bound === undefined ? [] : [`*Bound* · ${boundLine(view.bound)}`]),
    ...(view.impact === undefined ? [] : impactLines(view.impact)),
  ];
  const sample = sampleOf(view.impact?.sample);
  return [
    ...(lines.length === 0 ? [] : [section(lines.join('\n'))]),
    ...(sample === undefined ? [] : [section(sample)]),
  ];
}

function impactLines({ rows, uncounted }: Impact): string[] {
  const more = uncounted.length - UNCOUNTED;
  return [
    `*Impact* · ${upTo(SENTENCE, describeRows(rows), prose).text}`,
    ...uncounted.slice(0, UNCOUNTED).map((other) => `• not in this number: ${upTo(SENTENCE, other, prose).text}`),
    ...(more > 0 ? [`• not in this number: ${String(more)} more, see the session`] : []),
  ];
}

function boundLine({ rowsMax, tolerancePercent }: RowBound): string {
  const most = rowsMax === undefined ? 'as many rows as will be measured' : `at most ${String(rowsMax)} rows`;
  const how = tolerancePercent === undefined ? '' : ` (the measured number and ${String(tolerancePercent)} % more)`;
  return `a yes is good for ${most}${how}; if it changes more, all of it is rolled back`;
}

/** As an aligned table. Whole rows or none: half a row would be read for a whole one. */
function sampleOf(sample: MaskedResult | undefined): string | undefined {
  if (sample === undefined || sample.rows.length === 0) return undefined;
  const cells = [sample.columns.map(({ name }) => name), ...sample.rows.map((row) => row.map(shown))];
  const widths = sample.columns.map((_, at) => Math.max(...cells.map((row) => (row[at] ?? '').length)));
  const lines = cells.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  for (let rows = lines.length; rows > 1; rows -= 1) {
    const block = codeBlock(lines.slice(0, rows).join('\n'));
    if (block.length <= SAMPLE)
      return `*Sample* · ${String(rows - 1)} of the rows, as they are and as they would be\n${block}`;
  }
  return undefined;
}

/** One line a value. JSON escapes what would break it; what is masked already says so itself. */
function shown(value: JsonValue): string {
  const text = typeof value === 'string' && /^[\p{L}\p{N}\p{P}\p{S} ]*$/u.test(value) ? value : JSON.stringify(value);
  const points = Array.from(text);
  return points.length <= VALUE ? text : `${points.slice(0, VALUE - 1).join('')}…`;
}
