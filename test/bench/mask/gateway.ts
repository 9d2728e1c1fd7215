import { mkdtempSync, chmodSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, type PostgresCluster } from '../../../infra/local/services/postgres/cluster.ts';
import { provisionDatabases } from '../../../infra/local/services/postgres/provision.ts';
import { startRdsData } from '../../../infra/local/services/rds-data/index.ts';
import { createDataApi } from '../../../shared/aws/data-api/index.ts';
import { createPostgresConnector } from '../../../shared/connectors/postgres/index.ts';
import { postgresConnectionSchema } from '../../../shared/contracts/config/connection.ts';
import { check } from '../../../shared/gateway/check.ts';
import { execute } from '../../../shared/gateway/execute.ts';
import { DECLASSIFY, INFER } from '../../../shared/domain/inference.ts';
import type { Effect } from '../../../shared/domain/effect.ts';
import type { Connector } from '../../../shared/connectors/connector.ts';
import { bot, bundleOf, createWorld, GATEWAY } from '../../gateway/world.ts';
import { dataApiClient } from '../../support/orders-database.ts';
import { CLASSES, schemaOf, type WorldName } from './schema.ts';

export const WORLDS: readonly WorldName[] = ['eastworld', 'westworld'];

const arn = (service: string, rest: string): string => `arn:aws:${service}:eu-west-1:123456789012:${rest}`;
const connectionOf = (name: WorldName) =>
  postgresConnectionSchema.parse({
    name,
    kind: 'postgres',
    environment: 'production',
    resourceArn: arn('rds', `cluster:${name}`),
    secretArn: arn('secretsmanager', `secret:${name}/write-AbCdEf`),
    readSecretArn: arn('secretsmanager', `secret:${name}/read-AbCdEf`),
    database: name,
  });

/** Everything but finding out and moving what is classified: those are what is measured. */
const POLICIES = [
  `@id("all") permit (principal, action in [Action::"read", Action::"write", Action::"define", Action::"execute"], resource);
   @id("knows") permit (principal, action == Action::"connect", resource);`,
];

const BUNDLE = bundleOf(POLICIES, {
  ...GATEWAY,
  connections: WORLDS.map(connectionOf),
  masking: { columns: Object.entries(CLASSES).map(([match, name]) => ({ match: `*.${match}`, class: name })) },
  limits: { pendingPerAgent: 3, agent: { requestsPerMinute: 100_000 } },
});

/** What the caller of one statement, and whoever reads the record of it, gets to see. */
export interface Seen {
  /** `ran`, `failed` with the target's code, or `refused` with the gateway's. */
  readonly how: string;
  /** What the gateway said that it would tell of classified columns: ways of inference, `moves`; or `unreadable`. */
  readonly told: readonly string[];
  /** Some column of the answer is masked. */
  readonly masked: boolean;
  readonly rows: readonly unknown[];
  readonly text: string;
}

export interface Gateway {
  ask(world: WorldName, statement: string, parameters?: Readonly<Record<string, string | number>>): Promise<Seen>;
  /** The rows as the database itself gives them. */
  direct(world: WorldName, statement: string): Promise<readonly unknown[]>;
  close(): Promise<void>;
}

