import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { startPostgres, type PostgresCluster } from '../../../infra/local/services/postgres/cluster.ts';
import type { PostgresCatalogue } from '../../../shared/connectors/postgres/catalogue/index.ts';
import { takeCatalogue } from '../../../shared/connectors/postgres/catalogue/take.ts';
import type { DataApi } from '../../../shared/connectors/postgres/data-api.ts';
import { ordersConnection } from '../../support/orders-database.ts';
import { unhurried } from './oracle.ts';

export interface Server {
  readonly cluster: PostgresCluster;
  /** A fresh, empty database and a connection to it as superuser. */
  database(name: string): Promise<pg.Client>;
  close(): Promise<void>;
}

/** A real PostgreSQL of the run's own, in a temporary folder. */
export async function startServer(): Promise<Server> {
  const stateDir = mkdtempSync(join(tmpdir(), 'countersign-guard-'));
  chmodSync(stateDir, 0o711);
  const cluster = await startPostgres({ stateDir });
  const clients: pg.Client[] = [];
  const root = await cluster.connectAsRoot('postgres');
  clients.push(root);
  for (const [name, value] of Object.entries({
    autovacuum: 'off',
    temp_file_limit: '512MB',
    max_notify_queue_pages: '64',
  }))
    if (name !== 'max_notify_queue_pages') await root.query(`ALTER SYSTEM SET ${name} = '${value}'`);
  await root.query('SELECT pg_reload_conf()');
  return {
    cluster,
    async database(name) {
      await root.query(`CREATE DATABASE ${name}`);
      const client = await cluster.connectAsRoot(name);
      clients.push(client);
      await client.query(`SET statement_timeout = '5s'; SET lock_timeout = '1s'`);
      return client;
    },
    async close() {
      for (const client of clients) await client.end().catch(() => undefined);
      await cluster.close();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

/** The catalogue of a database, taken by the gateway's own queries over a plain connection. */
export async function catalogueOf(client: pg.Client): Promise<PostgresCatalogue> {
  const run: DataApi['run'] = async ({ sql }) => {
    try {
      const answer = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
      return {
        kind: 'done',
        result: { columns: [], rows: answer.rows, rowCount: answer.rows.length, truncated: false },
      } as never;
    } catch (error) {
      return { kind: 'refused', code: 'sql', message: String(error) } as never;
    }
  };
  const taken = await unhurried(client, () => takeCatalogue({ run } as unknown as DataApi, ordersConnection));
  if (!taken.ok) throw new Error(taken.error.message);
  return taken.value;
}
