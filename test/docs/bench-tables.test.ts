import { expect, test } from 'vitest';
import { exponent } from '../bench/growth/measure.ts';
import { quantile, table } from '../bench/numbers.ts';
import { PARTS } from '../bench/report/parts.ts';
import { asMarkdown, tablesIn } from '../bench/report/tables.ts';

test('a table that a benchmark prints comes back from the report by the names of its columns', () => {
  const text = `Said before.\n\n${table(
    ['rows', 'p50'],
    [
      ['1', '2 ms'],
      ['10', ''],
    ],
  )}\n\nand after\n${table(['a'], [['b']])}`;
  expect(tablesIn(text)).toEqual([
    [
      { rows: '1', p50: '2 ms' },
      { rows: '10', p50: '' },
    ],
    [{ a: 'b' }],
  ]);
  expect(tablesIn('no table | here')).toEqual([]);
});

test('a report shows tables as tables, and what is set in columns as it was set', () => {
  expect(asMarkdown('| a | b |\n| 1 | 2 |\nand after')).toBe('| a | b |\n| --- | --- |\n| 1 | 2 |\n\nand after');
  expect(asMarkdown('| a |\n| --- |\n| 1 |')).toBe('| a |\n| --- |\n| 1 |');
  expect(asMarkdown('plain words\n\nname   7\nother  8')).toBe('plain words\n\n```text\nname   7\nother  8\n```');
});

test('growth is told as the exponent between the first size and the last', () => {
  expect(
    exponent([
      { size: 10, ms: 1 },
      { size: 1_000, ms: 100 },
    ]),
  ).toBeCloseTo(1);
  expect(
    exponent([
      { size: 10, ms: 3 },
      { size: 1_000, ms: 3 },
    ]),
  ).toBeCloseTo(0);
  expect(
    exponent([
      { size: 10, ms: 1 },
      { size: 100, ms: 100 },
    ]),
  ).toBeCloseTo(2);
  expect(exponent([])).toBeNaN();
});

test('quantiles are values that were measured', () => {
  expect([0, 0.5, 0.95, 1].map((q) => quantile([4, 1, 3, 2], q))).toEqual([1, 2, 4, 4]);
});

test('the report holds every part once, by a command that package.json has', async () => {
  const { default: manifest } = (await import('../../package.json', { with: { type: 'json' } })) as {
    default: { scripts: Record<string, string> };
  };
  for (const { command, script } of PARTS) {
    const [, name = ''] = /^npm run (\S+)/.exec(command) ?? [];
    expect(manifest.scripts[name]).toContain(script);
  }
});
