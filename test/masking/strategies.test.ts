import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { strategySchema } from '../../shared/contracts/config/masking.ts';
import type { ColumnLineage } from '../../shared/domain/lineage.ts';
import { applyMasks } from '../../shared/masking/apply.ts';
import { createScanner } from '../../shared/masking/detectors/index.ts';
import { planMasks } from '../../shared/masking/plan.ts';
import type { JsonValue } from '../../shared/platform/json-value.ts';
import { keyedDigest } from '../../shared/platform/keyed-digest.ts';

const scanner = createScanner({ on: [], off: [] });
const keyed = keyedDigest('a secret of one installation, made with the stack');
const other = keyedDigest('the secret of another installation, never the same');

/** Classes by the name of the column: `email`, `card` and so on; `id` has none. */
const classes: Readonly<Record<string, string>> = { email: 'pii.email', backup: 'pii.email', card: 'pci.card' };
const from = (...columns: string[]): ColumnLineage => ({
  known: true,
  name: 'c',
  sources: columns.map((column) => ({ relation: 'public.t', column })),
  derived: false,
});

function masked(lineage: ColumnLineage, kind: object, type: string, values: readonly JsonValue[], key = keyed) {
  const plan = planMasks(
    { known: true, columns: [lineage] },
    {
      classify: ({ column }) => {
        const found = classes[column];
        return found === undefined ? undefined : { class: found, pattern: column };
      },
      mayReveal: () => false,
      fieldsOf: () => [],
      strategyOf: () => strategySchema.parse(kind),
    },
  );
  const result = {
    columns: [{ name: 'c', type }],
    rows: values.map((value) => [value]),
    rowCount: 1,
    truncated: false,
  };
  const answer = applyMasks(result, plan, { scanner, keyed: key });
  return {
    type: answer.columns[0]?.type,
    masked: answer.columns[0]?.masked,
    values: answer.rows.map(([value]) => value),
  };
}

describe('a masked column is still what a client can read', () => {
  test.each<[string, JsonValue, JsonValue]>([
    ['text', 'x', '[masked:pii.email]'],
    ['varchar', 'x', '[masked:pii.email]'],
    ['order_status', 'open', '[masked:pii.email]'],
    ['int4', 7, null],
    ['int8', '9007199254740993', null],
    ['numeric', '12.50', null],
    ['bool', true, null],
    ['timestamptz', '2026-11-21 10:00:00+00', null],
    ['uuid', '550e8400-e29b-41d4-a716-446655440000', null],
    ['bytea', 'AAEC', null],
    ['_text', ['a', 'b'], null],
    ['_int4', [1, 2], null],
    ['int4range', '[1,5)', null],
    ['json', '{"a":1}', '"[masked:pii.email]"'],
    ['jsonb', '{"a":1}', '"[masked:pii.email]"'],
  ])('%s: %j is shown as %j', (type, value, expected) => {
    expect(masked(from('email'), { kind: 'redact' }, type, [value])).toEqual({
      type,
      masked: true,
      values: [expected],
    });
  });

  test.each([{ kind: 'hash' }, { kind: 'keep-last', characters: 4 }, { kind: 'fixed', text: '***' }])(
    'a strategy that makes text of numbers says text: $kind',
    (strategy) => {
      const shown = masked(from('card'), strategy, 'int8', [4_111_111_111_111_111]);
      expect(shown.type).toBe('text');
      expect(shown.values[0]).toEqual(expect.any(String));
      const document = masked(from('card'), strategy, 'jsonb', ['4111111111111111']);
      expect(document.type).toBe('jsonb');
      expect(typeof document.values[0] === 'string' && JSON.parse(document.values[0])).toEqual(expect.any(String));
    },
  );

  test('whatever its type and value, nothing of a classified value is shown', () => {
    const types = fc.constantFrom('text', 'int4', 'numeric', 'bool', 'jsonb', '_text', 'unheard_of');
    const kinds = fc.constantFrom({ kind: 'redact' }, { kind: 'null' }, { kind: 'hash' });
    fc.assert(
      fc.property(types, kinds, fc.string({ minLength: 6, maxLength: 30 }), (type, kind, value) => {
        const [shown] = masked(from('email'), kind, type, [value]).values;
        expect(shown === null || !JSON.stringify(shown).includes(value) || '[masked:pii.email]'.includes(value)).toBe(
          true,
        );
      }),
    );
  });

  test('a card in a column of numbers is no number, and one in a list leaves the rest of the list', () => {
    expect(masked(from('id'), { kind: 'redact' }, 'int8', [4_111_111_111_111_111, 7]).values).toEqual([null, 7]);
    expect(masked(from('id'), { kind: 'redact' }, '_text', [['4111111111111111', 'x']]).values).toEqual([
      ['[masked:pci.card]', 'x'],
    ]);
  });
});

describe('a keyed hash', () => {
  const hash = { kind: 'hash' };
  const one = (column: string, value: JsonValue, key = keyed) =>
    masked(from(column), hash, 'text', [value], key).values[0];

  test('is the same for equal values of a class, in every column and answer', () => {
    expect(one('email', 'ada@example.com')).toBe(one('backup', 'ada@example.com'));
    expect(one('email', 'ada@example.com')).not.toBe(one('email', 'bob@example.com'));
    expect(one('email', 'ada@example.com')).toMatch(/^\[masked:pii\.email #[0-9a-f]{24}\]$/);
    expect(masked(from('card'), hash, 'int8', [42]).values).toEqual(masked(from('card'), hash, 'text', ['42']).values);
  });

  test('tells classes and installations apart', () => {
    expect(JSON.stringify(one('card', 'x'))).not.toBe(
      JSON.stringify(one('email', 'x')).replace('pii.email', 'pci.card'),
    );
    expect(one('email', 'x', other)).not.toBe(one('email', 'x'));
  });

  test('is shown through a view, whose column is another name for the value', () => {
    expect(masked(from('id', 'email'), hash, 'text', ['x']).values).toEqual([one('email', 'x')]);
  });

  test('is never made without the key', () => {
    const withoutKey = planMasks(
      { known: true, columns: [from('email')] },
      {
        classify: () => ({ class: 'pii.email', pattern: 'x' }),
        mayReveal: () => false,
        fieldsOf: () => [],
        strategyOf: () => ({ kind: 'hash' }),
      },
    );
    const result = { columns: [{ name: 'c', type: 'text' }], rows: [['x']], rowCount: 1, truncated: false };
    expect(applyMasks(result, withoutKey, { scanner }).rows).toEqual([['[masked:pii.email]']]);
  });

  test.each<[string, ColumnLineage]>([
    ['a derived value', { ...from('email'), derived: true } as ColumnLineage],
    ['a value beside others', { ...from('email'), mixed: true } as ColumnLineage],
    [
      'a value beside those of a column that somebody else fills',
      { ...from('email', 'id'), mixed: true } as ColumnLineage,
    ],
    ['a value beside those of another class', from('email', 'card')],
  ])('is not shown of %s: equal hashes would tell which guess is right', (_what, lineage) => {
    expect(masked(lineage, hash, 'text', ['x']).values).toEqual(['[masked:pii.email]']);
  });
});
