import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDataApi } from '../../shared/aws/data-api/index.ts';
import type { Catalogue, Connector, Preview } from '../../shared/connectors/connector.ts';
import { createPostgresConnector } from '../../shared/connectors/postgres/index.ts';
import type { Parameters } from '../../shared/domain/statement.ts';
import { ordersConnection, startOrdersDatabase, type OrdersDatabase } from '../support/orders-database.ts';

/** Beside the shop: what must not be tried, and names and types that are awkward to write back. */
const EXTRA = `
  CREATE TABLE public."Odd ""Names""" (id int PRIMARY KEY, "select" text, tags text[], code varchar(4));
  INSERT INTO public."Odd ""Names""" VALUES (1, 'a', '{x}', 'ab'), (2, 'b', '{y}', 'cd');
  CREATE SEQUENCE public.numbers;
  CREATE TABLE public.numbered (id int DEFAULT nextval('public.numbers'), n int);
  INSERT INTO public.numbered (n) VALUES (1), (2);
  CREATE FUNCTION public.loud(int) RETURNS boolean LANGUAGE plpgsql VOLATILE AS 'BEGIN PERFORM nextval(''public.numbers''); RETURN true; END';
  CREATE TABLE public.large (id int, v int);
  INSERT INTO public.large SELECT n, 0 FROM generate_series(1, 12000) n;
  ANALYZE public.large;
`;

