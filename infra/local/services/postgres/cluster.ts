import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync, chownSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import * as z from 'zod';
import { readWhole, writeWhole } from '../durable/file.ts';
import { findPostgresBinaries } from './binaries.ts';
import { emptyDataDir, placePostgres, type Placement } from './placement.ts';
import { postmasterPid, startServer, type ServerProcess } from './server-process.ts';

/** One real PostgreSQL server on loopback. */
export interface PostgresCluster {
  readonly host: string;
  readonly port: number;
  /** A connection as the superuser, which only the embedded stack knows. The caller ends it. */
  connectAsRoot(database: string): Promise<pg.Client>;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const ROOT = 'embedded_root';

/** `id` ties the state folder to its data folder, which may lie elsewhere: one wiped without the other is noticed. */
const stateSchema = z.strictObject({ id: z.string(), password: z.string() });
type ClusterState = z.output<typeof stateSchema>;

/** What a laptop wants: small, quiet, in UTC like RDS, reachable over loopback TCP alone. */
const settings = (port: number): Record<string, string> => ({
  port: String(port),
  listen_addresses: HOST,
  unix_socket_directories: '',
  timezone: 'UTC',
  log_timezone: 'UTC',
  max_connections: '60',
  shared_buffers: '32MB',
  jit: 'off',
  log_min_messages: 'warning',
  // The log file is on a laptop and statements may hold personal data.
  log_min_error_statement: 'panic',
});

/**
 * Starts the server, after `initdb` at the first time. State under `stateDir/postgres`: `cluster.json` (0600, the
 * superuser's password), `postgres.log`, and `data/` unless placePostgres must put it elsewhere.
 */
export async function startPostgres({ stateDir }: { readonly stateDir: string }): Promise<PostgresCluster> {
  const folder = join(stateDir, 'postgres');
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const placement = placePostgres(folder, findPostgresBinaries());
  const state = await initialised(folder, placement);
  await previousServerGone(placement.dataDir);
  const { server, port } = await startOnFreePort(placement, state, join(folder, 'postgres.log'));
  return {
    host: HOST,
    port,
    connectAsRoot: (database) => connect(port, state.password, database),
    close: () => server.stop(),
  };
}

async function initialised(folder: string, placement: Placement): Promise<ClusterState> {
  const file = join(folder, 'cluster.json');
  const known = readWhole(file, stateSchema.optional(), undefined);
  const mark = join(placement.dataDir, 'countersign.id');
  if (known !== undefined && existsSync(mark) && readFileSync(mark, 'utf8') === known.id) return known;
  // A half-made cluster (killed during initdb) or one of an older state folder: nobody knows its password.
  emptyDataDir(placement);
  const state = { id: randomBytes(12).toString('hex'), password: randomBytes(24).toString('base64url') };
  await initdb(placement, state.password);
  writeWhole(file, JSON.stringify(state));
  writeFileSync(mark, state.id, { mode: 0o600 });
  return state;
}

async function initdb(placement: Placement, password: string): Promise<void> {
  const secret = join(dirname(placement.dataDir), `initdb-${randomBytes(6).toString('hex')}`);
  writeFileSync(secret, password, { mode: 0o600, flag: 'wx' });
  if (placement.runAs !== undefined) chownSync(secret, placement.runAs.uid, placement.runAs.gid);
  // The built-in locale sorts the same on every machine (PostgreSQL 17 and later, "Locale Providers").
  const flags = [
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--locale=C.UTF-8',
    '--auth=scram-sha-256',
    '--no-sync',
    '--no-instructions',
  ];
  try {
    await promisify(execFile)(
      join(placement.binaries.root, 'bin', 'initdb'),
      [`--pgdata=${placement.dataDir}`, `--username=${ROOT}`, `--pwfile=${secret}`, ...flags],
      { ...placement.runAs, cwd: '/', env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' }, timeout: 60_000 },
    );
  } finally {
    rmSync(secret, { force: true });
  }
}

/** After a kill -9 the old server is still writing its last checkpoint for a moment. */
async function previousServerGone(dataDir: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const pid = postmasterPid(dataDir);
    if (pid === undefined || !isAlive(pid)) return;
    await delay(50);
  }
  throw new Error(`PostgreSQL: a server still runs on ${dataDir}. Stop the other copy of the stack and start again.`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Between finding a port and taking it somebody else may: then another one. */
async function startOnFreePort(
  placement: Placement,
  state: ClusterState,
  log: string,
): Promise<{ server: ServerProcess; port: number }> {
  for (let tries = 0; tries < 3; tries += 1) {
    const port = await freePort();
    const server = startServer(placement, settings(port), log);
    if (await answers(server, port, state.password)) return { server, port };
    await server.stop();
  }
  throw new Error(`PostgreSQL did not start; its log is ${log}`);
}

/** Up to 30 s: a server that was killed replays its log first. */
async function answers(server: ServerProcess, port: number, password: string): Promise<boolean> {
  for (let tries = 0; tries < 1_000 && !server.hasEnded(); tries += 1) {
    const client = await connect(port, password, 'postgres').catch(() => undefined);
    if (client !== undefined) {
      await client.end();
      return true;
    }
    await Promise.race([delay(30), server.ended]);
  }
  return false;
}

async function connect(port: number, password: string, database: string): Promise<pg.Client> {
  const client = new pg.Client({ host: HOST, port, user: ROOT, password, database, connectionTimeoutMillis: 5_000 });
  // A server that stops cuts its sessions; whoever waits on a query hears of it there.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, HOST, () => {
      const address = probe.address();
      probe.close(() => {
        if (address !== null && typeof address !== 'string') resolve(address.port);
        else reject(new Error('no port'));
      });
    });
  });
}
