import { setTimeout as delay } from 'node:timers/promises';
import {
  BatchExecuteStatementCommand,
  BeginTransactionCommand,
  CommitTransactionCommand,
  ExecuteStatementCommand,
  RollbackTransactionCommand,
  type ExecuteStatementCommandInput,
  type ExecuteStatementCommandOutput,
  type RDSDataClient,
} from '@aws-sdk/client-rds-data';
import { beforeAll, describe, expect, test } from 'vitest';

/** An endpoint with a database in which the login may create and drop tables named `contract_*`. */
export interface DataApiUnderTest {
  readonly client: RDSDataClient;
  readonly target: { readonly resourceArn: string; readonly secretArn: string; readonly database: string };
}

/** What the gateway relies on in the RDS Data API, asked through the unmodified SDK. */
export function dataApiContract(get: () => DataApiUnderTest): void {
  let at: DataApiUnderTest;
  beforeAll(() => {
    at = get();
  });
  const execute = (
    sql: string,
    more: Partial<ExecuteStatementCommandInput> = {},
  ): Promise<ExecuteStatementCommandOutput> =>
    at.client.send(new ExecuteStatementCommand({ ...at.target, sql, ...more }));
  const failure = async (sql: string, more: Partial<ExecuteStatementCommandInput> = {}): Promise<Error> => {
    const error: unknown = await execute(sql, more).catch((caught: unknown) => caught);
    if (error instanceof Error) return error;
    throw new Error(`${sql} was not refused`);
  };
  const first = async (sql: string, more: Partial<ExecuteStatementCommandInput> = {}) =>
    (await execute(sql, more)).records?.[0];

  describe('values', () => {
    test.each([
      ['true', { booleanValue: true }],
      ['NULL::text', { isNull: true }],
      ['42', { longValue: 42 }],
      ['(-9007199254740991)::int8', { longValue: -9007199254740991 }],
      ['1.5::float8', { doubleValue: 1.5 }],
      ['12.50::numeric', { stringValue: '12.50' }],
      ["'é😀'::text", { stringValue: 'é😀' }],
      ["'\\x00ff'::bytea", { blobValue: Uint8Array.of(0, 255) }],
      ["date '2026-02-03'", { stringValue: '2026-02-03' }],
      ["timestamp '2026-02-03 04:05:06'", { stringValue: '2026-02-03 04:05:06' }],
      ["timestamptz '2026-02-03 04:05:06+02'", { stringValue: '2026-02-03 02:05:06' }],
      ["'6b3f8b1e-0d5c-4a8e-9d0e-2f6b1c3d4e5f'::uuid", { stringValue: '6b3f8b1e-0d5c-4a8e-9d0e-2f6b1c3d4e5f' }],
      [`'{"a": 1}'::jsonb`, { stringValue: '{"a": 1}' }],
      ['ARRAY[1,2]', { arrayValue: { longValues: [1, 2] } }],
      [`ARRAY['a,b', 'c"d', '']`, { arrayValue: { stringValues: ['a,b', 'c"d', ''] } }],
      ['ARRAY[]::int4[]', { arrayValue: { longValues: [] } }],
    ])('%s is returned as its member of Field', async (expression, field) => {
      expect(await first(`SELECT ${expression} AS value`)).toEqual([field]);
    });

    test('the longReturnType STRING keeps integers exact beyond 2^53', async () => {
      const options = { resultSetOptions: { longReturnType: 'STRING' as const } };
      expect(await first('SELECT 9007199254740993::int8 AS value', options)).toEqual([
        { stringValue: '9007199254740993' },
      ]);
    });

    test('types that the service does not return are an error that names the type', async () => {
      for (const expression of ["interval '1 day'", "'pg_class'::regclass", '\'a\'::"char"', "'1'::money"]) {
        expect(await failure(`SELECT ${expression} AS value`)).toMatchObject({ name: 'UnsupportedResultException' });
      }
    });
  });

  describe('metadata', () => {
    test('columns keep their order, their labels and their type names, also where two share a name', async () => {
      const { columnMetadata } = await execute('SELECT 1 AS a, 2::int8 AS a, ARRAY[1] AS list', {
        includeResultMetadata: true,
      });
      expect(columnMetadata?.map(({ label, typeName }) => [label, typeName])).toEqual([
        ['a', 'int4'],
        ['a', 'int8'],
        ['list', '_int4'],
      ]);
    });

    test('an answer without rows still has its columns', async () => {
      const answer = await execute('SELECT 1 AS a WHERE false', { includeResultMetadata: true });
      expect(answer.records).toEqual([]);
      expect(answer.columnMetadata).toHaveLength(1);
    });
  });

  describe('parameters', () => {
    test('each kind of value arrives with its type', async () => {
      const parameters = [
        { name: 'b', value: { booleanValue: true } },
        { name: 'l', value: { longValue: 7 } },
        { name: 's', value: { stringValue: 'x' } },
        { name: 'd', value: { stringValue: '0.1' }, typeHint: 'DECIMAL' as const },
      ];
      const sql = 'SELECT pg_typeof(:b)::text, pg_typeof(:l)::text, pg_typeof(:d)::text, :s::text';
      expect(await first(sql, { parameters })).toEqual(
        ['boolean', 'bigint', 'numeric', 'x'].map((stringValue) => ({ stringValue })),
      );
    });

    test('a value is a value, whatever it spells', async () => {
      const evil = "x'; DROP TABLE contract_rows; --";
      const parameters = [{ name: 'v', value: { stringValue: evil } }];
      expect(await first('SELECT :v::text', { parameters })).toEqual([{ stringValue: evil }]);
    });

    test('a colon in a literal, a comment, a dollar quote or a cast is no parameter', async () => {
      const parameters = [{ name: 'v', value: { longValue: 1 } }];
      const sql = "SELECT ':v', $$ :v $$, /* :v /* :v */ */ '1'::int4, E'\\':v', :v -- :v";
      expect(await first(sql, { parameters })).toEqual([
        { stringValue: ':v' },
        { stringValue: ' :v ' },
        { longValue: 1 },
        { stringValue: "':v" },
        { longValue: 1 },
      ]);
    });

    test('a name without a value is refused', async () => {
      const parameters = [{ name: 'a', value: { longValue: 1 } }];
      await failure('SELECT :a, :b', { parameters });
    });
  });

  describe('errors', () => {
    test("PostgreSQL's own come with their SQLSTATE at the end", async () => {
      const error = await failure('SELECT * FROM contract_nowhere');
      expect(error.message).toMatch(/relation "contract_nowhere" does not exist.*SQLState: 42P01$/);
    });

    test('a second statement is refused and the first does not run', async () => {
      await failure('CREATE TABLE contract_two (id int); SELECT 1');
      expect(await first("SELECT to_regclass('contract_two') IS NULL")).toEqual([{ booleanValue: true }]);
    });

    test('an answer beyond 1 MiB is refused', async () => {
      const error = await failure("SELECT repeat('x', 60000) FROM generate_series(1, 20)");
      expect(error.message).toMatch(/size limit/);
    });

    test('a cluster and a secret that do not exist are refused', async () => {
      await failure('SELECT 1', { resourceArn: `${at.target.resourceArn}-nowhere` });
      await failure('SELECT 1', { secretArn: at.target.secretArn.replace(/-[A-Za-z0-9]{6}$/, '-nowher') });
    });
  });

  describe('writes', () => {
    beforeAll(async () => {
      await execute('DROP TABLE IF EXISTS contract_rows');
      await execute('CREATE TABLE contract_rows (id int PRIMARY KEY, note text)');
      return async () => {
        await execute('DROP TABLE IF EXISTS contract_rows');
      };
    });

    test('say how many rows they changed, and RETURNING gives rows', async () => {
      const inserted = await execute("INSERT INTO contract_rows SELECT n, 'a' FROM generate_series(1, 5) AS n");
      expect(inserted.numberOfRecordsUpdated).toBe(5);
      expect((await execute('DELETE FROM contract_rows WHERE id < 3 RETURNING id')).records).toHaveLength(2);
      await execute('DELETE FROM contract_rows');
    });

    test('outside a transaction are kept at once; inside, at the commit or not at all', async () => {
      for (const [id, Command] of [
        [11, CommitTransactionCommand],
        [12, RollbackTransactionCommand],
      ] as const) {
        const { transactionId = '' } = await at.client.send(new BeginTransactionCommand(at.target));
        await execute(`INSERT INTO contract_rows VALUES (${String(id)})`, { transactionId });
        expect(await first(`SELECT count(*) FROM contract_rows WHERE id = ${String(id)}`)).toEqual([{ longValue: 0 }]);
        const { resourceArn, secretArn } = at.target;
        await at.client.send(new Command({ resourceArn, secretArn, transactionId }));
      }
      expect(await first('SELECT count(*) FROM contract_rows WHERE id IN (11, 12)')).toEqual([{ longValue: 1 }]);
    });

    test('two calls at once in one transaction: the second is refused', async () => {
      const { transactionId = '' } = await at.client.send(new BeginTransactionCommand(at.target));
      const slow = execute('SELECT 1 FROM pg_sleep(0.5)', { transactionId });
      await delay(200);
      expect((await failure('SELECT 1', { transactionId })).message).toMatch(/still running/);
      await slow;
      const { resourceArn, secretArn } = at.target;
      await at.client.send(new RollbackTransactionCommand({ resourceArn, secretArn, transactionId }));
      expect(await failure('SELECT 1', { transactionId })).toBeInstanceOf(Error);
    });

    test('nothing of one call reaches the next: settings, temporary tables, roles', async () => {
      await execute("SET application_name = 'left behind'");
      await execute('CREATE TEMPORARY TABLE contract_left (id int)');
      expect(await first("SELECT current_setting('application_name') = 'left behind'")).toEqual([
        { booleanValue: false },
      ]);
      expect(await first("SELECT to_regclass('pg_temp.contract_left') IS NULL")).toEqual([{ booleanValue: true }]);
    });
  });

  test('BatchExecuteStatement is not needed, and where it is not played it is refused clearly', async () => {
    const batch = new BatchExecuteStatementCommand({ ...at.target, sql: 'SELECT 1' });
    const answer: unknown = await at.client.send(batch).catch((error: unknown) => error);
    expect(answer).toBeDefined();
  });
}
