import { describe, expect, test } from 'vitest';
import { describeRows, type Impact, type RowCount } from '../../shared/domain/impact.ts';
import { awaitsMeasure, measuredBound, strictest, type RowBound } from '../../shared/domain/row-bound.ts';

const impact = (rows: RowCount): Impact => ({ rows, uncounted: [] });
const measured = (rows: number) => impact({ basis: 'measured', rows });
const counted = (rows: number) => impact({ basis: 'counted', rows, why: 'read' });
const estimated = (rows: number) => impact({ basis: 'estimated', rows, why: 'a trigger' });
const unknown = impact({ basis: 'unknown', why: 'no answer' });

describe('the bound of an approval, once the rows are known', () => {
  test.each<[string, RowBound, Impact, RowBound]>([
    ['a tolerance of nothing', { tolerancePercent: 0 }, measured(3), { rowsMax: 3, tolerancePercent: 0 }],
    ['whole rows only', { tolerancePercent: 10 }, measured(9), { rowsMax: 9, tolerancePercent: 10 }],
    ['a tenth more', { tolerancePercent: 10 }, measured(10), { rowsMax: 11, tolerancePercent: 10 }],
    ['of nothing, nothing', { tolerancePercent: 100 }, measured(0), { rowsMax: 0, tolerancePercent: 100 }],
    ['a count by reading', { tolerancePercent: 50 }, counted(4), { rowsMax: 6, tolerancePercent: 50 }],
    [
      'never more than the policy’s own number',
      { rowsMax: 10, tolerancePercent: 100 },
      measured(8),
      { rowsMax: 10, tolerancePercent: 100 },
    ],
    ['a number alone needs no measurement', { rowsMax: 10 }, unknown, { rowsMax: 10 }],
    ['a number alone stays when fewer are measured', { rowsMax: 10 }, measured(2), { rowsMax: 10 }],
    ['a count by reading is the most it can be, so it refuses nothing', { rowsMax: 3 }, counted(9), { rowsMax: 3 }],
  ])('%s', (_name, bound, found, expected) => {
    expect(measuredBound(bound, found)).toEqual({ ok: true, value: expected });
  });

  test.each<[string, RowBound, Impact, RegExp]>([
    ['an estimate is no measurement', { tolerancePercent: 10 }, estimated(3), /only an estimate: a trigger/],
    ['no measurement at all', { tolerancePercent: 10 }, unknown, /could not be measured: no answer/],
    ['more than policy lets be approved', { rowsMax: 3 }, measured(4), /would change 4 rows.*at most 3/],
  ])('%s: nobody can say yes to it', (_name, bound, found, why) => {
    expect(measuredBound(bound, found)).toMatchObject({ ok: false, error: expect.stringMatching(why) as unknown });
  });

  test('of several policies the strictest word of each kind counts', () => {
    expect(strictest([])).toBeUndefined();
    expect(strictest([{}])).toBeUndefined();
    expect(strictest([{ rowsMax: 9 }, { tolerancePercent: 20 }, { rowsMax: 5, tolerancePercent: 30 }])).toEqual({
      rowsMax: 5,
      tolerancePercent: 20,
    });
  });

  test('only a measured bound is waited for, and only until there is an answer', () => {
    expect(awaitsMeasure({ tolerancePercent: 0 }, undefined)).toBe(true);
    expect(awaitsMeasure({ tolerancePercent: 0 }, unknown)).toBe(false);
    expect(awaitsMeasure({ rowsMax: 1 }, undefined)).toBe(false);
    expect(awaitsMeasure(undefined, undefined)).toBe(false);
  });
});

test.each<[Impact, string]>([
  [measured(1), '1 row (measured: it was run and rolled back)'],
  [measured(1200), '1,200 rows (measured: it was run and rolled back)'],
  [counted(2), '2 rows (read)'],
  [estimated(2), 'about 2 rows (estimated by the planner: a trigger)'],
  [unknown, 'could not be measured: no answer'],
])('people are told how the number is known: %#', ({ rows }, words) => {
  expect(describeRows(rows)).toBe(words);
});