describe('a preview, against a real PostgreSQL', () => {
  let orders: OrdersDatabase;
  let connector: Connector;
  let catalogue: Catalogue;
  beforeAll(async () => {
    orders = await startOrdersDatabase();
    const root = await orders.cluster.connectAsRoot('orders');
    await root.query('SET SESSION AUTHORIZATION "orders-app"');
    await root.query(EXTRA);
    await root.end();
    connector = createPostgresConnector(createDataApi(orders.client));
    const taken = await connector.catalogue(ordersConnection);
    if (!taken.ok) throw new Error(taken.error.message);
    catalogue = taken.value;
  });
  afterAll(() => orders.close());

  /** Everything that the database holds, as one digest: rows with their versions, and what sequences have given out. */
  const state = async (): Promise<unknown> => {
    const root = await orders.cluster.connectAsRoot('orders');
    const tables = await root.query<{ name: string }>(
      "SELECT format('%I', relname) AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1",
    );
    const digests = tables.rows.map(
      ({ name }) => `(SELECT md5(string_agg(t.xmin::text || t::text, ',' ORDER BY t::text)) FROM public.${name} t)`,
    );
    const all = await root.query(`SELECT ARRAY[${digests.join(', ')}]`);
    const sequences = await root.query('SELECT sequencename, last_value FROM pg_sequences ORDER BY 1');
    await root.end();
    return [all.rows, sequences.rows];
  };
  const preview = async (text: string, parameters?: Parameters, given: Catalogue | 'none' = catalogue) => {
    const names = given === 'none' ? undefined : given;
    const statement = parameters === undefined ? { text } : { text, parameters };
    const analysis = await connector.analyze(statement, names, ordersConnection);
    if (!analysis.ok) throw new Error(analysis.error.message);
    return connector.preview(statement, ordersConnection, analysis.value.effects, names);
  };
  const open = async (): Promise<number> => {
    const root = await orders.cluster.connectAsRoot('orders');
    const found = await root.query<{ n: number }>(
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename = 'orders-app' AND state LIKE 'idle in transaction%'",
    );
    await root.end();
    return found.rows[0]?.n ?? -1;
  };

  const cases: readonly (readonly [string, string, Preview['rows']['basis'], number | undefined, Parameters?])[] = [
    ['an update', "UPDATE orders SET status = 'paid' WHERE id IN (11, 12, 99999)", 'measured', 2],
    ['one with parameters', 'UPDATE orders SET status = :s WHERE id = :id', 'measured', 1, { s: 'paid', id: 5 }],
    ['one that changes nothing', "DELETE FROM payments WHERE brand = 'none'", 'measured', 0],
    ['one with RETURNING', 'DELETE FROM payments WHERE id < 21 RETURNING *', 'measured', 20],
    [
      'one that joins',
      "DELETE FROM payments p USING orders o WHERE o.id = p.order_id AND o.status = 'paid' AND o.id < 100",
      'measured',
      13,
    ],
    [
      'a MERGE without an insert',
      'MERGE INTO payments p USING orders o ON p.order_id = o.id AND o.id < 10 WHEN MATCHED THEN DELETE',
      'measured',
      7,
    ],
    ['the whole table', 'DELETE FROM payments', 'counted', 1125],
    ['the whole table, said at length', 'UPDATE payments SET brand = brand WHERE true', 'counted', 1125],
    ['rows with a trigger', 'UPDATE order_items SET quantity = 2 WHERE order_id = 7', 'counted', 2],
    ['rows with a cascade into a trigger', 'DELETE FROM orders WHERE id = 3', 'counted', 1],
    ['a DEFAULT that draws a number', 'UPDATE orders SET id = DEFAULT WHERE id = 3', 'counted', 1],
    ['a default that advances a sequence', 'UPDATE numbered SET id = DEFAULT WHERE n = 1', 'counted', 1],
    ['more rows than are tried', 'UPDATE large SET v = 1 WHERE id > 0', 'counted', 12000],
    [
      'rows that are named',
      "INSERT INTO products (sku, name, price_cents) VALUES ('a', 'a', 1), ('b', 'b', 2)",
      'counted',
      2,
    ],
    [
      'rows that are read',
      "INSERT INTO products (sku, name, price_cents) SELECT sku || '-2', name, 1 FROM products WHERE id < 9",
      'counted',
      8,
    ],
    [
      'an upsert',
      "INSERT INTO products (sku, name, price_cents) VALUES ('SKU-0001', 'a', 1) ON CONFLICT (sku) DO UPDATE SET name = 'a'",
      'counted',
      1,
    ],
    [
      'a write in a WITH',
      'WITH gone AS (DELETE FROM payments WHERE id < 10 RETURNING id) SELECT count(*) FROM gone',
      'estimated',
      undefined,
    ],
    ['a read', "SELECT * FROM customers WHERE city = 'Porto'", 'estimated', undefined],
    ['what the database refuses', "UPDATE orders SET status = 'lost' WHERE id = 7", 'estimated', 1],
    ['a function that is not pure', 'DELETE FROM payments WHERE id < 10 AND loud(id::int)', 'unknown', undefined],
    ['an explicit nextval', "UPDATE numbered SET n = nextval('numbers') WHERE n = 2", 'counted', 1],
    ['a definition', 'DROP TABLE payments', 'unknown', undefined],
    [
      'what reads too much',
      'DELETE FROM payments WHERE id IN (SELECT a.id FROM orders a, orders b, orders c)',
      'unknown',
      undefined,
    ],
    ['a lock', 'SELECT id FROM orders WHERE id = 1 FOR UPDATE', 'estimated', 1],
  ];
  test.each(cases.map((one) => [one[0], one] as const))(
    'finds the rows of %s, and keeps nothing',
    async (_name, one) => {
      const [, text, basis, rows, parameters] = one;
      const before = await state();
      const found = await preview(text, parameters);
      expect(found.rows).toMatchObject({ basis, ...(rows === undefined ? {} : { rows }) });
      expect(await state()).toEqual(before);
      expect(await open()).toBe(0);
    },
  );

  test('shows rows as they are and as they would be, with their lineage', async () => {
    const { sample } = await preview(
      'UPDATE orders o SET status = $1, total_cents = o.total_cents + $2 WHERE o.id = 11',
      ['shipped', 4],
    );
    expect(sample?.result.columns.map(({ name }) => name)).toEqual([
      'id',
      'customer_id',
      'status',
      'status (new)',
      'total_cents',
      'total_cents (new)',
      'created_at',
    ]);
    expect(sample?.result.rows).toMatchObject([[11, 408, 'paid', 'shipped', 43696, 43700, expect.anything()]]);
    expect(sample?.lineage).toMatchObject({
      known: true,
      columns: expect.arrayContaining([
        {
          known: true,
          name: 'total_cents (new)',
          derived: true,
          sources: [{ relation: 'public.orders', column: 'total_cents' }],
        },
      ]) as unknown,
    });
    expect(
      orders.dataApi
        .reached()
        .filter(({ sql }) => sql.startsWith('SELECT') && sql.includes('(new)'))
        .at(-1)?.user,
    ).toBe('orders-read');
  });

  test('writes awkward names, arrays and literals back as they were', async () => {
    const { rows, sample } = await preview(
      `UPDATE "Odd ""Names""" t SET "select" = E'it''s\\n', tags[1] = 'z', code = $1 WHERE t."select" IS DISTINCT FROM 'x' AND id = $2`,
      ['zz', 1],
    );
    expect(rows).toEqual({ basis: 'measured', rows: 1 });
    expect(sample?.result.rows).toEqual([[1, 'a', "it's\n", ['x'], 'ab', 'zz']]);
    const plain = await preview(`UPDATE "Odd ""Names""" SET "select" = E'it''s' WHERE id = 1`);
    expect(plain.sample?.result.rows).toEqual([[1, 'a', "it's", ['x'], 'ab']]);
  });

  test('says what is not in the number', async () => {
    const { uncounted, unbindable } = await preview('DELETE FROM orders WHERE id = 3');
    expect(uncounted).toEqual(
      expect.arrayContaining([
        expect.stringContaining('public.order_items'),
        expect.stringContaining('public.refresh_order_total'),
        expect.stringContaining('public.payments'),
      ]),
    );
    expect(unbindable).toBeUndefined();
  });

  test('waits for nobody’s lock: it says so and lets go', async () => {
    const root = await orders.cluster.connectAsRoot('orders');
    await root.query('BEGIN');
    await root.query('UPDATE payments SET brand = brand WHERE id = 50');
    const { rows } = await preview('DELETE FROM payments WHERE id = 50');
    expect(rows).toMatchObject({ basis: 'estimated', why: expect.stringContaining('lock') as unknown });
    await root.query('ROLLBACK');
    await root.end();
    expect(await open()).toBe(0);
  });

  test('without names, or without the database, it says that it could not', async () => {
    expect((await preview('DELETE FROM payments WHERE id = 1', undefined, 'none')).rows.basis).toBe('unknown');
    const nowhere = { ...ordersConnection, secretArn: `${ordersConnection.secretArn}x`, readSecretArn: undefined };
    const analysis = await connector.analyze(
      { text: 'DELETE FROM payments WHERE id = 1' },
      catalogue,
      ordersConnection,
    );
    if (!analysis.ok) throw new Error('unreadable');
    const lost = await connector.preview(
      { text: 'DELETE FROM payments WHERE id = 1' },
      nowhere,
      analysis.value.effects,
      catalogue,
    );
    expect(lost).toEqual({ rows: { basis: 'unknown', why: 'the database could not be asked' }, uncounted: [] });
  });
});
