import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  RDSDataClient,
  BatchExecuteStatementCommand,
  BeginTransactionCommand,
  ExecuteStatementCommand,
} from '@aws-sdk/client-rds-data';
import {
  analyticsConnection,
  dataApiClient,
  ordersConnection,
  startOrdersDatabase,
  type OrdersDatabase,
} from '../support/orders-database.ts';
import { dataApiContract } from './rds-data.contract.ts';

const target = ({ resourceArn, secretArn, database }: typeof ordersConnection) => ({
  resourceArn,
  secretArn,
  database,
});

describe('the embedded RDS Data API', () => {
  let orders: OrdersDatabase;
  beforeAll(async () => {
    orders = await startOrdersDatabase({ statementTimeoutMs: 1_500, transactionIdleMs: 300 });
  });
  afterAll(() => orders.close());

  dataApiContract(() => ({ client: orders.client, target: target(ordersConnection) }));

  const run = (sql: string, more: object = {}) =>
    orders.client.send(new ExecuteStatementCommand({ ...target(ordersConnection), sql, ...more }));

  test('says what reached the database, and only that', async () => {
    const before = orders.dataApi.reached().length;
    await run('SELECT 1', { secretArn: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:none' }).catch(
      () => undefined,
    );
    await run('SELECT :a', { parameters: [{ name: 'b', value: { longValue: 1 } }] }).catch(() => undefined);
    expect(orders.dataApi.reached()).toHaveLength(before);
    await run('SELECT 2');
    expect(orders.dataApi.reached().at(-1)).toMatchObject({ sql: 'SELECT 2', database: 'orders', user: 'orders-app' });
  });

  test('cuts a statement off at its limit, and the session serves on', async () => {
    await expect(run('SELECT 1 FROM pg_sleep(5)')).rejects.toMatchObject({ name: 'StatementTimeoutException' });
    expect((await run('SELECT 1 AS one')).records).toEqual([[{ longValue: 1 }]]);
  });

  test('ends a transaction that is left idle', async () => {
    const { transactionId } = await orders.client.send(new BeginTransactionCommand(target(ordersConnection)));
    await run('CREATE TABLE contract_idle (id int)', { transactionId });
    await expect
      .poll(
        () =>
          run('SELECT 1', { transactionId }).then(
            () => 'open',
            (error: unknown) => (error as Error).name,
          ),
        { interval: 700, timeout: 5_000 },
      )
      .toBe('TransactionNotFoundException');
    expect((await run("SELECT to_regclass('contract_idle') IS NULL")).records).toEqual([[{ booleanValue: true }]]);
  });

  test("one connection's login does not open another's database", async () => {
    const mixed = { ...target(analyticsConnection), secretArn: ordersConnection.secretArn };
    await expect(orders.client.send(new ExecuteStatementCommand({ ...mixed, sql: 'SELECT 1' }))).rejects.toMatchObject({
      name: 'BadRequestException',
      message: expect.stringMatching(/^FATAL: permission denied for database/) as unknown,
    });
  });

  test('a secret with a wrong password, or with none, is refused as such', async () => {
    const secretArn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:wrong-AbCdEf';
    orders.secrets.set(secretArn, JSON.stringify({ username: 'orders-app', password: 'wrong' }));
    await expect(run('SELECT 1', { secretArn })).rejects.toMatchObject({
      name: 'BadRequestException',
      message: expect.stringContaining('28P01') as unknown,
    });
    orders.secrets.set(secretArn, '{"username": "orders-app"}');
    await expect(run('SELECT 1', { secretArn })).rejects.toMatchObject({ name: 'InvalidSecretException' });
  });

  test('what is not played is refused by name: batches, schemas, JSON records, going on after the limit', async () => {
    await expect(
      orders.client.send(new BatchExecuteStatementCommand({ ...target(ordersConnection), sql: 'SELECT 1' })),
    ).rejects.toMatchObject({ name: 'UnknownOperationException' });
    for (const more of [{ schema: 'public' }, { formatRecordsAs: 'JSON' }, { continueAfterTimeout: true }]) {
      await expect(run('SELECT 1', more)).rejects.toMatchObject({ name: 'ValidationException' });
    }
  });

  test('an enumeration of the database is returned as text, a composite value is not', async () => {
    await run("CREATE TYPE contract_mood AS ENUM ('calm', 'busy')");
    const answer = await run("SELECT 'busy'::contract_mood AS one, ARRAY['calm']::contract_mood[] AS many", {
      includeResultMetadata: true,
    });
    expect(answer.records).toEqual([[{ stringValue: 'busy' }, { arrayValue: { stringValues: ['calm'] } }]]);
    expect(answer.columnMetadata?.map((column) => column.typeName)).toEqual(['contract_mood', '_contract_mood']);
    await expect(run('SELECT c FROM customers c LIMIT 1')).rejects.toMatchObject({
      name: 'UnsupportedResultException',
    });
    await run('DROP TYPE contract_mood');
  });

  test('COPY ends in an error and not in a session that hangs', async () => {
    await expect(run('COPY customers FROM STDIN')).rejects.toMatchObject({ name: 'DatabaseErrorException' });
    expect((await run('SELECT 1 AS one')).records).toHaveLength(1);
  });

  test('a request that is not signed, or not JSON, is refused', async () => {
    const unsigned = await fetch(`${orders.dataApi.url}/Execute`, { method: 'POST', body: '{}' });
    expect([unsigned.status, unsigned.headers.get('x-amzn-errortype')]).toEqual([
      403,
      'MissingAuthenticationTokenException',
    ]);
    const garbage = await fetch(`${orders.dataApi.url}/Execute`, {
      method: 'POST',
      body: '{',
      headers: { authorization: 'AWS4-HMAC-SHA256 x' },
    });
    expect([garbage.status, garbage.headers.get('x-amzn-errortype')]).toEqual([400, 'BadRequestException']);
  });
});

const { AWS_ENDPOINT_URL_RDS_DATA: endpoint, CONTRACT_RDS_DATA_TARGET: outside } = process.env;

/** `CONTRACT_RDS_DATA_TARGET` is JSON with resourceArn, secretArn and database; without an endpoint it is AWS itself. */
describe.runIf(outside !== undefined)('the RDS Data API given by the environment', () => {
  dataApiContract(() => ({
    client: endpoint === undefined ? new RDSDataClient({ maxAttempts: 1 }) : dataApiClient(endpoint),
    target: JSON.parse(outside ?? '{}') as { resourceArn: string; secretArn: string; database: string },
  }));
});
