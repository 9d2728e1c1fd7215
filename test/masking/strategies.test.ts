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

  /** Values as the Data API gives them, by type. */
  const BY_TYPE: readonly (readonly [string, JsonValue])[] = [
    ...(['int2', 'int4', 'int8', 'oid', 'float8', 'xid'] as const).map((type) => [type, 42] as const),
    ['numeric', '1234.50'],
    ['money', '$1,234.50'],
    ['bool', false],
    ...(['date', 'time', 'timetz', 'timestamp', 'timestamptz', 'interval'] as const).map(
      (type) => [type, '2026-11-21'] as const,
    ),
    ['uuid', '550e8400-e29b-41d4-a716-446655440000'],
    ['bytea', 'AAEC'],
    ...(
      ['inet', 'cidr', 'macaddr', 'point', 'geometry', 'tsrange', 'daterange', 'int4multirange', 'vector'] as const
    ).map((type) => [type, '10.0.0.1'] as const),
    ...(['text', 'varchar', 'bpchar', 'name', 'xml', 'tsvector', 'citext', 'mood', 'hstore'] as const).map(
      (type) => [type, 'some text of length'] as const,
    ),
    ...(['json', 'jsonb'] as const).map((type) => [type, '{"a":[1,2]}'] as const),
    ...(['_int4', '_numeric', '_bool', '_uuid'] as const).map((type) => [type, [1, 2]] as const),
    ['_text', ['a', 'b']],
  ];
  const STRATEGIES = [
    { kind: 'redact' },
    { kind: 'null' },
    { kind: 'hash' },
    { kind: 'keep-last', characters: 4 },
    { kind: 'fixed', text: '***' },
  ];
  const TEXTS = new Set(['text', 'varchar', 'bpchar', 'name', 'xml', 'tsvector', 'citext', 'mood', 'hstore']);

  test.each(BY_TYPE.flatMap(([type, value]) => STRATEGIES.map((strategy) => [type, strategy, value] as const)))(
    'of type %s with %j: NULL, text where text is said, JSON where JSON is',
    (type, strategy, value) => {
      const answer = masked(from('email'), strategy, type, [value, null]);
      const [shown, none] = answer.values;
      expect(answer.masked).toBe(true);
      expect(none).toBeNull();
      expect(shown).not.toEqual(value);
      if (shown === null) expect(answer.type).toBe(type);
      else if (type === 'json' || type === 'jsonb')
        expect(typeof shown === 'string' && JSON.parse(shown)).toEqual(expect.any(String));
      else expect([typeof shown, TEXTS.has(answer.type ?? '')]).toEqual(['string', true]);
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
    expect(masked(from('id'), { kind: 'redact' }, '_int8', [[[4_111_111_111_111_111, 7], [8]]]).values).toEqual([
      [[null, 7], [8]],
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