/** The gateway's own stories in front of a real PostgreSQL and its Data API; only the stores are in memory. */
export async function startGateway(): Promise<Gateway> {
  const stateDir = mkdtempSync(join(tmpdir(), 'countersign-mask-'));
  chmodSync(stateDir, 0o711);
  const cluster = await startPostgres({ stateDir });
  const secrets = new Map<string, string>();
  const dataApi = await startRdsData({ readSecret: (secret) => Promise.resolve(secrets.get(secret)) });
  const connections = WORLDS.map(connectionOf);
  const seeds = WORLDS.map((world) => ({ connection: world, extensions: [], sql: [schemaOf(world)], files: [world] }));
  const databases = await provisionDatabases(cluster, connections, seeds);
  for (const database of databases) {
    dataApi.register(database);
    for (const [secret, value] of database.secrets) secrets.set(secret, value);
  }
  for (const { physicalDatabase } of databases) await asIfNew(cluster, physicalDatabase);
  const client = dataApiClient(dataApi.url);
  const api = createDataApi(client);
  const world = createWorld();
  world.configure(BUNDLE);
  const deps = { ...world.deps, connectors: new Map<string, Connector>([['postgres', createPostgresConnector(api)]]) };
  return {
    ask: async (name, statement, parameters) => {
      const request = { connection: name, statement, ...(parameters === undefined ? {} : { parameters }) };
      world.advance(1);
      const logged = world.logged.length;
      const checked = await check(deps, world.runtime(), bot, { ...request, estimate: true });
      const answered = await execute(deps, world.runtime(), { agent: bot, request });
      const session = answered.ok ? answered.value.session.id : answered.error.session;
      const record = session === undefined ? undefined : await deps.store.get(session);
      const seen = { checked, answered, record, logged: world.logged.slice(logged) };
      const told = checked.ok ? [...new Set(checked.value.effects.flatMap(waysOf))].sort() : [];
      return { ...seenOf(answered, JSON.stringify(seen), name), told };
    },
    direct: async (name, statement) => {
      const connection = connections.find((one) => one.name === name);
      if (connection === undefined) throw new TypeError(name);
      const outcome = await api.run({
        connection,
        access: 'write',
        sql: statement,
        parameters: [],
        maxRows: 1_000,
        timeoutSeconds: 30,
      });
      if (outcome.kind !== 'done') throw new Error(`${statement}: ${outcome.message}`);
      return outcome.result.rows;
    },
    close: async () => {
      client.destroy();
      await dataApi.close();
      await cluster.close();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

/**
 * Catalogues without gaps: how many there were depends on the moment, and the planner's estimates of catalogues on them.
 * Autovacuum would look at one database before the other.
 */
async function asIfNew(cluster: PostgresCluster, database: string): Promise<void> {
  const root = await cluster.connectAsRoot(database);
  await root.query('ALTER SYSTEM SET autovacuum = off');
  await root.query('SELECT pg_reload_conf()');
  // What is done to the others is written into pg_class: it comes last.
  for (const name of ['pg_attribute', 'pg_statistic', 'pg_namespace', 'pg_type', 'pg_proc', 'pg_class'])
    await root.query(`VACUUM FULL pg_catalog.${name}`);
  await root.end();
}

function seenOf(answered: Awaited<ReturnType<typeof execute>>, all: string, world: WorldName): Omit<Seen, 'told'> {
  const text = withoutNoise(all, world);
  const nothing = { rows: [], masked: false, text };
  if (!answered.ok) return { how: `refused ${answered.error.refusal.code}`, ...nothing };
  const { outcome } = answered.value.session;
  if (outcome?.kind === 'failed') return { how: `failed ${outcome.code}`, ...nothing };
  const { result } = answered.value;
  return {
    how: outcome?.kind === 'succeeded' ? 'ran' : answered.value.session.status,
    masked: result?.columns.some((column) => column.masked) === true,
    rows: result?.rows ?? [],
    text,
  };
}

function waysOf({ action, attributes }: Effect): readonly string[] {
  if (action === INFER) return [String(attributes['inference'])];
  return action === DECLASSIFY ? ['moves'] : action === 'unreadable' ? ['unreadable'] : [];
}

/** What differs between any two sessions: their ids, times, digests and the name of the connection. */
function withoutNoise(text: string, world: WorldName): string {
  return text
    .replaceAll(new RegExp(`\\b${world}\\b`, 'g'), 'world')
    .replaceAll(/ses_[0-9A-Za-z]+/g, 'session')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'time')
    .replaceAll(
      /"(target|targetMs|startedAt|nonce|head|hash|prev|catalogueVersion|requestDigest|targetDigest|policyVersion)":("[^"]*"|\d+)/g,
      '"$1":0',
    )
    .replaceAll(/"unmasked":\{[^}]*\}/g, '');
}
