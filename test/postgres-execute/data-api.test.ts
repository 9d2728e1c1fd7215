import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDataApi } from '../../shared/aws/data-api/index.ts';
import { createPostgresExecutor } from '../../shared/connectors/postgres/execute/executor.ts';
import type { ActionGroup, Effect } from '../../shared/domain/effect.ts';
import type { Parameters } from '../../shared/domain/statement.ts';
import {
  dataApiClient,
  ordersConnection,
  startOrdersDatabase,
  type OrdersDatabase,
} from '../support/orders-database.ts';

const effect = (group: ActionGroup | 'unreadable'): Effect => ({
  action: `sql:${group}`,
  group,
  resource: { kind: 'relation', name: 'public.orders' },
  attributes: {},
});
const reading = [effect('read')];
const writing = [effect('read'), effect('write')];
const limits = { maxRows: 100, timeoutSeconds: 10 };

describe('a statement on its way to PostgreSQL', () => {
  let orders: OrdersDatabase;
  beforeAll(async () => {
    orders = await startOrdersDatabase({ statementTimeoutMs: 1_000 });
  });
  afterAll(() => orders.close());

  const run = (text: string, effects = reading, more: { parameters?: Parameters; limits?: typeof limits } = {}) =>
    createPostgresExecutor(createDataApi(orders.client))(
      more.parameters === undefined ? { text } : { text, parameters: more.parameters },
      ordersConnection,
      effects,
      more.limits ?? limits,
    );
  const user = () => orders.dataApi.reached().at(-1)?.user;

  test('comes back as JSON that loses nothing', async () => {
    const sql =
      "SELECT 9007199254740993::int8 AS big, 7 AS small, 12.50 AS exact, 'NaN'::float8 AS nan, NULL AS none, '\\xff'::bytea AS bytes, ARRAY[1, NULL] AS list, ARRAY['a'] AS words";
    expect(await run(sql)).toEqual({
      kind: 'done',
      result: {
        columns: [
          ['big', 'int8'],
          ['small', 'int4'],
          ['exact', 'numeric'],
          ['nan', 'float8'],
          ['none', 'text'],
          ['bytes', 'bytea'],
          ['list', '_int4'],
          ['words', '_text'],
        ].map(([name, type]) => ({ name, type })),
        rows: [['9007199254740993', 7, '12.50', 'NaN', null, '/w==', [1, null], ['a']]],
        rowCount: 1,
        truncated: false,
      },
    });
  });

  test('more rows than the limit are cut, and it says so', async () => {
    const outcome = await run('SELECT id FROM customers ORDER BY id', reading, { limits: { ...limits, maxRows: 3 } });
    expect(outcome).toMatchObject({ kind: 'done', result: { rows: [[1], [2], [3]], rowCount: 3, truncated: true } });
  });

  test('reads borrow the login that can only read; one effect that does more, and no effect at all, do not', async () => {
    for (const [effects, expected] of [
      [reading, 'orders-read'],
      [writing, 'orders-app'],
      [[], 'orders-app'],
      [[effect('unreadable')], 'orders-app'],
    ] as const) {
      await run('SELECT 1 AS one', [...effects]);
      expect(user()).toBe(expected);
    }
  });

  test('a write that was taken for a read is stopped by the database itself', async () => {
    for (const sql of [
      "UPDATE customers SET city = 'x'",
      'DROP TABLE payments',
      'CREATE TEMPORARY TABLE t (id int)',
      "COPY customers TO PROGRAM 'true'",
    ]) {
      expect(await run(sql)).toMatchObject({
        kind: 'refused',
        code: expect.stringMatching(/^(25006|42501)$/) as unknown,
      });
    }
  });

  test('a write says how many rows it changed; with RETURNING it gives them', async () => {
    expect(await run('DELETE FROM orders WHERE id = $1', writing, { parameters: [1500] })).toMatchObject({
      kind: 'done',
      result: { rowCount: 1, columns: [] },
    });
    expect(await run('SELECT count(*) FROM order_items WHERE order_id = 1500')).toMatchObject({
      result: { rows: [[0]] },
    });
    const returning = await run('UPDATE orders SET status = :status WHERE id = :id RETURNING id', writing, {
      parameters: { status: 'shipped', id: 3 },
    });
    expect(returning).toMatchObject({ kind: 'done', result: { rows: [[3]], rowCount: 1 } });
  });

  test("PostgreSQL's own refusal keeps its SQLSTATE and its message", async () => {
    expect(await run('SELECT * FROM nowhere')).toEqual({
      kind: 'refused',
      code: '42P01',
      message: 'relation "nowhere" does not exist; Position: 15',
    });
    expect(await run("UPDATE orders SET status = 'lost'", writing)).toMatchObject({ kind: 'refused', code: '23514' });
    expect(await run('SELECT 1; DROP TABLE payments', writing)).toMatchObject({
      kind: 'refused',
      code: 'invalid_call',
    });
  });

  test('parameters that can be read two ways never reach the database', async () => {
    const before = orders.dataApi.reached().length;
    expect(await run("SELECT ':x', $1", reading, { parameters: [1] })).toMatchObject({
      kind: 'refused',
      code: 'parameters_invalid',
    });
    expect(orders.dataApi.reached()).toHaveLength(before);
  });

  test('an answer that is too large or of a type the service has not: a read is refused with a remedy, a write is unknown', async () => {
    const large = "SELECT repeat('x', 60000) FROM generate_series(1, 20)";
    expect(await run(large)).toMatchObject({
      kind: 'refused',
      code: 'result_too_large',
      message: expect.stringContaining('LIMIT') as unknown,
    });
    expect(await run(large, writing)).toMatchObject({ kind: 'unknown' });
    const strange = "SELECT interval '1 day' AS age";
    expect(await run(strange)).toMatchObject({
      kind: 'refused',
      code: 'unsupported_result',
      message: expect.stringContaining('::text') as unknown,
    });
    expect(await run(strange, writing)).toMatchObject({ kind: 'unknown' });
  });

  test('no answer in time: a read is refused, a write is unknown, whoever stopped waiting', async () => {
    const slow = 'SELECT 1 FROM pg_sleep(3)';
    const short = { maxRows: 1, timeoutSeconds: 0.3 };
    expect(await run(slow, reading, { limits: short })).toMatchObject({ kind: 'refused', code: 'timeout' });
    expect(await run(slow, writing, { limits: short })).toMatchObject({ kind: 'unknown' });
    expect(await run(slow)).toMatchObject({ kind: 'refused', code: '57014' });
    expect(await run(slow, writing)).toMatchObject({ kind: 'unknown' });
  });

  test('a session that the database ends under a write is unknown', async () => {
    expect(await run('SELECT pg_terminate_backend(pg_backend_pid())', writing)).toMatchObject({ kind: 'unknown' });
  });

  test('a login that does not work is unavailable, and nothing ran', async () => {
    const before = orders.dataApi.reached().length;
    const wrong = { ...ordersConnection, secretArn: `${ordersConnection.secretArn}x`, readSecretArn: undefined };
    const call = { access: 'write', sql: 'SELECT 1', parameters: [], maxRows: 1, timeoutSeconds: 5 } as const;
    expect(await createDataApi(orders.client).run({ ...call, connection: wrong })).toMatchObject({
      kind: 'unavailable',
    });
    orders.secrets.set(wrong.secretArn, JSON.stringify({ username: 'orders-app', password: 'wrong' }));
    expect(await createDataApi(orders.client).run({ ...call, connection: wrong })).toMatchObject({
      kind: 'unavailable',
    });
    expect(orders.dataApi.reached()).toHaveLength(before);
  });
});

