import type { MaskedResult } from '../domain/result-set.ts';
import type { JsonValue } from '../platform/json-value.ts';

/** Lambda gives back 6 MB; the rest is for what an answer holds beside its rows: the statement, effects and events. */
const ROOM = 4_000_000;
/**
 * Characters of text that fit however they are written: a control character becomes `\u0001` in an answer, and `\\u0001`
 * in the JSON that carries the answer to API Gateway.
 */
const SURELY_FITS = ROOM / 7;

/**
 * As many rows as an answer over HTTP can carry. The Data API bounds what it gives at 1 MiB as it is stored; written as
 * JSON within JSON that may be seven, which Lambda would lose after the statement has run. The record has all of it.
 */
export function fitting(result: MaskedResult): MaskedResult {
  if (charactersOf(result) <= SURELY_FITS) return result;
  let [size, kept] = [0, 0];
  for (const row of result.rows) {
    size += Buffer.byteLength(JSON.stringify(JSON.stringify(row)));
    if (size > ROOM) return { ...result, rows: result.rows.slice(0, kept), truncated: true };
    kept += 1;
  }
  return result;
}

function charactersOf({ rows }: MaskedResult): number {
  let sum = 0;
  for (const row of rows) for (const value of row) sum += lengthOf(value);
  return sum;
}

/** Numbers and truths are short; lists and documents are as long as they are written. */
const lengthOf = (value: JsonValue): number =>
  typeof value === 'string' ? value.length : typeof value === 'object' ? JSON.stringify(value).length : 16;
