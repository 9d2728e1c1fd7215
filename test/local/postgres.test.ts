import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPostgres } from '../../infra/local/services/postgres/cluster.ts';
import { readDatabasesFile } from '../../infra/local/services/postgres/databases-file.ts';
import { postmasterPid } from '../../infra/local/services/postgres/server-process.ts';
import { provisionDatabases } from '../../infra/local/services/postgres/provision.ts';
import {
  analyticsConnection,
  seedsOf,
  ordersConnection,
  startOrdersDatabase,
  type OrdersDatabase,
} from '../support/orders-database.ts';

const repository = join(import.meta.dirname, '..', '..');

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-test-'));
  chmodSync(folder, 0o711);
  return folder;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('the seeded databases', () => {
  let orders: OrdersDatabase;
  beforeAll(async () => {
    orders = await startOrdersDatabase();
  });
  afterAll(() => orders.close());

  const rows = async (database: string, sql: string): Promise<readonly unknown[][]> => {
    const root = await orders.cluster.connectAsRoot(database);
    try {
      return (await root.query<unknown[]>({ text: sql, rowMode: 'array' })).rows;
    } finally {
      await root.end();
    }
  };

  test('hold a shop of some thousand rows, the same everywhere', async () => {
    const counts = ['customers', 'products', 'orders', 'order_items', 'payments'].map(
      (table) => `(SELECT count(*)::int FROM ${table})`,
    );
    expect(await rows('orders', `SELECT ${counts.join(', ')}`)).toEqual([[500, 60, 1500, 3000, 1125]]);
    expect(await rows('orders', 'SELECT name, email FROM customers WHERE id = 1')).toEqual([
      ['Bruno Hughes', 'bruno.hughes1@example.org'],
    ]);
  });

  test('hold card numbers that a detector takes for real ones', async () => {
    const cards = (await rows('orders', 'SELECT DISTINCT card_number FROM payments')).map(([card]) => String(card));
    const sum = (card: string) =>
      Array.from(card)
        .reverse()
        .reduce(
          (total, digit, index) =>
            total + (index % 2 === 0 ? Number(digit) : ([0, 2, 4, 6, 8, 1, 3, 5, 7, 9][Number(digit)] ?? 0)),
          0,
        );
    expect(cards.length).toBeGreaterThan(100);
    expect(cards.filter((card) => !/^[0-9]{16}$/.test(card) || sum(card) % 10 !== 0)).toEqual([]);
  });

  test('belong to one role; another only reads; neither can do more, nor reach a database that is not theirs', async () => {
    const roles = await rows(
      'postgres',
      "SELECT rolname, rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls FROM pg_roles WHERE rolname ~ '^(orders|analytics)-' ORDER BY 1",
    );
    expect(roles).toEqual([
      ['analytics-app', false],
      ['analytics-read', false],
      ['orders-app', false],
      ['orders-read', false],
    ]);
    expect(
      await rows(
        'orders',
        "SELECT has_table_privilege('orders-read', 'customers', 'SELECT'), has_table_privilege('orders-read', 'customers', 'INSERT'), has_schema_privilege('orders-read', 'public', 'CREATE')",
      ),
    ).toEqual([[true, false, false]]);
    expect(
      await rows(
        'orders',
        "SELECT has_database_privilege('orders-app', 'analytics', 'CONNECT'), has_database_privilege('orders-read', 'orders', 'TEMPORARY')",
      ),
    ).toEqual([[false, false]]);
  });
});

describe('the embedded PostgreSQL', () => {
  test('keeps its data over a restart, seeds once, and gives new passwords at every start', async () => {
    const stateDir = temporaryFolder();
    const connections = [ordersConnection, analyticsConnection];
    const seeds = seedsOf(connections);
    const passwords = new Set<string | undefined>();
    for (const expected of ['seeded', 'kept', 'outdated']) {
      const cluster = await startPostgres({ stateDir });
      const changed =
        expected === 'outdated' ? seeds.map((seed) => ({ ...seed, sql: [...seed.sql, 'SELECT 1'] })) : seeds;
      const databases = await provisionDatabases(cluster, connections, changed);
      expect(databases.map(({ seed }) => seed)).toEqual([expected, expected]);
      passwords.add(databases[0]?.secrets.get(ordersConnection.secretArn));
      await cluster.close();
    }
    expect(passwords.size).toBe(3);
    expect(statSync(join(stateDir, 'postgres', 'cluster.json')).mode & 0o077).toBe(0);
    rmSync(stateDir, { recursive: true, force: true });
  });

  test('two on state folders of their own run side by side, and a close ends the server', async () => {
    const folders = [temporaryFolder(), temporaryFolder()];
    const clusters = await Promise.all(folders.map((stateDir) => startPostgres({ stateDir })));
    expect(new Set(clusters.map((cluster) => cluster.port)).size).toBe(2);
    const pids = folders.map((folder) => postmasterPid(join(folder, 'postgres', 'data')) ?? 0);
    expect(pids.every(isRunning)).toBe(true);
    await Promise.all(clusters.map((cluster) => cluster.close()));
    expect(pids.some(isRunning)).toBe(false);
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  test.skipIf(process.platform === 'win32')('ends when the process that started it is killed with -9', async () => {
    const stateDir = temporaryFolder();
    const cluster = join(repository, 'infra', 'local', 'services', 'postgres', 'cluster.ts');
    const script = `const { startPostgres } = await import(${JSON.stringify(cluster)}); await startPostgres({ stateDir: ${JSON.stringify(stateDir)} }); console.log('up'); setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise<void>((resolve) =>
      parent.stdout.once('data', () => {
        resolve();
      }),
    );
    const pid = postmasterPid(join(stateDir, 'postgres', 'data')) ?? 0;
    expect(isRunning(pid)).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
    rmSync(stateDir, { recursive: true, force: true });
  });
});

describe('local/databases.yaml', () => {
  const folder = temporaryFolder();
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  mkdirSync(join(folder, 'local'));
  writeFileSync(join(folder, 'secret.sql'), 'SELECT 1');
  symlinkSync(join(folder, 'secret.sql'), join(folder, 'local', 'linked.sql'));

  test.each([
    ['databases: [{ connection: a, seed: [../secret.sql] }]', /seed/],
    ['databases: [{ connection: a, seed: [linked.sql] }]', /leads out/],
    ['databases: [{ connection: a, seed: [none.sql] }]', /does not exist/],
    ['databases: [{ connection: a }, { connection: a }]', /named twice/],
    ['databases: [{ connection: a, sed: [x.sql] }]', /sed/],
    ['databases: [{ connection: a, connection: b }]', /databases\.yaml/],
  ])('%s is refused', (text, message) => {
    writeFileSync(join(folder, 'local', 'databases.yaml'), text);
    expect(() => readDatabasesFile(folder)).toThrow(message);
  });

  test('that is not there means empty databases', () => {
    expect(readDatabasesFile(join(folder, 'nowhere'))).toEqual([]);
  });
});
