import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { PostgresCatalogue } from '../../shared/connectors/postgres/catalogue/index.ts';
import { analyze, lineage } from '../../shared/connectors/postgres/understanding.ts';
import { relation, shop as shopSnapshot, shopCatalogue } from './support/catalogue.ts';
import { effectsOf } from './support/show.ts';

let shop: PostgresCatalogue;
let many: PostgresCatalogue | undefined;

/** The shop with a table `many` of so many partitions, each with a check and a trigger of its own. */
async function partitioned(count: number): Promise<PostgresCatalogue> {
  const parts = Array.from({ length: count }, (_, index) =>
    relation(`many_${index}`, 'id k', {
      parents: ['public.many'],
      partition: true,
      checks: [`(evil(id) > ${index})`],
      triggers: [{ name: 't', function: `public.f_${index}`, events: ['insert', 'update'] }],
    }),
  );
  const whole = relation('many', 'id k', { kind: 'p', partitionBy: ['k'] });
  many ??= await PostgresCatalogue.create({ ...shopSnapshot, relations: [...shopSnapshot.relations, whole, ...parts] });
  return many;
}

beforeAll(async () => {
  shop = await shopCatalogue();
});

describe('text that must not reach the parser is refused by name', () => {
  it.each<[string, string]>([
    ['', 'statement_empty'],
    [' \n', 'statement_empty'],
    [';', 'statement_empty'],
    ['-- nothing', 'statement_empty'],
    ['SELECT 1;\0DELETE FROM payments', 'nul_byte'],
    ["SELECT '\ud800'", 'invalid_unicode'],
    ['SELECT 1; DELETE FROM payments', 'multiple_statements'],
    ['SELECT 1 --\r; DELETE FROM payments', 'multiple_statements'],
    ["SELECT '\\'; DELETE FROM payments; --'", 'multiple_statements'],
    ['SELECT $a$;$a$; DELETE FROM payments', 'multiple_statements'],
    ['SELECT /* /* */ 1; */ 2; SELECT 3', 'multiple_statements'],
    ['SELEC 1', 'syntax_error'],
    ['x'.repeat(1_048_577), 'statement_too_large'],
    [`SELECT ${'('.repeat(20_000)}1${')'.repeat(20_000)}`, 'too_deep'],
    [`SELECT ${'f('.repeat(2_500)}1${')'.repeat(2_500)}`, 'too_deep'],
    [`SELECT ${'- '.repeat(100_000)}1`, 'too_deep'],
    ['('.repeat(1_048_000), 'too_deep'],
    [`SELECT ${'['.repeat(1_048_000)}`, 'too_deep'],
  ])('%#: %j', async (text, code) => {
    const analysis = await analyze({ text }, shop);
    expect(analysis.ok ? 'read' : analysis.error.code).toBe(code);
  });

  it.each([
    "SELECT E'\\'; DELETE FROM payments; --'",
    "SELECT U&'\\0027; DELETE' FROM customers",
    'SELECT $$; DELETE FROM payments$$',
    'SELECT 1 /* ; /* */ DELETE */',
  ])('a literal or comment is one: %s', async (sql) => {
    expect((await effectsOf(sql, shop)).every((effect) => effect.startsWith('sql:select'))).toBe(true);
  });
});

it('reads on after input that breaks the parser, however often', async () => {
  for (let round = 0; round < 40; round += 1)
    await analyze({ text: `SELECT ${'f('.repeat(2_600 + round)}1${')'.repeat(2_600 + round)}` }, shop);
  expect(await effectsOf('SELECT 1', shop)).toEqual(['sql:select constant']);
});

