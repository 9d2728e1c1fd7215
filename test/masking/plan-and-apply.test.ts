import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskingSchema } from '../../shared/contracts/config/masking.ts';
import type { ColumnLineage, Lineage } from '../../shared/domain/lineage.ts';
import type { ResultSet } from '../../shared/domain/result-set.ts';
import { applyMasks } from '../../shared/masking/apply.ts';
import { createClassifier } from '../../shared/masking/classify.ts';
import { createScanner } from '../../shared/masking/detectors/index.ts';
import { maskTargetMessage } from '../../shared/masking/errors.ts';
import { planMasks, type MaskRules } from '../../shared/masking/plan.ts';
import type { JsonValue } from '../../shared/platform/json-value.ts';

const scanner = createScanner({ on: [], off: [] });
const classify = createClassifier(
  maskingSchema.parse({
    columns: [
      { match: 'orders.public.customers.email', class: 'pii.email' },
      { match: 'orders.public.payments.card*', class: 'pci.card' },
      { match: '*.*.*.ssn', class: 'pii.ssn' },
    ],
  }),
);

const rules = (
  revealed: readonly string[] = [],
  strategies: Partial<ReturnType<MaskRules['strategyOf']>> & { kind?: string } = {},
): MaskRules => ({
  classify: (column) => classify('orders', column),
  mayReveal: (_column, found) => revealed.includes(found.class),
  strategyOf: () => ({ kind: 'redact', ...strategies }) as ReturnType<MaskRules['strategyOf']>,
  fieldsOf: () => [],
});

const from = (name: string, columns: readonly string[], derived = false): ColumnLineage => ({
  known: true,
  name,
  sources: columns.map((text) => {
    const [relation = '', column = ''] = text.split('/');
    return { relation: `public.${relation}`, column };
  }),
  derived,
});
const traced = (...columns: ColumnLineage[]): Lineage => ({ known: true, columns });
const answer = (names: readonly string[], ...rows: JsonValue[][]): ResultSet => ({
  columns: names.map((name) => ({ name, type: 'text' })),
  rows,
  rowCount: rows.length,
  truncated: false,
});
const shown = (lineage: Lineage, values: JsonValue[], with_ = rules()) =>
  applyMasks(
    answer(
      values.map(() => 'c'),
      values,
    ),
    planMasks(lineage, with_),
    { scanner },
  ).rows[0];

const EMAIL = '[masked:pii.email]';

