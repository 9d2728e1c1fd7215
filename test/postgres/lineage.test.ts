import { beforeAll, describe, expect, it } from 'vitest';
import type { PostgresCatalogue } from '../../shared/connectors/postgres/catalogue/index.ts';
import { shopCatalogue } from './support/catalogue.ts';
import { lineage } from '../../shared/connectors/postgres/understanding.ts';
import { lineageOf } from './support/show.ts';

let shop: PostgresCatalogue;
beforeAll(async () => {
  shop = await shopCatalogue();
});

const row = ['customers.city', 'customers.email', 'customers.id', 'customers.name', 'customers.phone'].join(' ');

describe('an output column is followed to the columns it comes from', () => {
  it.each<[string, string[]]>([
    ['SELECT email FROM customers', ['email: customers.email']],
    ['SELECT email AS harmless FROM customers', ['harmless: customers.email']],
    [
      'SELECT c.* FROM customers c',
      [
        'id: customers.id',
        'name: customers.name',
        'email: customers.email',
        'phone: customers.phone',
        'city: customers.city',
      ],
    ],
    [
      'TABLE customers',
      [
        'id: customers.id',
        'name: customers.name',
        'email: customers.email',
        'phone: customers.phone',
        'city: customers.city',
      ],
    ],
    ['SELECT c FROM customers c', [`c: ~ ${row}`]],
    ['SELECT row_to_json(c) FROM customers c', [`row_to_json: ~ ${row}`]],
    ['SELECT to_jsonb(c.*) FROM customers c', [`to_jsonb: ~ ${row}`]],
    ['SELECT c::text FROM customers c', [`c: ~ ${row}`]],
    ['SELECT (c).email FROM customers c', ['email: customers.email']],
    ['SELECT email(customers) FROM customers', ['email: customers.email']],
    ['SELECT x.e FROM customers AS x(i, n, e)', ['e: customers.email']],
    ['WITH t(a, b) AS (SELECT id, email FROM customers) SELECT b FROM t', ['b: customers.email']],
    ['SELECT s.m FROM (SELECT email AS m FROM customers) s', ['m: customers.email']],
    ['SELECT name FROM customers UNION SELECT email FROM customers', ['name: customers.email customers.name']],
    ['SELECT id FROM customers UNION ALL SELECT 1', ['id: customers.id']],
    [
      'SELECT substring(email, 1, 3), md5(email) FROM customers',
      ['substring: ~ customers.email', 'md5: ~ customers.email'],
    ],
    ["SELECT string_agg(email, ',') FROM customers", ['string_agg: ~ customers.email']],
    [
      'SELECT first_value(email) OVER (ORDER BY phone) FROM customers',
      ['first_value: ~ customers.email customers.phone'],
    ],
    ["SELECT CASE WHEN city = 'x' THEN email END FROM customers", ['case: ~ customers.city customers.email']],
    ['SELECT (SELECT email FROM customers LIMIT 1)', ['email: customers.email']],
    ["SELECT EXISTS (SELECT 1 FROM customers WHERE email = 'x')", ['exists: ~ customers.email']],
    ["SELECT 'x' IN (SELECT email FROM customers)", ['?column?: ~ customers.email']],
    ['SELECT ARRAY(SELECT email FROM customers)', ['array: ~ customers.email']],
    ['SELECT id FROM customers JOIN payments USING (id)', ['id: customers.id payments.id']],
    [
      'SELECT * FROM payments NATURAL JOIN orders',
      [
        'id: orders.id payments.id',
        'order_id: payments.order_id',
        'card_number: payments.card_number',
        'amount: payments.amount',
        'customer_id: orders.customer_id',
        'status: orders.status',
        'total: orders.total',
      ],
    ],
    ['SELECT x.v FROM customers c, LATERAL (SELECT c.email AS v) x', ['v: customers.email']],
    ['SELECT v FROM customers c, json_each_text(to_json(c)) AS j(k, v)', [`v: ~ ${row}`]],
    [
      'SELECT contact, tel FROM contacts',
      ['contact: contacts.contact customers.email', 'tel: ~ contacts.tel customers.phone'],
    ],
    ['SELECT city FROM cities', ['city: cities.city customers.city']],
    ['SELECT secret FROM parted_1', ['secret: parted.secret parted_1.secret']],
    ['SELECT address AS a FROM invites', ['a: customers.email invites.address']],
    ['SELECT tableoid AS part, o.tableoid FROM parted, orders o', ['part: ~ parted.secret', 'tableoid:']],
    [
      'WITH RECURSIVE t(a, b) AS (SELECT name, city FROM customers UNION ALL SELECT b, phone FROM t, customers) SELECT a FROM t',
      ['a: customers.city customers.name customers.phone'],
    ],
    [
      'WITH RECURSIVE t(n) AS (SELECT id FROM orders UNION ALL SELECT n FROM t WHERE n = 1) SEARCH DEPTH FIRST BY n SET o CYCLE n SET c USING p SELECT * FROM t',
      ['n: orders.id', 'o: ~ orders.id', 'c:', 'p: ~ orders.id'],
    ],
    ['UPDATE customers SET city = 1 RETURNING email, old.phone', ['email: customers.email', 'phone: customers.phone']],
    ['DELETE FROM payments RETURNING WITH (OLD AS o) o.card_number', ['card_number: payments.card_number']],
    [
      'INSERT INTO payments SELECT * FROM payments RETURNING *',
      [
        'id: payments.id',
        'order_id: payments.order_id',
        'card_number: payments.card_number',
        'amount: payments.amount',
      ],
    ],
    [
      'MERGE INTO payments p USING orders o ON p.id = o.id WHEN MATCHED THEN DELETE RETURNING merge_action(), o.status',
      ['merge_action:', 'status: orders.status'],
    ],
    ['WITH gone AS (DELETE FROM customers RETURNING email) SELECT * FROM gone', ['email: customers.email']],
    ['VALUES (1, (SELECT email FROM customers LIMIT 1))', ['column1:', 'column2: customers.email']],
    ['SELECT count(*), 1 AS one, now() FROM customers', ['count:', 'one:', 'now:']],
    ['SELECT ROW(email, 1), ROW(c.*) FROM customers c', ['row: ~ customers.email', `row: ~ ${row}`]],
    [
      "SELECT json_object('e': email), xmlforest(email AS e) FROM customers",
      ['json_object: ~ customers.email', 'xmlforest: ~ customers.email'],
    ],
    ["SELECT x.e FROM customers c, json_table(to_json(c), '$' COLUMNS (e text PATH '$.email')) x", [`e: ~ ${row}`]],
  ])('%s', async (sql, columns) => {
    expect(await lineageOf(sql, shop)).toEqual(columns);
  });
});

