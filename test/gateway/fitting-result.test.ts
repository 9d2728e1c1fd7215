import { expect, test } from 'vitest';
import type { MaskedResult } from '../../shared/domain/result-set.ts';
import { fitting } from '../../shared/gateway/fitting-result.ts';
import type { JsonValue } from '../../shared/platform/json-value.ts';

/** Lambda's limit on a synchronous answer. */
const LAMBDA = 6 * 1024 * 1024;

const of = (rows: readonly (readonly JsonValue[])[]): MaskedResult => ({
  columns: [{ name: 'c', type: 'text', masked: false }],
  rows,
  rowCount: rows.length,
  truncated: false,
});
/** As a function hands it to API Gateway: JSON, in the body of JSON. */
const carried = (result: MaskedResult): number => Buffer.byteLength(JSON.stringify({ body: JSON.stringify(result) }));

test.each([
  ['control characters', '\u0001'],
  ['quotes', '"'],
  ['backslashes', '\\'],
  ['letters of three bytes', '日'],
  ['letters of four bytes', '🦊'],
  ['plain letters', 'x'],
])('a whole MiB of %s fits into what Lambda gives back, as many rows as can be', (_, letter) => {
  const text = letter.repeat(Math.floor(1_000 / Buffer.byteLength(letter)));
  const whole = of(Array.from({ length: 1_048 }, () => [text]));
  const shown = fitting(whole);
  expect(carried(shown)).toBeLessThan(LAMBDA - 1_048_576);
  expect(shown).toMatchObject({ rowCount: 1_048, truncated: shown.rows.length < 1_048 });
  // Only what would not fit is cut.
  if (carried(whole) < 4_000_000) expect(shown).toBe(whole);
  else expect(shown.rows.length).toBeGreaterThan(500);
});

test('lists and documents count as long as they are written', () => {
  const list = Array.from({ length: 100 }, () => '\u0001'.repeat(10));
  const shown = fitting(of(Array.from({ length: 1_048 }, () => [list])));
  expect(carried(shown)).toBeLessThan(LAMBDA - 1_048_576);
  expect(shown.truncated).toBe(true);
});