describe('any text gets a value', () => {
  it('random text never throws', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), async (text) => {
        const analysis = await analyze({ text }, shop);
        expect(analysis.ok ? analysis.value.effects.length > 0 : analysis.error.message !== '').toBe(true);
        expect(typeof (await lineage({ text }, shop)).known).toBe('boolean');
      }),
      { numRuns: 300 },
    );
  });

  const words = [
    'SELECT',
    '*',
    'FROM',
    'customers',
    ',',
    'email',
    'WHERE',
    'id',
    '=',
    '1',
    '(',
    ')',
    'WITH',
    'x',
    'AS',
    'DELETE',
    'RETURNING',
    'UNION',
    'evil(1)',
    'JOIN',
    'ON',
    'true',
    '::',
    'text',
    'UPDATE',
    'SET',
    'INSERT',
    'INTO',
    'VALUES',
    'FOR',
  ];
  it('shuffled SQL never throws, and what is all reads holds no word that writes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...words), { maxLength: 25 }), async (parts) => {
        const text = parts.join(' ');
        const analysis = await analyze({ text }, shop);
        const onlyReads = analysis.ok && analysis.value.effects.every((effect) => effect.group === 'read');
        expect(onlyReads && /DELETE FROM customers|UPDATE customers SET|evil|INSERT INTO customers/.test(text)).toBe(
          false,
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it.each<[string, (index: number) => string]>([
    ['SELECT 1 FROM customers', (index) => `,customers c${index}`],
    ['SELECT 1 FROM customers', (index) => `,contacts c${index}`],
    ['SELECT id', () => ',lower(id)'],
    ['WITH c AS (SELECT 1)', (index) => `,c${index} AS (UPDATE checked SET a = 1)`],
    [
      'WITH RECURSIVE c AS (SELECT 1)',
      (index) => `,c${index} AS (SELECT id FROM customers UNION ALL SELECT id FROM c${index})`,
    ],
    ['DROP TABLE t', (index) => `,t${index}`],
    ['SELECT 1', () => ',1::positive'],
  ])('“%s …” without end is answered within the budget of work, as too large', async (head, part) => {
    let text = head;
    for (let index = 0; text.length < 300_000; index += 1) text += part(index);
    if (head.startsWith('WITH')) text += ' SELECT 1';
    const analysis = await analyze({ text }, shop);
    const why = analysis.ok
      ? analysis.value.effects.map((effect) => String(effect.attributes['why'] ?? '')).join()
      : analysis.error.code;
    expect(why).toMatch(/too large to be judged|more effects than can be judged|too_deep/);
  });

  it.each<[string, (index: number) => string, string]>([
    ['WITH w AS (SELECT 1)', (index) => `,w${index} AS (UPDATE many SET k = 2)`, ' SELECT 1'],
    ['SELECT 1 FROM many', (index) => `,many m${index}`, ''],
    ['ANALYZE many', () => ',many', ''],
    ['TRUNCATE many', () => ',many', ' CASCADE'],
    ['DROP TABLE many', () => ',many', ' CASCADE'],
  ])('“%s …” over a table of a thousand partitions stays within that budget', async (head, part, tail) => {
    const thousand = await partitioned(1_000);
    const text = `${head}${Array.from({ length: 3_000 }, (_, index) => part(index)).join('')}${tail}`;
    const analysis = await analyze({ text }, thousand);
    const reasons = analysis.ok ? analysis.value.effects.map((effect) => String(effect.attributes['why'] ?? '')) : [];
    expect(reasons.join()).toMatch(/too large to be judged|more effects than can be judged/);
  });

  it('a write stays a write wherever it hides', async () => {
    const write = 'x AS (DELETE FROM payments RETURNING id)';
    const shapes = [
      (inner: string) => `SELECT * FROM (${inner}) s`,
      (inner: string) => `SELECT (${inner} LIMIT 1)`,
      (inner: string) => `SELECT 1 WHERE EXISTS (${inner})`,
      (inner: string) => `${inner} UNION ALL SELECT 1`,
      (inner: string) => `SELECT ARRAY(${inner})`,
      (inner: string) => `SELECT coalesce((${inner} LIMIT 1), 1)`,
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...shapes), { maxLength: 6 }), async (nesting) => {
        const text = nesting.reduce((inner, shape) => shape(`(${inner})`), `WITH ${write} SELECT id FROM x`);
        const effects = await effectsOf(text, shop);
        expect(effects.some((effect) => effect.startsWith('sql:delete') || effect.startsWith('fault'))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a list of more columns than PostgreSQL takes', () => {
  it.each([
    ['stars', `SELECT ${'c.*, '.repeat(2_000)}1 FROM customers c`],
    ['a returning list', `DELETE FROM customers c WHERE id = 1 RETURNING ${'c.*, '.repeat(2_000)}1`],
  ])('is not read to its end: %s', async (_, text) => {
    const analysis = await analyze({ text }, shop);
    const told = analysis.ok ? analysis.value.effects.filter(({ action }) => action === 'unreadable') : [];
    expect(JSON.stringify(told)).toContain('more than 1,664 columns');
    expect(await lineage({ text }, shop)).toMatchObject({ known: false });
  });
});