describe('an endpoint that fails', () => {
  const listening: Server[] = [];
  afterAll(() => {
    for (const server of listening) server.close();
  });
  /** Answers a connection with `reply`, or cuts it as soon as something was sent. */
  const endpoint = (reply: string | undefined): Promise<string> =>
    new Promise((resolve) => {
      const server = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () => (reply === undefined ? socket.resetAndDestroy() : socket.end(reply)));
      });
      listening.push(server);
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(`http://127.0.0.1:${String(typeof address === 'object' ? address?.port : 0)}`);
      });
    });
  const run = (url: string, access: 'read' | 'write') =>
    createDataApi(dataApiClient(url)).run({
      connection: ordersConnection,
      access,
      sql: 'SELECT 1',
      parameters: [],
      maxRows: 1,
      timeoutSeconds: 5,
    });
  const http = (status: number, type: string, message: string): string => {
    const body = JSON.stringify({ message });
    return `HTTP/1.1 ${String(status)} X\r\nx-amzn-errortype: ${type}\r\ncontent-type: application/json\r\ncontent-length: ${String(Buffer.byteLength(body))}\r\nconnection: close\r\n\r\n${body}`;
  };

  test('nobody listens: it was not sent', async () => {
    expect(await run('http://127.0.0.1:9', 'write')).toMatchObject({ kind: 'unavailable' });
  });

  test('the connection is cut after the sending: unknown for a write', async () => {
    const url = await endpoint(undefined);
    expect(await run(url, 'write')).toMatchObject({ kind: 'unknown' });
    expect(await run(url, 'read')).toMatchObject({ kind: 'unavailable' });
  });

  test.each([
    [400, 'DatabaseErrorException', 'ERROR: deadlock detected; SQLState: 40P01', 'refused'],
    [400, 'BadRequestException', 'FATAL: password authentication failed for user "x"; SQLState: 28P01', 'unavailable'],
    [400, 'BadRequestException', 'FATAL: sorry, too many clients already; SQLState: 53300', 'unavailable'],
    [
      400,
      'DatabaseErrorException',
      'FATAL: terminating connection due to administrator command; SQLState: 57P01',
      'unknown',
    ],
    [400, 'DatabaseErrorException', 'An I/O error occurred; SQLState: 08006', 'unknown'],
    [400, 'DatabaseErrorException', 'something new', 'unknown'],
    [400, 'BadRequestException', 'Cannot find parameter: p1', 'refused'],
    [400, 'BadRequestException', 'Database returned more than the allowed response size limit', 'unknown'],
    [400, 'UnsupportedResultException', 'The result exceeds the size limit 1 MB.', 'unknown'],
    [400, 'StatementTimeoutException', 'Request timed out', 'unknown'],
    [400, 'DatabaseResumingException', 'resuming', 'unavailable'],
    [404, 'DatabaseNotFoundException', 'no', 'unavailable'],
    [400, 'SecretsErrorException', 'no', 'unavailable'],
    [403, 'ForbiddenException', 'no', 'unavailable'],
    [503, 'ServiceUnavailableError', 'no', 'unavailable'],
    [429, 'ThrottlingException', 'slow down', 'unavailable'],
    [400, 'ValidationException', "Multistatements aren't supported.", 'refused'],
    [500, 'InternalServerErrorException', 'oops', 'unknown'],
    [504, 'DatabaseUnavailableException', 'gone', 'unknown'],
    [418, 'NeverHeardOfException', 'tea', 'unknown'],
  ])('%i %s "%s" leaves a write %s', async (status, type, message, kind) => {
    expect(await run(await endpoint(http(status, type, message)), 'write')).toMatchObject({ kind });
  });

  test('an answer that is not the service’s is never taken for a result', async () => {
    const garbage =
      'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 5\r\nconnection: close\r\n\r\n{"re}';
    expect(await run(await endpoint(garbage), 'write')).toMatchObject({ kind: 'unknown' });
  });
});
