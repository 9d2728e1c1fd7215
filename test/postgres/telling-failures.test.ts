import { beforeAll, describe, expect, test } from 'vitest';
import type { PostgresCatalogue } from '../../shared/connectors/postgres/catalogue/index.ts';
import { analyze } from '../../shared/connectors/postgres/understanding.ts';
import { shopCatalogue } from './support/catalogue.ts';

let catalogue: PostgresCatalogue;
beforeAll(async () => {
  catalogue = await shopCatalogue();
});

/** Columns of which a statement tells by failing, or by having been computed at all; `?` for any. */
async function toldByFailing(text: string): Promise<string[]> {
  const analysis = await analyze({ text }, catalogue);
  if (!analysis.ok) throw new Error(analysis.error.message);
  const { effects, inferences } = analysis.value;
  expect(effects.filter(({ action }) => action === 'unreadable')).toEqual([]);
  const failing = inferences
    .filter(({ way }) => way === 'failure' || way === 'code')
    .map(({ column }) => column?.column ?? '?');
  return [...new Set(failing)].sort();
}

const inList = (expression: string): string => `SELECT ${expression} FROM customers WHERE id = 1`;

describe('whether a statement fails tells of a column', () => {
  test.each([
    // What stops where it is decided: the rest is computed for some values only.
    "email BETWEEN 'n' AND (1 / (id - 1))::text",
    "email NOT BETWEEN 'n' AND (1 / (id - 1))::text",
    'email IN (name, (1 / (id - 1))::text)',
    "(email, 1 / (id - 1)) < ('m', 0)",
    "(email = 'm', 1 / (id - 1)) IS DISTINCT FROM (true, 0)",
    "(email < 'n') IN (SELECT 1 / (g - customers.id) = 1 FROM generate_series(1, 2) g)",
    "json_value(to_jsonb(email < 'n'), '$ ? (@ == true)' RETURNING int DEFAULT 1 / (id - 1) ON EMPTY)",
    // What acts, waits or takes minutes shows that it was done.
    "CASE WHEN email < 'n' THEN nextval('orders_id_seq') END",
    "email < 'n' OR setval('orders_id_seq', 9) > 0",
    "CASE WHEN email < 'n' THEN (SELECT count(*) FROM orders a, orders b, orders c) END",
    "coalesce(nullif(email, 'm'), length(repeat('x', 900000000))::text)",
    // A value that is a pattern, a place, a unit or a key may be none.
    "regexp_replace('x', email, '')",
    "regexp_count('x', 'x', ascii(email))",
    "split_part('a', 'b', ascii(email))",
    "substr('abc', 1, ascii(email))",
    'date_trunc(email, now())',
    "encode('a', email)",
    'format(email)',
    "format('%*s', ascii(email), 'x')",
    "length('x'::bytea, email)",
    "json_object(email: 1, 'a': 2 WITH UNIQUE KEYS)",
    'json_objectagg(email: 1)',
    // A text is no JSON and no XML, or too long for a type.
    'json(email)',
    "json_value(email, '$')",
    "json_query(to_jsonb(email), '$.a' ERROR ON EMPTY)",
    "json_exists(to_jsonb(email), 'strict $.a' ERROR ON ERROR)",
    "json_object('a': email RETURNING varchar(9))",
    'xmlserialize(DOCUMENT xmlforest(email) AS text)',
    'xmlelement(name a, nullif(email, email)::date)',
    'divided(email)',
    'email / 0',
    'email::numeric',
    'round(2.5, email)',
    'email / id',
    "(email || '') / 12",
    // Arrays fit together by their lengths, rows by their types, and everything by its size.
    "string_to_array(email, 'a') || ARRAY[['a', 'b']]",
    "array_agg(string_to_array(email, 'a'))",
    "array_position(string_to_array(email, 'a'), 'x')",
    "ARRAY[string_to_array(email, 'a'), ARRAY['x']]",
    "(CASE WHEN email < 'n' THEN ROW(1, 2) ELSE ROW(1, 'x'::text) END) = ROW(1, 2)",
    "repeat('x', 1073741790) || email",
    'repeat(email, 50000000)',
    'count(id) OVER (ORDER BY id ROWS ascii(email) PRECEDING)',
  ])('%s', async (expression) => {
    expect(await toldByFailing(inList(expression))).toContain('email');
  });

  test.each([
    "SELECT sum(v) FROM (SELECT CASE WHEN email < 'n' THEN 1e308::float8 ELSE 0 END AS v FROM customers) s",
    "SELECT max(r) FROM (SELECT CASE WHEN email < 'n' THEN ROW(1, 2) ELSE ROW(1, '') END AS r FROM customers) s",
    "SELECT x.v FROM customers c, xmltable('/a' PASSING xmlelement(name a, c.email) COLUMNS v int PATH '.') x",
    "SELECT x.v FROM customers c, json_table(to_jsonb(c.email), '$' COLUMNS (v int PATH '$' ERROR ON ERROR)) x",
  ])('%s', async (sql) => {
    expect(await toldByFailing(sql)).toContain('email');
  });

  test.each([
    ['code that is sent', "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'ABCDE'; END $$"],
    ['code that is left behind', "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'"],
    ['a query in a text', "SELECT query_to_xml('SELECT 1 / 0', true, true, '')"],
    ['a computation on what a function gives', 'SELECT 1 / evil(1)'],
  ])('of any column: %s', async (_what, sql) => {
    expect(await toldByFailing(sql)).toContain('?');
  });
});

describe('what cannot fail tells nothing', () => {
  test.each([
    "email || ' <' || name || '>'",
    'email / 12, email % 10',
    'round(avg(email), 2), floor(email / 7)',
    "upper(email) || '!'",
    "CASE WHEN id = 1 THEN email ELSE 'none' END",
    "coalesce(email, phone, 'none')",
    "email BETWEEN 'a' AND 'n'",
    "email IN ('a', 'b', name)",
    "(email, id) = ('a', 1)",
    "split_part(email, '@', 2)",
    "regexp_replace(email, '^.', '*')",
    "format('%s <%s>', name, email)",
    'array_agg(email)',
    'ARRAY[email, phone]',
    'min(email)',
    "json_object('a': email)",
    "json_build_object('a', email, 'b', phone)",
    "json_value(to_jsonb(email), '$')",
    'xmlelement(name a, email)',
    'CASE WHEN email IS NULL THEN (SELECT count(*) FROM orders) END',
    "ROW(id, email), name = 'x'",
    'doubled(email)',
  ])('%s', async (expression) => {
    expect(await toldByFailing(inList(expression))).toEqual([]);
  });

  test('a number in a wider type, where no narrower one does', async () => {
    expect(await toldByFailing('SELECT id::int8, id::numeric FROM invites')).toEqual([]);
    expect(await toldByFailing('SELECT id::int2 FROM invites')).toEqual(['id']);
  });

  test('a name for a joined text that a subquery made', async () => {
    const sql = "SELECT who || ' ' || email FROM (SELECT name || phone AS who, email FROM customers) s";
    expect(await toldByFailing(sql)).toEqual([]);
  });
});