describe('by lineage', () => {
  test.each<[string, Lineage, JsonValue[], JsonValue[]]>([
    ['a column under its own name', traced(from('email', ['customers/email'])), ['x'], [EMAIL]],
    ['a column under another name', traced(from('id', ['customers/email'])), ['x'], [EMAIL]],
    [
      'a column beside one that nothing classifies',
      traced(from('id', ['customers/id']), from('email', ['customers/email'])),
      [7, 'x'],
      [7, EMAIL],
    ],
    [
      'an unclassified column that is called like a classified one',
      traced(from('email', ['customers/name'])),
      ['Ada'],
      ['Ada'],
    ],
    ['a value made of a classified column', traced(from('md5', ['customers/email'], true)), ['9e107d'], [EMAIL]],
    ['a number made of one', traced(from('length', ['customers/email'], true)), [17], [EMAIL]],
    ['a truth made of one', traced(from('like', ['customers/email'], true)), [true], [EMAIL]],
    [
      'a value made of two columns, one classified',
      traced(from('x', ['customers/name', 'customers/email'], true)),
      ['y'],
      [EMAIL],
    ],
    ['arms of a union', traced(from('x', ['customers/id', 'payments/card_number'])), [1], ['[masked:pci.card]']],
    ['a list of them', traced(from('agg', ['customers/email'], true)), [['x', 'y']], [EMAIL]],
    ['a whole row', traced(from('t', ['customers/id', 'customers/email'], true)), ['(1,x)'], [EMAIL]],
    ['a column of a class by any table', traced(from('ssn', ['staff/ssn'])), ['1'], ['[masked:pii.ssn]']],
    [
      'a column that could not be traced',
      traced({ known: false, name: 'x', why: 'w' }, from('id', ['customers/id'])),
      ['x', 1],
      ['[masked:unknown.lineage]', 1],
    ],
    [
      'an answer that could not be traced',
      { known: false, why: 'w' },
      ['x', 1, null],
      ['[masked:unknown.lineage]', '[masked:unknown.lineage]', '[masked:unknown.lineage]'],
    ],
    [
      'more columns than were read',
      traced(from('id', ['customers/id'])),
      [1, 'x'],
      ['[masked:unknown.lineage]', '[masked:unknown.lineage]'],
    ],
    [
      'fewer columns than were read',
      traced(from('id', ['customers/id']), from('n', ['customers/name'])),
      ['x'],
      ['[masked:unknown.lineage]'],
    ],
    ['no column read', traced(), ['x'], ['[masked:unknown.lineage]']],
    ['a NULL of the column itself', traced(from('email', ['customers/email'])), [null], [null]],
    ['a NULL that answers a question about it', traced(from('nullif', ['customers/email'], true)), [null], [EMAIL]],
    ['a constant', traced(from('one', [])), [1], [1]],
  ])('%s', (_what, lineage, values, expected) => {
    expect(shown(lineage, values)).toEqual(expected);
  });

  test('reveals only what policy reveals, and only when all of it may be', () => {
    const one = traced(from('email', ['customers/email']));
    const two = traced(from('x', ['customers/email', 'payments/card'], true));
    expect(shown(one, ['ada@example.com'], rules(['pii.email']))).toEqual(['ada@example.com']);
    expect(shown(two, ['x'], rules(['pii.email']))).toEqual(['[masked:pci.card]']);
    expect(shown(two, ['x'], rules(['pci.card']))).toEqual([EMAIL]);
    expect(shown(two, ['x'], rules(['pci.card', 'pii.email']))).toEqual(['x']);
  });

  test('never shows an unmasked value of a classified column, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue() as fc.Arbitrary<JsonValue>, fc.boolean(), (value, derived) => {
        const [out] = shown(traced(from('x', ['customers/email'], derived)), [value]) ?? [];
        expect(out === EMAIL || (out === null && value === null && !derived)).toBe(true);
      }),
    );
  });

  test('says of each column whether and why it was masked', () => {
    const plan = planMasks(
      traced(from('a', ['customers/email']), from('b', ['customers/id']), from('c', ['customers/name'])),
      rules(),
    );
    const { columns } = applyMasks(answer(['a', 'b', 'c'], ['x', 1, 'ada@example.com']), plan, { scanner });
    expect(columns).toEqual([
      { name: 'a', type: 'text', masked: true, class: 'pii.email', rule: 'column orders.public.customers.email' },
      { name: 'b', type: 'text', masked: false },
      { name: 'c', type: 'text', masked: true, class: 'pii.email', rule: 'value detector email' },
    ]);
  });

  test('masks two columns of one name each by its own place', () => {
    const plan = planMasks(traced(from('x', ['customers/id']), from('x', ['customers/email'])), rules());
    expect(applyMasks(answer(['x', 'x'], [1, 'y']), plan, { scanner }).rows).toEqual([[1, EMAIL]]);
  });
});

describe('the ways to show what is masked', () => {
  const column = traced(from('card', ['payments/card']));
  test.each<[string, object, JsonValue, JsonValue]>([
    ['nothing', { kind: 'null' }, 'x', null],
    ['a fixed text', { kind: 'fixed', text: '***' }, 'x', '***'],
    ['the last four', { kind: 'keep-last', characters: 4 }, '4111111111111111', '[masked:pci.card …1111]'],
    [
      'the last four of a number',
      { kind: 'keep-last', characters: 4 },
      4_111_111_111_111_111,
      '[masked:pci.card …1111]',
    ],
    ['the last four of a short one: none', { kind: 'keep-last', characters: 4 }, '12345678901', '[masked:pci.card]'],
    ['the last four of a list: none', { kind: 'keep-last', characters: 4 }, ['4111111111111111'], '[masked:pci.card]'],
    ['whole letters', { kind: 'keep-last', characters: 1 }, 'ab😀', '[masked:pci.card …😀]'],
  ])('%s', (_what, strategy, value, expected) => {
    expect(shown(column, [value], rules([], strategy))).toEqual([expected]);
  });

  test('never keep the end of a derived value: that of a reversed card is its beginning', () => {
    const reversed = traced(from('r', ['payments/card'], true));
    expect(shown(reversed, ['1111111111111114'], rules([], { kind: 'keep-last', characters: 4 } as never))).toEqual([
      '[masked:pci.card]',
    ]);
  });
});

describe('by value, where nothing is classified', () => {
  const free = traced(from('note', ['customers/note']));
  test.each<[string, JsonValue, JsonValue]>([
    ['text', 'to ada@example.com', 'to [masked:pii.email]'],
    ['a number', 4_111_111_111_111_111, '[masked:pci.card]'],
    ['a number that is none', 4_111_111_111_111_112, 4_111_111_111_111_112],
    ['a list in a list', [['ada@example.com']], [['[masked:pii.email]']]],
    ['a member', { a: { b: 'ada@example.com' } }, { a: { b: '[masked:pii.email]' } }],
    ['the name of a member', { 'ada@example.com': 1 }, { '[masked:pii.email]': 1 }],
    ['nothing', null, null],
    ['a truth', false, false],
  ])('%s', (_what, value, expected) => {
    expect(shown(free, [value])).toEqual([expected]);
  });
});

