import { beforeAll, describe, expect, it } from 'vitest';
import type { PostgresCatalogue } from '../../shared/connectors/postgres/catalogue/index.ts';
import { analyze } from '../../shared/connectors/postgres/understanding.ts';
import { shopCatalogue } from './support/catalogue.ts';
import { effectsOf } from './support/show.ts';

let shop: PostgresCatalogue;
beforeAll(async () => {
  shop = await shopCatalogue();
});

const audit = 'sql:trigger public.audit';

describe('a statement comes out as everything it would do', () => {
  it.each<[string, string[]]>([
    ['SELECT 1', ['sql:select constant']],
    ['SELECT name FROM customers', ['sql:select public.customers']],
    ['SELECT * FROM other.customers', ['sql:select other.customers']],
    ['SELECT relname FROM pg_class', ['sql:select pg_catalog.pg_class !system']],
    ['SELECT * FROM contacts', ['sql:select public.contacts', 'sql:select public.customers']],
    ['SELECT * FROM cities', ['sql:select public.cities']],
    ['SELECT * FROM parted_1', ['sql:select public.parted', 'sql:select public.parted_1']],
    ['SELECT * FROM parent', ['sql:select public.child', 'sql:select public.parent']],
    ['SELECT * FROM ONLY parent', ['sql:select public.parent']],
    ['DELETE FROM payments WHERE id = 1', ['sql:delete public.payments', 'sql:select public.payments']],
    ['DELETE FROM payments', ['sql:delete public.payments !unbounded']],
    ['DELETE FROM ONLY (payments)', ['sql:delete public.payments !unbounded']],
    [
      'DELETE FROM customers WHERE id = 1',
      ['sql:delete public.customers', 'sql:delete public.orders', 'sql:select public.customers', audit],
    ],
    ['UPDATE payments SET amount = 0', ['sql:update public.payments !unbounded']],
    ['INSERT INTO customers (name) VALUES (1)', ['sql:advance public.customers_id_seq', 'sql:insert public.customers']],
    ['INSERT INTO ruled VALUES (1)', ['sql:insert public.ruled', 'sql:rule public.ruled.instead']],
    ['INSERT INTO checked VALUES (1)', ['sql:call public.evil', 'sql:insert public.checked']],
    ['TRUNCATE payments', ['sql:truncate public.payments !unbounded !locks']],
    ['DROP TABLE customers', ['sql:drop public.customers !locks']],
    ['DROP TABLE other.customers CASCADE', ['sql:drop other.customers !unbounded !locks']],
    ['LOCK TABLE payments', ['sql:lock public.payments !locks']],
    ['SELECT id FROM payments FOR UPDATE', ['sql:lock public.payments !locks', 'sql:select public.payments']],
    ['SELECT * INTO kept FROM payments', ['sql:create public.kept', 'sql:select public.payments']],
    ['SET ROLE postgres', ['sql:role postgres']],
    ['SET search_path = other', ['sql:set search_path']],
    ['SHOW search_path', ['sql:show search_path']],
    ['COPY payments TO PROGRAM $$sh$$', ['sql:copy-program program', 'sql:select public.payments']],
    ["COPY payments FROM '/etc/passwd'", ['sql:copy-file /etc/passwd', 'sql:insert public.payments']],
    ['DO $$BEGIN END$$', ['sql:do block']],
    ['EXPLAIN SELECT id FROM payments', ['sql:explain plan', 'sql:select public.payments']],
    ['EXPLAIN DELETE FROM payments', ['sql:explain plan', 'sql:explain public.payments !unbounded']],
    ['EXPLAIN ANALYZE DELETE FROM payments', ['sql:delete public.payments !unbounded', 'sql:explain plan']],
    ['EXPLAIN (ANALYSE true) DELETE FROM payments', ['sql:delete public.payments !unbounded', 'sql:explain plan']],
    ['GRANT SELECT ON payments TO PUBLIC', ['sql:grant public.payments']],
    ['NOTIFY c', ['sql:notify c']],
    [
      'ALTER TABLE payments DROP COLUMN amount',
      ['sql:alter public.payments !locks', 'sql:drop public.payments !locks'],
    ],
    [
      'ALTER TABLE payments ADD COLUMN x int DEFAULT evil(1)',
      ['sql:alter public.payments !locks', 'sql:call public.evil'],
    ],
    ['REFRESH MATERIALIZED VIEW cities', ['sql:refresh public.cities', 'sql:select public.customers']],
    ['VACUUM payments', ['sql:maintain public.payments']],
  ])('%s', async (sql, effects) => {
    expect(await effectsOf(sql, shop)).toEqual([...effects].sort());
  });
});

