import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PostgresCatalogue } from '../../shared/connectors/postgres/catalogue/index.ts';
import { takeCatalogue } from '../../shared/connectors/postgres/catalogue/take.ts';
import data from '../../shared/connectors/postgres/catalogue/builtin-functions.json' with { type: 'json' };
import { isVouched } from '../../shared/connectors/postgres/catalogue/builtins.ts';
import type { DataApi } from '../../shared/connectors/postgres/data-api.ts';
import { createDataApi } from '../../shared/aws/data-api/index.ts';
import { ordersConnection, startOrdersDatabase } from '../support/orders-database.ts';
import type { OrdersDatabase } from '../support/orders-database.ts';
import { builtinsOf } from './support/builtins-of.ts';
import { effectsOf, lineageOf } from './support/show.ts';

let database: OrdersDatabase;
let dataApi: DataApi;
let catalogue: PostgresCatalogue;

beforeAll(async () => {
  database = await startOrdersDatabase();
  dataApi = createDataApi(database.client);
  catalogue = await taken();
});
afterAll(async () => {
  await database.close();
});

async function taken(): Promise<PostgresCatalogue> {
  const result = await takeCatalogue(dataApi, ordersConnection);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

const query = async (sql: string): Promise<readonly (readonly unknown[])[]> => {
  const outcome = await dataApi.run({
    connection: ordersConnection,
    access: 'read',
    sql,
    parameters: [],
    maxRows: 10_000,
    timeoutSeconds: 30,
  });
  if (outcome.kind !== 'done') throw new Error(outcome.message);
  return outcome.result.rows;
};

describe('a snapshot of a real PostgreSQL', () => {
  it('taken twice has one version', async () => {
    expect((await taken()).version).toBe(catalogue.version);
  });

  it('is taken with the reading login alone by who only says what would happen, and with both by who runs', async () => {
    const used = async (logins?: 'reading'): Promise<{ ok: boolean; logins: string[] }> => {
      const asked = new Set<string>();
      const watched: DataApi = {
        ...dataApi,
        run: (call) => {
          asked.add(call.access);
          return call.access === 'write' ? Promise.resolve(lost) : dataApi.run(call);
        },
      };
      const { ok } = await takeCatalogue(watched, ordersConnection, logins);
      return { ok, logins: [...asked].sort() };
    };
    const lost = { kind: 'unavailable', message: 'The login that writes is not to be had.' } as const;
    expect(await used('reading')).toEqual({ ok: true, logins: ['read'] });
    expect(await used()).toEqual({ ok: false, logins: ['read', 'write'] });
  });

  it('knows the tables, and follows the view to its base', async () => {
    expect(await lineageOf('SELECT email FROM customers', catalogue)).toEqual(['email: customers.email']);
    expect(String(await lineageOf('SELECT * FROM customer_contacts', catalogue))).toContain('customers.email');
  });

  it('takes the tags in comments of columns and tables, and follows them through views', async () => {
    const outcome = await dataApi.run({
      connection: ordersConnection,
      access: 'write',
      sql: "COMMENT ON COLUMN customers.name IS 'What to call them. @contact countersign:pii.name, not a@b #x'",
      parameters: [],
      maxRows: 1,
      timeoutSeconds: 30,
    });
    expect(outcome.kind).toBe('done');
    const tagged = await taken();
    expect(tagged.column('public.customers', 'name').tags).toEqual(['#x', '@contact', 'countersign:pii.name']);
    expect(tagged.column('public.customers', 'email').tags).toBeUndefined();
  });

  it('knows what a delete brings with it', async () => {
    const effects = await effectsOf('DELETE FROM orders WHERE id = 1', catalogue);
    expect(effects).toContain('sql:delete public.orders');
    expect(effects).toContain('sql:delete public.order_items');
  });

  it('knows the system catalogues', async () => {
    expect(await effectsOf('SELECT relname FROM pg_class', catalogue)).toEqual([
      'sql:select pg_catalog.pg_class !system',
    ]);
  });

  it('does not call what the server calls volatile pure', () => {
    expect(catalogue.callsVolatile('pg_sleep')).toBe(true);
    expect(isVouched('pg_sleep', true)).toBe(false);
    expect(isVouched('lower', true)).toBe(false);
  });
});

it('the list of vouched built-ins is what this server says, less the exceptions', async () => {
  const { vouched, columns, polymorphic } = await builtinsOf(query);
  expect({ vouched, columns, polymorphic }).toEqual({
    vouched: data.vouched,
    columns: data.columns,
    polymorphic: data.polymorphic,
  });
});

describe('output columns have the names and the number that PostgreSQL gives them', () => {
  it.each([
    'SELECT * FROM customers',
    'SELECT c.*, o.id AS x, o.total_cents + 1 FROM customers c JOIN orders o ON o.customer_id = c.id',
    'SELECT count(*), max(1), CASE WHEN true THEN 1 END, 1::text, ARRAY[1], now(), current_date',
    'SELECT * FROM orders NATURAL JOIN payments',
    'SELECT * FROM customers JOIN orders USING (id) JOIN payments USING (id)',
    "SELECT * FROM json_each('{}') WITH ORDINALITY",
    'SELECT * FROM generate_series(1, 2) g, unnest(ARRAY[1], ARRAY[2]) u(a)',
    'SELECT EXISTS (SELECT 1), (SELECT 2 AS two), ARRAY(SELECT 1), coalesce(1), nullif(1, 2), greatest(1)',
    'WITH t(a) AS (VALUES (1, 2)) SELECT * FROM t',
    'WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 3) SEARCH DEPTH FIRST BY n SET o CYCLE n SET c USING p SELECT (to_jsonb(t) IS NULL), n, c FROM t',
    'TABLE customer_contacts',
    "SELECT ('{1,2}'::int[])[1], (json_each('{}')).*, date '2026-01-01', true IS NULL, 1 BETWEEN 0 AND 2",
  ])('%s', async (sql) => {
    const outcome = await dataApi.run({
      connection: ordersConnection,
      access: 'read',
      sql,
      parameters: [],
      maxRows: 1,
      timeoutSeconds: 30,
    });
    const names = outcome.kind === 'done' ? outcome.result.columns.map((column) => column.name) : [outcome.message];
    const ours = await lineageOf(sql, catalogue);
    expect(ours === '?' ? ours : ours.map((column) => column.slice(0, column.indexOf(':')))).toEqual(names);
  });
});