describe('classification', () => {
  test.each<[string, string, string, string, string | undefined]>([
    ['as configured', 'orders', 'public.customers', 'email', 'pii.email'],
    ['on another connection', 'analytics', 'public.customers', 'email', undefined],
    ['in another schema', 'orders', 'private.customers', 'email', undefined],
    ['of a longer name', 'orders', 'public.customers', 'email2', undefined],
    ['by a star', 'orders', 'public.payments', 'card_number', 'pci.card'],
    ['by a star that takes a line end', 'orders', 'public.payments', 'card\nx', 'pci.card'],
    ['by stars for all', 'x', 'y.z', 'ssn', 'pii.ssn'],
    ['of a column with a dot', 'orders', 'public.customers', 'x.email', undefined],
    ['of a name with signs of patterns', 'orders', 'public.customers', 'e.ail', undefined],
  ])('%s', (_what, connection, relation, column, expected) => {
    for (let time = 0; time < 2; time += 1) expect(classify(connection, { relation, column })?.class).toBe(expected);
  });
});

describe('classification by what the database says of its columns', () => {
  const byTags = createClassifier(
    maskingSchema.parse({
      columns: [{ match: '*.*.customers.email', class: 'pii.email' }],
      tags: { '@contact': 'pii.phone', '#pci': 'pci.card' },
    }),
  );
  test.each<[string, string, readonly string[], string | undefined]>([
    ['a tag that is configured', 'phone', ['@other', '@contact'], 'pii.phone'],
    ['another', 'number', ['#pci'], 'pci.card'],
    ['a class in our own form', 'x', ['countersign:pii.name'], 'pii.name'],
    ['our own form with a mistake in it: masked all the same', 'x', ['countersign:pii'], 'unknown.tag'],
    ['a tag that nobody configured', 'x', ['@author'], undefined],
    ['a pattern before a tag', 'email', ['@contact'], 'pii.email'],
    ['a name of every object is no tag', 'x', ['constructor', 'toString'], undefined],
  ])('%s', (_what, column, tags, expected) => {
    expect(byTags('orders', { relation: 'public.customers', column, tags })?.class).toBe(expected);
  });
});

describe("a message of the target's", () => {
  const statement = 'SELECT emial, "Odd Name" FROM customers WHERE id = 12345';
  test.each([
    ['42703', 'column "emial" does not exist; Position: 8'],
    ['42P01', 'relation "customers" does not exist'],
    ['42P01', 'relation "CUSTOMERS" does not exist'],
    ['42703', 'column "Odd Name" of relation "customers" does not exist'],
    ['42883', 'function lower(integer) does not exist'],
    ['57014', 'canceling statement due to statement timeout'],
    ['25006', 'cannot execute UPDATE in a read-only transaction'],
  ])('%s is told where it speaks of the statement: %s', (code, message) => {
    expect(maskTargetMessage(code, message, statement)).toBe(message);
  });

  test.each([
    ['22P02', 'invalid input syntax for type integer: "ada@example.com"'],
    ['23505', 'duplicate key value; Detail: Key (email)=(ada@example.com) already exists.'],
    ['P0001', 'ada@example.com'],
    ['XX000', 'ada@example.com'],
    ['42', 'ada@example.com'],
    ['invalid_call', 'ada@example.com'],
    ['', 'ada@example.com'],
    ['42P01', 'relation "ada@example.com" does not exist'],
    ['42704', 'role "ada@example.com" does not exist'],
    ['3F000', 'schema "ada@example.com" does not exist'],
    ['0A000', 'cross-database references are not implemented: "ada@example.com"'],
    ['42601', 'syntax error in tsquery: "ada@example.com"'],
    ['42P01', 'relation "x" ada@example.com "customers" does not exist'],
    ['42P01', 'relation "ada@example.com"" does not exist'],
  ])('%s never quotes a value: %s', (code, message) => {
    const heard = maskTargetMessage(code, message, statement);
    expect(heard).not.toContain('ada@example.com');
    if (code !== '')
      expect(heard).toContain(code.startsWith('42') || code.startsWith('3F') || code.startsWith('0A') ? '' : code);
  });

  test('does not confirm a value by a part of what the statement says', () => {
    expect(maskTargetMessage('42P01', 'relation "1234" does not exist', statement)).not.toContain('1234');
    expect(maskTargetMessage('42P01', 'relation "customer" does not exist', statement)).not.toContain('customer');
  });

  test('is short enough to be kept', () => {
    expect(maskTargetMessage('42601', 'x'.repeat(1e6), statement).length).toBeLessThan(1_100);
  });
});