describe('what hides is found', () => {
  it.each<[string, string]>([
    ['WITH x AS (DELETE FROM payments RETURNING *) SELECT * FROM x', 'sql:delete public.payments !unbounded'],
    [
      'WITH x AS MATERIALIZED (UPDATE payments SET amount = 1 RETURNING 1) SELECT 1',
      'sql:update public.payments !unbounded',
    ],
    ['SELECT 1 UNION SELECT id INTO kept FROM payments', 'sql:create public.kept'],
    ['SELECT * FROM (SELECT id FROM payments FOR UPDATE) x', 'sql:lock public.payments !locks'],
    ['SELECT evil(1)', 'sql:call public.evil'],
    ['SELECT * FROM evil(1)', 'sql:call public.evil'],
    ['SELECT * FROM ROWS FROM (evil(1), evil(2)) x', 'sql:call public.evil'],
    ['VALUES (evil(1))', 'sql:call public.evil'],
    ['SELECT ROW(1, (SELECT evil(1)))', 'sql:call public.evil'],
    ['SELECT 1 ORDER BY evil(1)', 'sql:call public.evil'],
    ['SELECT 1 LIMIT evil(1)', 'sql:call public.evil'],
    ['SELECT count(*) FILTER (WHERE evil(1) = 1)', 'sql:call public.evil'],
    ['SELECT sum(1) OVER (PARTITION BY evil(1))', 'sql:call public.evil'],
    ['SELECT sum(1) OVER w WINDOW w AS (ORDER BY evil(1))', 'sql:call public.evil'],
    ['SELECT CASE WHEN evil(1) = 1 THEN 1 END', 'sql:call public.evil'],
    ['SELECT (ARRAY[1])[evil(1)]', 'sql:call public.evil'],
    ["SELECT json_object('a': evil(1))", 'sql:call public.evil'],
    ['SELECT GREATEST(1, evil(1)), COALESCE(evil(2))', 'sql:call public.evil'],
    ['SELECT c.secret_of FROM customers c', 'sql:call public.secret_of'],
    ['SELECT (c).secret_of FROM customers c', 'sql:call public.secret_of'],
    ['SELECT 5::positive', 'sql:call public.evil'],
    ["SELECT '(1,2)'::pair", 'sql:call public.evil'],
    ["SELECT * FROM json_to_record('{}') AS x(p positive)", 'sql:call public.evil'],
    ['SELECT 1 +#+ 2', 'sql:call public.plus'],
    ['SELECT 1 OPERATOR(public.+#+) 2', 'sql:call public.plus'],
    ['SELECT * FROM moods ORDER BY mood USING <', 'sql:call public.mood_int'],
    ['SELECT lower(mood) FROM moods', 'sql:call public.lower'],
    ['SELECT * FROM secure', 'sql:call public.evil'],
    ["SELECT query_to_xml('DEL' || 'ETE', true, true, '')", 'sql:call pg_catalog.query_to_xml'],
    ["SELECT set_config('a.b', 'c', false)", 'sql:call pg_catalog.set_config'],
    ['SELECT pg_catalog.pg_sleep(1)', 'sql:call pg_catalog.pg_sleep'],
    ["SELECT pg_read_file('x')", 'sql:call pg_catalog.pg_read_file'],
    ['SELECT pg_terminate_backend(1)', 'sql:call pg_catalog.pg_terminate_backend'],
    ["SELECT nextval('customers_id_seq')", 'sql:advance public.customers_id_seq'],
    ["SELECT nextval('customers_' || 'id_seq')", 'sql:call pg_catalog.nextval'],
    ['SELECT txid_current()', 'sql:call pg_catalog.txid_current'],
    [
      'MERGE INTO payments p USING orders o ON p.order_id = o.id WHEN MATCHED THEN DELETE',
      'sql:delete public.payments',
    ],
    ['INSERT INTO payments (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET amount = 0', 'sql:update public.payments'],
    ['PREPARE p AS DELETE FROM payments', 'sql:delete public.payments !unbounded'],
    ['DECLARE c CURSOR FOR SELECT evil(1)', 'sql:call public.evil'],
    ['CREATE TABLE kept AS SELECT evil(1)', 'sql:call public.evil'],
    ['COPY (SELECT evil(1)) TO STDOUT', 'sql:call public.evil'],
    ['CALL lower(1)', 'sql:call lower'],
  ])('%s does %s', async (sql, effect) => {
    expect(await effectsOf(sql, shop)).toContain(effect);
  });
});

