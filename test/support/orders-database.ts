import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RDSDataClient } from '@aws-sdk/client-rds-data';
import { startPostgres, type PostgresCluster } from '../../infra/local/services/postgres/cluster.ts';
import { readDatabasesFile, type DatabaseSeed } from '../../infra/local/services/postgres/databases-file.ts';
import { provisionDatabases } from '../../infra/local/services/postgres/provision.ts';
import { startRdsData, type EmbeddedRdsData, type RdsDataOptions } from '../../infra/local/services/rds-data/index.ts';
import { postgresConnectionSchema, type PostgresConnection } from '../../shared/contracts/config/connection.ts';

const arn = (service: string, rest: string): string => `arn:aws:${service}:eu-west-1:123456789012:${rest}`;

export const ordersConnection = postgresConnectionSchema.parse({
  name: 'orders',
  kind: 'postgres',
  environment: 'production',
  resourceArn: arn('rds', 'cluster:orders'),
  secretArn: arn('secretsmanager', 'secret:orders/write-AbCdEf'),
  readSecretArn: arn('secretsmanager', 'secret:orders/read-AbCdEf'),
  database: 'orders',
});

export const analyticsConnection = postgresConnectionSchema.parse({
  name: 'analytics',
  kind: 'postgres',
  environment: 'production',
  resourceArn: arn('rds', 'cluster:analytics'),
  secretArn: arn('secretsmanager', 'secret:analytics/write-AbCdEf'),
  database: 'analytics',
});

export interface OrdersDatabase {
  readonly cluster: PostgresCluster;
  readonly dataApi: EmbeddedRdsData;
  readonly client: RDSDataClient;
  /** Secrets by ARN; a test may put a wrong one in. */
  readonly secrets: Map<string, string>;
  close(): Promise<void>;
}

/** What the demo puts into these connections. */
export const seedsOf = (connections: readonly PostgresConnection[]): readonly DatabaseSeed[] =>
  readDatabasesFile(join(import.meta.dirname, '..', '..', 'config')).filter((seed) =>
    connections.some(({ name }) => name === seed.connection),
  );

/** The demo's databases on a PostgreSQL of the test's own, behind a Data API front and an SDK client to it. */
export async function startOrdersDatabase(options: Omit<RdsDataOptions, 'readSecret'> = {}): Promise<OrdersDatabase> {
  const stateDir = mkdtempSync(join(tmpdir(), 'countersign-test-'));
  // As root, PostgreSQL runs as somebody else, who must be able to pass through.
  chmodSync(stateDir, 0o711);
  const cluster = await startPostgres({ stateDir });
  const secrets = new Map<string, string>();
  const dataApi = await startRdsData({
    ...options,
    readSecret: (secretArn) => Promise.resolve(secrets.get(secretArn)),
  });
  const connections = [ordersConnection, analyticsConnection];
  for (const database of await provisionDatabases(cluster, connections, seedsOf(connections))) {
    dataApi.register(database);
    for (const [secretArn, value] of database.secrets) secrets.set(secretArn, value);
  }
  const client = dataApiClient(dataApi.url);
  return {
    cluster,
    dataApi,
    client,
    secrets,
    async close() {
      client.destroy();
      await dataApi.close();
      await cluster.close();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

export function dataApiClient(endpoint: string): RDSDataClient {
  return new RDSDataClient({
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
}
