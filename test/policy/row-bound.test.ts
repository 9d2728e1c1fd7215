import { describe, expect, test } from 'vitest';
import { readAnnotations } from '../../shared/policy/load/annotations.ts';

const read = (more: Record<string, string>) => readAnnotations({ id: 'one', approval: 'dba', ...more });

describe('how many rows an approval is good for', () => {
  test.each([
    [{ rows_max: '0' }, { rowsMax: 0 }],
    [{ rows_max: '100' }, { rowsMax: 100 }],
    [{ rows_tolerance: '0%' }, { tolerancePercent: 0 }],
    [
      { rows_tolerance: '100%', rows_max: '5' },
      { rowsMax: 5, tolerancePercent: 100 },
    ],
  ])('%o', (given, bound) => {
    expect(read(given)).toMatchObject({ ok: true, value: { approval: { bound } } });
  });

  test('is not bound where nothing says so', () => {
    const plain = read({});
    expect(plain.ok && plain.value.approval).not.toHaveProperty('bound');
  });

  test.each([
    [{ rows_max: '' }],
    [{ rows_max: '-1' }],
    [{ rows_max: '1.5' }],
    [{ rows_max: '01' }],
    [{ rows_max: '1e3' }],
    [{ rows_max: '1000001' }],
    [{ rows_max: 'all' }],
    [{ rows_tolerance: '10' }],
    [{ rows_tolerance: '101%' }],
    [{ rows_tolerance: '-5%' }],
    [{ rows_tolerance: '10 %' }],
    [{ rows_tolerance: '05%' }],
  ])('%o is refused by its name', (given) => {
    expect(read(given)).toMatchObject({
      ok: false,
      error: [{ message: expect.stringContaining(`@${Object.keys(given)[0] ?? ''}`) as unknown }],
    });
  });

  test('stands beside an @approval only', () => {
    expect(readAnnotations({ id: 'one', rows_max: '5' })).toMatchObject({
      ok: false,
      error: [{ message: expect.stringContaining('@rows_max') as unknown }],
    });
  });
});