describe('a function in plain SQL is followed into its body', () => {
  it.each<[string, string]>([
    ['SELECT city_of(1) AS x', 'x: ~ customers.city customers.id'],
    ['SELECT mail_of(1) AS x', 'x: ~ customers.email customers.id'],
    ['SELECT city_of(o.total) AS x FROM orders o', 'x: ~ customers.city customers.id orders.total'],
    ['SELECT doubled(email) AS x FROM customers', 'x: ~ customers.email'],
    ['SELECT nested(1) AS x', 'x: ~ customers.city customers.id'],
    ['SELECT c AS x FROM cities_of(1)', 'x: ~ customers.city customers.phone'],
    ['SELECT copying(1) AS x', 'x: ?'],
    ['SELECT hidden(1) AS x', 'x: ?'],
    ['SELECT endless(1) AS x', 'x: ?'],
  ])('%s', async (sql, column) => {
    expect(await lineageOf(sql, shop)).toEqual([column]);
  });
});

describe('a plan tells of every column that is read for it', () => {
  it.each<[string, string]>([
    ['EXPLAIN SELECT city FROM customers WHERE id = 1', 'QUERY PLAN: ~ customers.city customers.id'],
    [
      'EXPLAIN (FORMAT json) SELECT contact FROM contacts',
      'QUERY PLAN: ~ contacts.contact customers.email customers.id customers.phone',
    ],
    ['EXPLAIN SELECT id FROM parted', 'QUERY PLAN: ~ parted.id parted.secret parted_1.id'],
    ['EXPLAIN SELECT id FROM secure', 'QUERY PLAN: ?'],
    ['EXPLAIN SELECT evil(1)', 'QUERY PLAN: ?'],
  ])('%s', async (sql, column) => {
    expect(await lineageOf(sql, shop)).toEqual([column]);
  });
});

describe('what cannot be followed is unknown', () => {
  it.each([
    'SELECT * FROM evil(1)',
    'CALL audit()',
    'COPY customers TO STDOUT',
    'SELECT * FROM nowhere',
    'SELECT * FROM customers c, LATERAL coalesce(c, NULL) x',
    'SELECT (evil(1)).*',
    'not SQL',
  ])('%s', async (sql) => {
    expect(await lineageOf(sql, shop)).toBe('?');
  });

  it.each<[string, string]>([
    ['SELECT evil(1) AS x', 'x: ?'],
    // Of a function without a list of its columns, the second name may mean the second of them.
    ['SELECT b AS x FROM evil(1) WITH ORDINALITY AS f(a, b)', 'x: ?'],
    ['SELECT b AS x FROM ROWS FROM (evil(1), generate_series(1, 3)) AS f(a, b, c)', 'x: ?'],
    ['SELECT b AS x FROM (evil(1) CROSS JOIN orders) AS j(a, b, c)', 'x: ?'],
    ['SELECT b AS x FROM (SELECT f.*, o.id FROM evil(1) f, orders o) s(a, b)', 'x: ?'],
    ['WITH t(a, b) AS (SELECT f.*, 1 FROM evil(1) f) SELECT b AS x FROM t', 'x: ?'],
    ['SELECT 1 +#+ 2 AS x', 'x: ?'],
    ['SELECT mood::text AS x FROM moods', 'x: ?'],
    ['SELECT most_common_vals FROM pg_stats', 'most_common_vals: ?'],
  ])('%s', async (sql, column) => {
    expect(await lineageOf(sql, shop)).toEqual([column]);
  });
});

describe('whether other values stand among the column’s own is known', () => {
  it.each<[string, boolean]>([
    ['SELECT email FROM customers', false],
    ['SELECT x.e FROM (SELECT email AS e FROM customers) x', false],
    ["SELECT email FROM customers UNION ALL SELECT 'ada@example.com'", true],
    ['SELECT email FROM customers UNION SELECT name FROM customers', true],
    ["WITH t(e) AS (SELECT email FROM customers UNION VALUES ('x')) SELECT e FROM t", true],
    ['SELECT email FROM customers JOIN (SELECT name AS email FROM customers) g USING (email)', true],
  ])('%s', async (sql, mixed) => {
    const known = await lineage({ text: sql }, shop);
    const [first] = known.known ? known.columns : [];
    expect(first?.known === true && (first.mixed ?? false)).toBe(mixed);
  });
});
