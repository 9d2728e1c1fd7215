import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDataApi } from '../../shared/aws/data-api/index.ts';
import type { Catalogue, Connector } from '../../shared/connectors/connector.ts';
import { createPostgresConnector } from '../../shared/connectors/postgres/index.ts';
import type { DataApi, TransactionAnswer, Transacted } from '../../shared/connectors/postgres/data-api.ts';
import { runBounded } from '../../shared/connectors/postgres/execute/bounded-run.ts';
import { createPostgresExecutor } from '../../shared/connectors/postgres/execute/executor.ts';
import type { Effect } from '../../shared/domain/effect.ts';
import type { TargetOutcome } from '../../shared/domain/result-set.ts';
import { ordersConnection, startOrdersDatabase, type OrdersDatabase } from '../support/orders-database.ts';

describe('a run that is bound to a number of rows, against a real PostgreSQL', () => {
  let orders: OrdersDatabase;
  let connector: Connector;
  let catalogue: Catalogue;
  beforeAll(async () => {
    orders = await startOrdersDatabase();
    connector = createPostgresConnector(createDataApi(orders.client));
    const taken = await connector.catalogue(ordersConnection);
    if (!taken.ok) throw new Error(taken.error.message);
    catalogue = taken.value;
  });
  afterAll(() => orders.close());

  const run = async (text: string, rowsMax: number, maxRows = 100): Promise<TargetOutcome> => {
    const analysis = await connector.analyze({ text }, catalogue, ordersConnection);
    if (!analysis.ok) throw new Error(analysis.error.message);
    const limits = { maxRows, timeoutSeconds: 5, rowsMax };
    return connector.execute({ text }, ordersConnection, analysis.value.effects, limits);
  };
  const count = async (where: string): Promise<unknown> => {
    const outcome = await run(`SELECT count(*) FROM orders WHERE ${where}`, 0).then(() =>
      createDataApi(orders.client).run({
        connection: ordersConnection,
        access: 'read',
        sql: `SELECT count(*) FROM orders WHERE ${where}`,
        parameters: [],
        maxRows: 1,
        timeoutSeconds: 5,
      }),
    );
    return outcome.kind === 'done' ? outcome.result.rows[0]?.[0] : outcome;
  };

  test('as many as approved are kept, one more and none of them is', async () => {
    expect(await run("UPDATE orders SET status = 'returned' WHERE id IN (21, 22)", 2)).toMatchObject({
      kind: 'done',
      result: { rowCount: 2 },
    });
    expect(await run("UPDATE orders SET status = 'cancelled' WHERE id IN (21, 22, 23)", 2)).toEqual({
      kind: 'refused',
      code: 'more_rows_than_approved',
      message: expect.stringContaining('It changed 3 rows and at most 2 were approved') as unknown,
    });
    expect(await count("id IN (21, 22, 23) AND status = 'cancelled'")).toBe(0);
    expect(await count("id IN (21, 22) AND status = 'returned'")).toBe(2);
  });

  test('zero is a bound like any other', async () => {
    expect(await run("UPDATE orders SET status = 'paid' WHERE id = -1", 0)).toMatchObject({ kind: 'done' });
    expect(await run("UPDATE orders SET status = 'paid' WHERE id = 24", 0)).toMatchObject({
      code: 'more_rows_than_approved',
    });
  });

  test('RETURNING is counted whole, also where its rows are cut', async () => {
    expect(await run("UPDATE orders SET status = 'cancelled' WHERE id <= 30 RETURNING id", 29, 5)).toMatchObject({
      code: 'more_rows_than_approved',
      message: expect.stringContaining('30 rows') as unknown,
    });
    expect(await count("id <= 30 AND status = 'cancelled'")).toBeLessThan(30);
  });

  test.each([
    ['a change in a WITH', 'WITH gone AS (DELETE FROM payments WHERE id < 9 RETURNING id) SELECT count(*) FROM gone'],
    [
      'a change in a WITH beside another',
      "WITH gone AS (DELETE FROM payments WHERE id < 9) UPDATE orders SET status = 'paid' WHERE id = 1",
    ],
    [
      'a change in the WITH of what is inserted',
      'INSERT INTO products (sku, name, price_cents) WITH gone AS (DELETE FROM payments RETURNING brand) SELECT brand, brand, 1 FROM gone',
    ],
    ['TRUNCATE', 'TRUNCATE payments'],
    ['a read', 'SELECT 1'],
    ['an anonymous block', 'DO $$ BEGIN DELETE FROM payments; END $$'],
  ])('%s cannot be counted, so it is not run at all', async (_name, text) => {
    const before = orders.dataApi.reached().length;
    expect(await run(text, 1_000)).toMatchObject({ kind: 'refused', code: 'rows_not_counted' });
    expect(orders.dataApi.reached()).toHaveLength(before);
  });

  test('an error in it is the database’s own, and nothing is kept', async () => {
    expect(await run("UPDATE orders SET status = 'lost' WHERE id = 40", 5)).toMatchObject({
      kind: 'refused',
      code: '23514',
    });
  });
});

