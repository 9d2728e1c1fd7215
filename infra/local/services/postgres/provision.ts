import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';
import type { PostgresConnection } from '../../../../shared/contracts/config/connection.ts';
import type { PostgresCluster } from './cluster.ts';
import type { DatabaseSeed } from './databases-file.ts';
import { runSeed } from './run-seed.ts';

/** One database, ready: where it is and the two secrets that open it. */
export interface ProvisionedDatabase {
  readonly connection: string;
  readonly resourceArn: string;
  readonly database: string;
  readonly host: string;
  readonly port: number;
  readonly physicalDatabase: string;
  /** Value by ARN, as RDS writes a login: JSON with `username` and `password`. */
  readonly secrets: ReadonlyMap<string, string>;
  /** `outdated`: the seed files changed after this database was made; it was left as it is. */
  readonly seed: 'seeded' | 'kept' | 'outdated';
}

const id = (name: string): string => pg.escapeIdentifier(name);

/**
 * Makes what is missing: a database a connection, a role that owns it, a role that only reads, and the seed. Passwords
 * are new at every start, so nothing but the secret store has them.
 */
export async function provisionDatabases(
  cluster: PostgresCluster,
  connections: readonly PostgresConnection[],
  seeds: readonly DatabaseSeed[],
): Promise<readonly ProvisionedDatabase[]> {
  const unknown = seeds.find((seed) => !connections.some(({ name }) => name === seed.connection));
  if (unknown !== undefined) {
    throw new Error(
      `local/databases.yaml: there is no connection "${unknown.connection}" of kind postgres in gateway.yaml`,
    );
  }
  const made: ProvisionedDatabase[] = [];
  for (const connection of connections) {
    const seed = seeds.find((entry) => entry.connection === connection.name);
    made.push(await provision(cluster, connection, physicalName(connection, connections), seed));
  }
  return made;
}

/** Two clusters may each have a database `app`; here they share one server. */
function physicalName(connection: PostgresConnection, all: readonly PostgresConnection[]): string {
  const { database, resourceArn } = connection;
  const reserved = ['postgres', 'template0', 'template1'].includes(database);
  const shared = all.some((other) => other.database === database && other.resourceArn !== resourceArn);
  if (!reserved && !shared) return database;
  return `${database.slice(0, 50)}-${createHash('sha256').update(resourceArn).digest('hex').slice(0, 12)}`;
}

async function provision(
  cluster: PostgresCluster,
  connection: PostgresConnection,
  physicalDatabase: string,
  seed: DatabaseSeed | undefined,
): Promise<ProvisionedDatabase> {
  const owner = `${connection.name}-app`.slice(0, 63);
  const reader = `${connection.name}-read`.slice(0, 63);
  const passwords = await withRoot(cluster, 'postgres', async (root) => {
    const set = { owner: await ensureRole(root, owner), reader: await ensureRole(root, reader) };
    await ensureDatabase(root, physicalDatabase, owner);
    await root.query(`GRANT CONNECT, TEMPORARY ON DATABASE ${id(physicalDatabase)} TO ${id(owner)}`);
    await root.query(`GRANT CONNECT ON DATABASE ${id(physicalDatabase)} TO ${id(reader)}`);
    for (const role of [owner, reader]) await pinSettings(root, role);
    await root.query(`ALTER ROLE ${id(reader)} SET default_transaction_read_only = on`);
    return set;
  });
  const state = await withRoot(cluster, physicalDatabase, (root) =>
    fill(
      root,
      physicalDatabase,
      { owner, reader },
      seed ?? { connection: connection.name, extensions: [], sql: [], files: [] },
    ),
  );
  const secrets = new Map([[connection.secretArn, login(owner, passwords.owner)]]);
  if (connection.readSecretArn !== undefined) secrets.set(connection.readSecretArn, login(reader, passwords.reader));
  const { resourceArn, database, name } = connection;
  const { host, port } = cluster;
  return { connection: name, resourceArn, database, host, port, physicalDatabase, secrets, seed: state };
}

const login = (username: string, password: string): string => JSON.stringify({ username, password });

