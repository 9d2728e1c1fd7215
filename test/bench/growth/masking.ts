import type { ResultSet } from '../../../shared/domain/result-set.ts';
import { applyMasks } from '../../../shared/masking/apply.ts';
import { createScanner } from '../../../shared/masking/detectors/index.ts';
import type { ColumnMask } from '../../../shared/masking/plan.ts';
import { cost, growthTable, type Point } from './measure.ts';

const WIDTH = 10;
const REDACTED: ColumnMask = {
  kind: 'mask',
  class: 'pii.email',
  rule: 'column *.email',
  strategy: { kind: 'redact' },
  derived: false,
};

/** Values as databases hold them, no two alike: one column in ten is classified, the others are looked at. */
function answerOf(cells: number): ResultSet {
  const columns = Array.from({ length: WIDTH }, (_none, index) => ({ name: `c${index}`, type: 'text' }));
  const rows = Array.from({ length: cells / WIDTH }, (_none, row) =>
    columns.map(
      (_column, index) => `Order ${row * 31 + index} for Ms. ${'Ada Byron Carter Dijkstra'.slice(index)}, paid`,
    ),
  );
  return { columns, rows, rowCount: rows.length, truncated: false };
}

export async function growthOfMasking(): Promise<string> {
  const scanner = createScanner({ on: [], off: [] });
  const plan = {
    columns: Array.from({ length: WIDTH }, (_none, index): ColumnMask =>
      index === 0 ? REDACTED : { kind: 'scan', names: [`c${index}`] },
    ),
  };
  const keyed = { key: '0', of: () => '' };
  const points: Point[] = [];
  for (const size of [100, 1_000, 10_000, 100_000]) {
    const answer = answerOf(size);
    points.push({ size, ms: await cost(() => applyMasks(answer, plan, { scanner, keyed })) });
  }
  return growthTable('cells of an answer (ten columns)', { masking: points });
}
