import { RDSDataClient, type RDSDataClient as Client } from '@aws-sdk/client-rds-data';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDataApi } from '../../shared/aws/data-api/index.ts';
import type { DataApi, TransactionEnd } from '../../shared/connectors/postgres/data-api.ts';
import {
  dataApiClient,
  ordersConnection,
  startOrdersDatabase,
  type OrdersDatabase,
} from '../support/orders-database.ts';

type Place = Parameters<DataApi['transact']>[0];

const statement = (sql: string) => ({ sql, parameters: [], maxRows: 10, timeoutSeconds: 5 });
const keep = <T>(value: T): TransactionEnd<T> => ({ keep: true, value });
const undo = <T>(value: T): TransactionEnd<T> => ({ keep: false, value });

/** What the gateway relies on in the Data API's transactions, through its own adapter. The login may make `contract_*` tables. */
export function transactionContract(get: () => { readonly client: Client; readonly place: Place }): void {
  let dataApi: DataApi;
  let place: Place;
  const rows = async (): Promise<unknown> => {
    const outcome = await dataApi.run({ ...place, ...statement('SELECT id FROM contract_kept ORDER BY id') });
    return outcome.kind === 'done' ? outcome.result.rows.map(([id]) => id) : outcome;
  };
  beforeAll(async () => {
    const at = get();
    dataApi = createDataApi(at.client);
    place = at.place;
    await dataApi.run({ ...place, ...statement('DROP TABLE IF EXISTS contract_kept') });
    await dataApi.run({
      ...place,
      ...statement('CREATE TABLE contract_kept (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)'),
    });
  });
  afterAll(async () => {
    await dataApi.run({ ...place, ...statement('DROP TABLE contract_kept') });
  });

  test('what is kept is there, what is undone never was, and both say how many rows it was', async () => {
    const insert = (ids: string) => `INSERT INTO contract_kept SELECT unnest(ARRAY[${ids}])`;
    expect(await dataApi.transact(place, async (tx) => keep((await tx.run(statement(insert('1, 2')))).rows))).toEqual({
      kind: 'kept',
      value: 2,
    });
    expect(await dataApi.transact(place, async (tx) => undo((await tx.run(statement(insert('3')))).rows))).toEqual({
      kind: 'undone',
      value: 1,
      confirmed: true,
    });
    expect(await rows()).toEqual([1, 2]);
  });

  test('RETURNING counts every row, also those that are cut from the answer', async () => {
    const sql = 'INSERT INTO contract_kept SELECT generate_series(100, 119) RETURNING id';
    const ended = await dataApi.transact(place, async (tx) => undo(await tx.run(statement(sql))));
    expect(ended).toMatchObject({
      kind: 'undone',
      value: { rows: 20, outcome: { kind: 'done', result: { truncated: true } } },
    });
  });

  test('an error in the middle leaves nothing, and the transaction can only be undone', async () => {
    const ended = await dataApi.transact(place, async (tx) => {
      await tx.run(statement('INSERT INTO contract_kept VALUES (4)'));
      return undo((await tx.run(statement('SELECT 1 / 0'))).outcome);
    });
    expect(ended).toMatchObject({ kind: 'undone', value: { kind: 'refused', code: '22012' } });
    expect(await rows()).toEqual([1, 2]);
  });

  test('a COMMIT that the database refuses kept nothing, with its SQLSTATE', async () => {
    const ended = await dataApi.transact(place, async (tx) =>
      keep((await tx.run(statement('INSERT INTO contract_kept VALUES (1)'))).outcome.kind),
    );
    expect(ended).toMatchObject({ kind: 'commit_refused', code: '23505' });
    expect(await rows()).toEqual([1, 2]);
  });

  test('work that throws is rolled back, and its error goes on', async () => {
    const thrown = dataApi.transact(place, async (tx) => {
      await tx.run(statement('INSERT INTO contract_kept VALUES (5)'));
      throw new TypeError('a fault of ours');
    });
    await expect(thrown).rejects.toThrow('a fault of ours');
    expect(await rows()).toEqual([1, 2]);
  });

  test('settings made for the transaction end with it', async () => {
    const setting = "SELECT current_setting('lock_timeout')";
    const inside = await dataApi.transact(place, async (tx) => {
      await tx.run(statement("SELECT set_config('lock_timeout', '1234ms', true)"));
      return undo((await tx.run(statement(setting))).outcome);
    });
    expect(inside).toMatchObject({ value: { result: { rows: [['1234ms']] } } });
    const after = await dataApi.run({ ...place, ...statement(setting) });
    expect(after).not.toMatchObject({ result: { rows: [['1234ms']] } });
  });
}