async function withRoot<T>(
  cluster: PostgresCluster,
  database: string,
  work: (root: pg.Client) => Promise<T>,
): Promise<T> {
  const root = await cluster.connectAsRoot(database);
  try {
    return await work(root);
  } finally {
    await root.end();
  }
}

async function ensureRole(root: pg.Client, role: string): Promise<string> {
  const password = randomBytes(24).toString('base64url');
  const found = await root.query('SELECT FROM pg_catalog.pg_roles WHERE rolname = $1', [role]);
  const verb = found.rowCount === 0 ? 'CREATE' : 'ALTER';
  await root.query(
    `${verb} ROLE ${id(role)} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD ${pg.escapeLiteral(password)}`,
  );
  return password;
}

/**
 * How a session of the gateway reads names and literals, and how long it may take: with the login, so that it costs no call
 * of its own. The same as docs/postgres-logins.sql says for a real database; the catalogue checks it through the connection.
 */
const PINNED = {
  search_path: 'public',
  standard_conforming_strings: 'on',
  row_security: 'on',
  statement_timeout: '45s',
  idle_in_transaction_session_timeout: '3min',
} as const;

async function pinSettings(root: pg.Client, role: string): Promise<void> {
  for (const [name, value] of Object.entries(PINNED))
    await root.query(`ALTER ROLE ${id(role)} SET ${name} = ${pg.escapeLiteral(value)}`);
}

async function ensureDatabase(root: pg.Client, database: string, owner: string): Promise<void> {
  const found = await root.query('SELECT FROM pg_catalog.pg_database WHERE datname = $1', [database]);
  if (found.rowCount === 0) await root.query(`CREATE DATABASE ${id(database)} OWNER ${id(owner)} TEMPLATE template0`);
  // Every role may connect to a new database until this is taken from PUBLIC.
  await root.query(`REVOKE ALL ON DATABASE ${id(database)} FROM PUBLIC`);
}

/** Seed and its mark are one transaction: a start that is cut short leaves an empty database, which is seeded next time. */
async function fill(
  root: pg.Client,
  database: string,
  roles: { readonly owner: string; readonly reader: string },
  seed: DatabaseSeed,
): Promise<ProvisionedDatabase['seed']> {
  const { connection, extensions, sql } = seed;
  const mark = `countersign seed ${createHash('sha256').update(JSON.stringify({ connection, extensions, sql })).digest('hex')}`;
  const known = await seedMark(root);
  if (known.startsWith('countersign seed ')) return known === mark ? 'kept' : 'outdated';
  await root.query('BEGIN');
  await grantReading(root, roles.owner, roles.reader);
  for (const extension of extensions) await root.query(`CREATE EXTENSION IF NOT EXISTS ${id(extension)}`);
  await root.query(`SET LOCAL SESSION AUTHORIZATION ${id(roles.owner)}`);
  await runSeed(root, seed);
  await root.query('RESET SESSION AUTHORIZATION');
  await root.query(`COMMENT ON DATABASE ${id(database)} IS ${pg.escapeLiteral(mark)}`);
  await root.query('COMMIT');
  await root.query('ANALYZE');
  return 'seeded';
}

async function seedMark(root: pg.Client): Promise<string> {
  const found = await root.query<{ mark: string | null }>(
    "SELECT pg_catalog.shobj_description(oid, 'pg_database') AS mark FROM pg_catalog.pg_database WHERE datname = current_database()",
  );
  return found.rows[0]?.mark ?? '';
}

/** What the owner makes, now or later, the reader may read; nothing else is granted to it. */
async function grantReading(root: pg.Client, owner: string, reader: string): Promise<void> {
  await root.query(`ALTER SCHEMA public OWNER TO ${id(owner)}`);
  await root.query(`GRANT USAGE ON SCHEMA public TO ${id(reader)}`);
  await root.query(`ALTER DEFAULT PRIVILEGES FOR ROLE ${id(owner)} GRANT USAGE ON SCHEMAS TO ${id(reader)}`);
  await root.query(`ALTER DEFAULT PRIVILEGES FOR ROLE ${id(owner)} GRANT SELECT ON TABLES TO ${id(reader)}`);
}