describe('the end of a bounded run', () => {
  const done: TransactionAnswer = {
    outcome: { kind: 'done', result: { columns: [], rows: [], rowCount: 1, truncated: false } },
    rows: 1,
  };
  const place = { connection: ordersConnection, access: 'write' } as const;
  const statement = { sql: 'UPDATE t SET a = 1', parameters: [], maxRows: 1, timeoutSeconds: 1 };
  const over = (answer: TransactionAnswer, end?: Transacted<never>): DataApi => ({
    run: () => Promise.reject(new Error('not for this')),
    transact: async (_place, work) => {
      const ended = await work({ run: (one) => Promise.resolve(one.sql.includes('set_config') ? done : answer) });
      if (!ended.keep) return { kind: 'undone', value: ended.value, confirmed: true };
      return end ?? { kind: 'kept', value: ended.value };
    },
  });

  test.each<[string, DataApi, Partial<TargetOutcome> & { code?: string }]>([
    ['no number from the database', over({ outcome: done.outcome }), { kind: 'refused', code: 'rows_not_counted' }],
    [
      'an answer that was lost',
      over({ outcome: { kind: 'unavailable', message: 'lost' } }),
      { kind: 'refused', code: 'not_committed' },
    ],
    [
      'a COMMIT that was refused',
      over(done, { kind: 'commit_refused', code: '23505', message: 'x' }),
      { kind: 'refused', code: '23505' },
    ],
    ['a COMMIT whose answer was lost', over(done, { kind: 'commit_unknown', message: 'x' }), { kind: 'unknown' }],
    [
      'a transaction that never began',
      { ...over(done), transact: () => Promise.resolve({ kind: 'not_begun', message: 'x' }) },
      { kind: 'unavailable' },
    ],
  ])('%s', async (_name, dataApi, expected) => {
    expect(await runBounded(dataApi, place, statement, 5)).toMatchObject(expected);
  });
});

describe('a refusal of what may have outlived its error', () => {
  const effect = (action: string, group: Effect['group']): Effect => ({
    action,
    group,
    resource: { kind: 'function', name: 'public.f' },
    attributes: {},
  });
  const refusing = (code: string): DataApi => ({
    run: () => Promise.resolve({ kind: 'refused', code, message: 'no' }),
    transact: () => Promise.reject(new Error('not for this')),
  });
  test.each([
    ['a procedure', effect('sql:call', 'execute'), '22012', 'unknown'],
    ['a block', effect('sql:do', 'execute'), '42P01', 'unknown'],
    ['maintenance', effect('sql:maintain', 'administer'), '57014', 'unknown'],
    ['a plain write', effect('sql:update', 'write'), '22012', 'refused'],
    ['a call that the service did not take', effect('sql:call', 'execute'), 'invalid_call', 'refused'],
  ])('%s', async (_name, one, code, kind) => {
    const execute = createPostgresExecutor(refusing(code));
    expect(
      await execute({ text: 'SELECT 1' }, ordersConnection, [one], { maxRows: 1, timeoutSeconds: 1 }),
    ).toMatchObject({ kind });
  });
});
