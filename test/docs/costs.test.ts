import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { METRICS } from '../../shared/contracts/metrics.ts';
import { PROJECT, tableOf } from './documents.ts';

const text = readFileSync(join(PROJECT, 'docs', 'COSTS.md'), 'utf8');
const STATEMENTS = [10_000, 1_000_000, 100_000_000] as const;

const number = (cell: string): number => {
  const value = Number(cell.replaceAll(/[,$]/g, ''));
  if (Number.isNaN(value)) throw new Error(`${cell} is no number`);
  return value;
};
const total = (values: readonly number[]): string => values.reduce((sum, value) => sum + value, 0).toFixed(2);
const isSum = ([first = '']: readonly string[]): boolean => first === 'sum';

describe('docs/COSTS.md', () => {
  const parts = tableOf(text, 'part').filter((row) => row.length === 8);
  const rows = parts.filter((row) => !isSum(row));

  it.each(rows)('%s', (_part, _unit, price = '', units = '', ...costs) => {
    const each = units.split('·').map((one) => number(one.trim()));
    for (const [at, statements] of STATEMENTS.entries()) {
      const cost = (number(price) * (each[at] ?? each[0] ?? NaN) * statements) / 1_000_000;
      // Shown in cents.
      expect(Math.abs(cost - number(costs[at] ?? ''))).toBeLessThanOrEqual(0.0051);
    }
  });

  const sumOf = (at: number): string => total(rows.map((row) => number(row[4 + at] ?? '')));

  it('adds up', () => {
    const sums = parts.find(isSum)?.slice(4, 7).map(number) ?? [];
    expect(sums.map((sum) => sum.toFixed(2))).toEqual([0, 1, 2].map(sumOf));
  });

  const months = tableOf(text.slice(text.indexOf('## By the month')), 'part');

  it('computes what comes by the month', () => {
    for (const [, howMany = '', cost = ''] of months.filter((row) => !isSum(row))) {
      const [, count = '', price = ''] = /^(\d+) .* at \$([\d.]+)$/.exec(howMany) ?? [];
      expect(number(count) * number(price)).toBeCloseTo(number(cost), 2);
    }
    expect(months.find(isSum)?.[2]).toBe(
      total(months.filter((row) => !isSum(row)).map(([, , cost = '']) => number(cost))),
    );
    expect(
      months.some(([, howMany = '']) => howMany.startsWith(`${String(Object.keys(METRICS).length)} metrics`)),
    ).toBe(true);
  });

  it('puts both together', () => {
    const [statements = [], monthly = [], sum = []] = tableOf(text.slice(text.indexOf('## Together')), '');
    for (const at of [1, 2, 3]) {
      expect(number(statements[at] ?? '').toFixed(2)).toBe(sumOf(at - 1));
      expect(number(sum[at] ?? '').toFixed(2)).toBe(total([number(statements[at] ?? ''), number(monthly[at] ?? '')]));
    }
  });
});