describe('transactions over the embedded Data API', () => {
  let orders: OrdersDatabase;
  const place: Place = { connection: ordersConnection, access: 'write' };
  beforeAll(async () => {
    orders = await startOrdersDatabase({ statementTimeoutMs: 2_000, transactionIdleMs: 400 });
  });
  afterAll(() => orders.close());
  const count = async (where: string): Promise<unknown> => {
    const sql = `SELECT count(*) FROM orders WHERE ${where}`;
    const outcome = await createDataApi(orders.client).run({ ...place, ...statement(sql) });
    return outcome.kind === 'done' ? outcome.result.rows[0]?.[0] : outcome;
  };

  transactionContract(() => ({ client: orders.client, place }));

  test('one that cannot begin says so, and nothing was tried', async () => {
    const wrong = { ...place, connection: { ...ordersConnection, secretArn: `${ordersConnection.secretArn}x` } };
    const before = orders.dataApi.reached().length;
    const ended = await createDataApi(orders.client).transact(wrong, () => Promise.reject(new Error('not reached')));
    expect(ended).toMatchObject({ kind: 'not_begun' });
    expect(orders.dataApi.reached()).toHaveLength(before);
  });

  test('a statement that is given up on is rolled back once the server has let go of it, and holds no lock', async () => {
    const ended = await createDataApi(orders.client).transact(place, async (tx) => {
      await tx.run(statement("UPDATE orders SET status = 'paid' WHERE id = 1"));
      return undo((await tx.run({ ...statement('SELECT 1 FROM pg_sleep(1)'), timeoutSeconds: 0.5 })).outcome);
    });
    expect(ended).toMatchObject({ kind: 'undone', value: { kind: 'refused', code: 'timeout' }, confirmed: true });
    const again = await createDataApi(orders.client).transact(place, async (tx) => {
      await tx.run(statement("SELECT set_config('lock_timeout', '300ms', true)"));
      return undo((await tx.run(statement("UPDATE orders SET status = 'paid' WHERE id = 1"))).rows);
    });
    expect(again).toMatchObject({ kind: 'undone', value: 1 });
  });

  test('one that ran out while idle was not committed, and says so', async () => {
    const ended = await createDataApi(orders.client).transact(place, async (tx) => {
      await tx.run(statement("UPDATE orders SET status = 'cancelled' WHERE id = 2"));
      await expect.poll(() => lost(tx), { interval: 600, timeout: 5_000 }).toBe(true);
      return keep('hoped');
    });
    expect(ended).toMatchObject({ kind: 'commit_refused', code: 'not_committed' });
    expect(await count("id = 2 AND status = 'cancelled'")).toBe(0);
  });
  const lost = async (tx: { run: (one: ReturnType<typeof statement>) => Promise<{ outcome: { kind: string } }> }) =>
    (await tx.run(statement('SELECT 1'))).outcome.kind !== 'done';

  describe('when calls are lost', () => {
    /** An SDK client whose named call does its work and then loses the answer, or never leaves. */
    const losing = (command: string, when: 'before' | 'after'): Client => {
      const client = dataApiClient(orders.dataApi.url);
      client.middlewareStack.add(
        (next, context) => async (args) => {
          if (context.commandName !== command) return next(args);
          if (when === 'after') await next(args);
          throw Object.assign(new Error('socket hang up'), { name: 'Error', code: 'ECONNRESET' });
        },
        { step: 'initialize' },
      );
      return client;
    };
    const write = (client: Client, id: number) =>
      createDataApi(client).transact(place, async (tx) =>
        keep((await tx.run(statement(`UPDATE orders SET status = 'returned' WHERE id = ${String(id)}`))).rows),
      );

    test.each(['before', 'after'] as const)('a COMMIT whose answer is lost %s it is done is unknown', async (when) => {
      const id = when === 'after' ? 901 : 902;
      expect(await write(losing('CommitTransactionCommand', when), id)).toMatchObject({ kind: 'commit_unknown' });
      await expect.poll(() => count(`id = ${String(id)} AND status = 'returned'`)).toBe(when === 'after' ? 1 : 0);
    });

    test('a rollback that cannot be sent is not confirmed; nothing is kept, and the lock goes when it idles out', async () => {
      const ended = await createDataApi(losing('RollbackTransactionCommand', 'before')).transact(place, async (tx) =>
        undo((await tx.run(statement("UPDATE orders SET status = 'returned' WHERE id = 903"))).rows),
      );
      expect(ended).toMatchObject({ kind: 'undone', confirmed: false });
      await expect.poll(() => write(orders.client, 903), { timeout: 5_000 }).toMatchObject({ kind: 'kept', value: 1 });
    });

    test('a statement whose answer is lost may have run, and is undone', async () => {
      const client = losing('ExecuteStatementCommand', 'after');
      const ended = await createDataApi(client).transact(place, async (tx) =>
        undo((await tx.run(statement("UPDATE orders SET status = 'returned' WHERE id = 904"))).outcome.kind),
      );
      expect(ended).toEqual({ kind: 'undone', value: 'unavailable', confirmed: true });
      expect(await count("id = 904 AND status = 'returned'")).toBe(0);
    });
  });
});

const { AWS_ENDPOINT_URL_RDS_DATA: endpoint, CONTRACT_RDS_DATA_TARGET: outside } = process.env;

/** `CONTRACT_RDS_DATA_TARGET` is JSON with resourceArn, secretArn and database; without an endpoint it is AWS itself. */
describe.runIf(outside !== undefined)('transactions over the Data API given by the environment', () => {
  transactionContract(() => ({
    client: endpoint === undefined ? new RDSDataClient({ maxAttempts: 1 }) : dataApiClient(endpoint),
    place: {
      access: 'write',
      connection: { ...ordersConnection, ...(JSON.parse(outside ?? '{}') as Partial<typeof ordersConnection>) },
    },
  }));
});
