import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shapeOf } from '../../shared/connectors/postgres/shape/index.ts';
import type { Statement } from '../../shared/domain/statement.ts';

const digest = async (text: string, more: Partial<Statement> = {}) => (await shapeOf({ text, ...more }))?.digest;

describe('statements of one shape', () => {
  test.each([
    ['constants', "UPDATE t SET a = 'x' WHERE id = 1", "UPDATE t SET a = '' WHERE id = 0"],
    ['spaces, case of keywords and comments', 'SELECT a FROM t WHERE id = 1', 'select  a\n from /* 7 */ t where id=2'],
    ['ways of quoting a text', "SELECT 'a''b'", 'SELECT $q$c$q$'],
    ['true and false', 'SELECT * FROM t WHERE a = true', 'SELECT * FROM t WHERE a = false'],
    ['a limit', 'SELECT a FROM t LIMIT 5', 'SELECT a FROM t LIMIT 9'],
    ['a negative number', 'SELECT a FROM t WHERE b = -1', 'SELECT a FROM t WHERE b = 2'],
  ])('differ in %s only', async (_what, left, right) => {
    expect(await digest(left)).toBe(await digest(right));
    expect(await digest(left)).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('another shape', () => {
  test.each([
    ['a table', 'DELETE FROM a WHERE id = 1', 'DELETE FROM b WHERE id = 1'],
    ['a schema', 'DELETE FROM a.t WHERE id = 1', 'DELETE FROM b.t WHERE id = 1'],
    ['a column', 'DELETE FROM t WHERE a = 1', 'DELETE FROM t WHERE b = 1'],
    ['an operator', 'DELETE FROM t WHERE a = 1', 'DELETE FROM t WHERE a >= 1'],
    ['AND and OR', 'DELETE FROM t WHERE a = 1 AND b = 2', 'DELETE FROM t WHERE a = 1 OR b = 2'],
    ['NOT', 'DELETE FROM t WHERE a = 1', 'DELETE FROM t WHERE NOT a = 1'],
    ['no condition', 'DELETE FROM t WHERE a = 1', 'DELETE FROM t'],
    ['the number of elements', 'DELETE FROM t WHERE a IN (1)', 'DELETE FROM t WHERE a IN (1, 2)'],
    ['the number of rows', 'INSERT INTO t VALUES (1)', 'INSERT INTO t VALUES (1), (2)'],
    ['a type of constant', "SELECT * FROM t WHERE a = '1'", 'SELECT * FROM t WHERE a = 1'],
    ['a decimal for an integer', 'SELECT * FROM t WHERE a = 1', 'SELECT * FROM t WHERE a = 1.0'],
    ['null for a constant', 'UPDATE t SET a = 1', 'UPDATE t SET a = NULL'],
    ['a function', "SELECT lower('a')", "SELECT upper('a')"],
    ['a cast', "SELECT '1'::text", "SELECT '1'::int"],
    ['an expression for a constant', 'DELETE FROM t WHERE a = 1', 'DELETE FROM t WHERE a = (SELECT 1)'],
    ['a column for a constant', 'DELETE FROM t WHERE a = 1', 'DELETE FROM t WHERE a = a'],
    ['RETURNING', 'DELETE FROM t WHERE a = 1', 'DELETE FROM t WHERE a = 1 RETURNING *'],
    ['DISTINCT', 'SELECT a FROM t', 'SELECT DISTINCT a FROM t'],
    ['an alias', 'SELECT a FROM t', 'SELECT a AS b FROM t'],
    ['ONLY', 'DELETE FROM t WHERE a = 1', 'DELETE FROM ONLY t WHERE a = 1'],
    ['the place of a tablespace', "CREATE TABLESPACE x LOCATION '/a'", "CREATE TABLESPACE x LOCATION '/b'"],
  ])('is made by %s', async (_what, left, right) => {
    const [one, other] = [await digest(left), await digest(right)];
    expect([one, other]).not.toContain(undefined);
    expect(one).not.toBe(other);
  });

  test.each<[string, Statement, Statement]>([
    ['the type of a parameter', { text: 'SELECT $1', parameters: [1] }, { text: 'SELECT $1', parameters: ['1'] }],
    [
      'the places of two parameters',
      { text: 'UPDATE t SET a = $1 WHERE b = $2', parameters: [1, 2] },
      { text: 'UPDATE t SET a = $2 WHERE b = $1', parameters: [1, 2] },
    ],
    ['a parameter for a constant', { text: 'SELECT 1' }, { text: 'SELECT $1', parameters: [1] }],
    ['a body', { text: 'SELECT 1' }, { text: 'SELECT 1', body: {} }],
    ['a body of null', { text: 'SELECT 1' }, { text: 'SELECT 1', body: 'null' }],
  ])('is made by %s', async (_what, left, right) => {
    expect((await shapeOf(left))?.digest).not.toBe((await shapeOf(right))?.digest);
  });

  test('is made by named parameters that have changed places, whichever way they are numbered', async () => {
    const parameters = { aaaa: 1, bbbb: 2 };
    const one = await shapeOf({ text: 'UPDATE t SET a = :aaaa WHERE b = :bbbb', parameters });
    const other = await shapeOf({ text: 'UPDATE t SET a = :bbbb WHERE b = :aaaa', parameters });
    expect(one?.digest).not.toBe(other?.digest);
  });
});

test('constants come in the order of the tree with their values as PostgreSQL reads them', async () => {
  const shape = await shapeOf({
    text: "UPDATE t SET a = 'it''s', b = 1.50 WHERE id = 0 AND c = true AND d = 3000000000",
  });
  expect(shape?.constants).toEqual([
    { type: 'text', value: "it's" },
    { type: 'decimal', value: '1.50' },
    { type: 'integer', value: '0' },
    { type: 'boolean', value: 'true' },
    { type: 'decimal', value: '3000000000' },
  ]);
});

test.each([
  ['no statement', ''],
  ['two statements', 'SELECT 1; SELECT 2'],
  ['a syntax error', 'SELEC 1'],
  ['a NUL', 'SELECT 1\0'],
  [
    'more constants than a person can bound',
    `SELECT * FROM t WHERE a IN (${Array.from({ length: 101 }, () => '1').join(',')})`,
  ],
  ['constants of more than 8 KiB', `SELECT '${'x'.repeat(8_193)}'`],
])('%s has no shape', async (_what, text) => {
  expect(await shapeOf({ text })).toBeUndefined();
});

test('texts differ only in their constant: whatever stands in a literal cannot become structure', async () => {
  const base = await shapeOf({ text: "SELECT a FROM t WHERE b = 'x'" });
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (value) => {
      fc.pre(!value.includes('\0') && value.isWellFormed());
      const shape = await shapeOf({ text: `SELECT a FROM t WHERE b = '${value.replaceAll("'", "''")}'` });
      expect(shape).toEqual({ digest: base?.digest, constants: [{ type: 'text', value }] });
    }),
  );
});