describe('names mean what PostgreSQL takes them for', () => {
  it.each<[string, string[]]>([
    ['WITH payments AS (SELECT 1 AS a) SELECT * FROM payments', ['sql:select constant']],
    ['WITH payments AS (SELECT 1 AS a) SELECT * FROM public.payments', ['sql:select public.payments']],
    ['WITH payments AS (SELECT * FROM payments) SELECT * FROM payments', ['sql:select public.payments']],
    [
      'SELECT * FROM (WITH payments AS (SELECT 1 AS a) SELECT * FROM payments) x, payments',
      ['sql:select public.payments'],
    ],
    [
      'WITH RECURSIVE payments(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM payments WHERE n < 9) SELECT n FROM payments',
      ['sql:select constant'],
    ],
    ['WITH payments AS (SELECT 1) DELETE FROM payments', ['sql:delete public.payments !unbounded']],
  ])('%s', async (sql, effects) => {
    expect(await effectsOf(sql, shop)).toEqual(effects);
  });

  it.each([
    'SELECT lower(name) FROM customers',
    'SELECT count(*), max(total) FROM orders GROUP BY status',
    'SELECT now(), random()',
    "SELECT to_jsonb(c) ->> 'email' FROM customers c",
  ])('ordinary analytics only read: %s', async (sql) => {
    expect((await effectsOf(sql, shop)).every((effect) => effect.startsWith('sql:select'))).toBe(true);
  });
});

describe('attributes tell how far a statement reaches', () => {
  it.each([
    'TRUE',
    '1 = 1',
    "'a' = 'a'",
    'id = id',
    'id = 1 OR TRUE',
    'id IS NULL OR id IS NOT NULL',
    'EXISTS (SELECT 1)',
    'NOT (id <> id)',
  ])('DELETE … WHERE %s is unbounded', async (where) => {
    expect(await effectsOf(`DELETE FROM payments WHERE ${where}`, shop)).toContain(
      'sql:delete public.payments !unbounded',
    );
  });

  it.each([
    'SELECT * FROM customers, orders',
    'SELECT 1 FROM customers a JOIN orders b ON true',
    'SELECT 1 FROM customers a, customers b WHERE a.id = 1',
  ])('%s is a cross join', async (sql) => {
    expect((await effectsOf(sql, shop)).join()).toContain('!crossJoin');
  });

  it.each([
    'SELECT 1 FROM customers c, orders o WHERE o.customer_id = c.id',
    'SELECT 1 FROM customers JOIN orders USING (id)',
    'SELECT 1 FROM customers c, LATERAL (SELECT c.id) x',
  ])('%s is none', async (sql) => {
    expect((await effectsOf(sql, shop)).join()).not.toContain('!crossJoin');
  });

  it.each([
    "SELECT repeat(repeat('x', 100000), 100000)",
    'SELECT * FROM generate_series(1, 1000000000)',
    'WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n FROM t) SELECT * FROM t',
  ])('%s is expensive', async (sql) => {
    expect((await effectsOf(sql, shop)).join()).toContain('!expensive');
  });
});

describe('without a catalogue', () => {
  it.each(['SELECT 1', "SELECT pg_catalog.lower('A')", 'SELECT 1::int', 'SET ROLE x', 'BEGIN'])(
    '%s is decided',
    async (text) => {
      const analysis = await analyze({ text }, undefined);
      expect(
        analysis.ok &&
          !analysis.value.needsCatalogue &&
          analysis.value.effects.every((effect) => effect.group !== 'unreadable'),
      ).toBe(true);
    },
  );

  it.each(['SELECT * FROM t', 'SELECT lower(1)', 'SELECT 1 + 1', "SELECT 'a'::mood", 'DELETE FROM t', 'DROP TABLE t'])(
    '%s needs one, and is unreadable until then',
    async (text) => {
      const analysis = await analyze({ text }, undefined);
      expect(
        analysis.ok &&
          analysis.value.needsCatalogue &&
          analysis.value.effects.some((effect) => effect.group === 'unreadable'),
      ).toBe(true);
    },
  );

  it.each([
    'SELECT * FROM nowhere',
    'SELECT nothing FROM customers',
    'SELECT nofunction()',
    "SELECT 'a'::other.notype",
    'EXECUTE p',
    'FETCH c',
  ])('%s stays unreadable with one', async (sql) => {
    expect((await effectsOf(sql, shop)).join()).toContain('unreadable');
  });
});

it('says where in the text an effect comes from', async () => {
  const text = "SELECT 'é', evil(1) FROM customers";
  const analysis = await analyze({ text }, shop);
  const spans = analysis.ok ? analysis.value.effects.flatMap((effect) => effect.at ?? []) : [];
  expect(spans.map((span) => text.slice(span.start, span.end)).sort()).toEqual(['customers', 'evil']);
});
