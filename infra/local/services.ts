import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import type { Configuration } from './configuration.ts';
import type { Closers } from './closers.ts';
import { secretsAt } from './deploy/clients.ts';
import { startDynamoDb } from './services/dynamodb/server.ts';
import type { EmbeddedDynamoDb } from './services/dynamodb/server.ts';
import { startCluster } from './services/kubernetes/clusters.ts';
import type { ProvisionedCluster } from './services/kubernetes/clusters.ts';
import { startKms } from './services/kms/server.ts';
import type { EmbeddedKms } from './services/kms/server.ts';
import { startPostgres } from './services/postgres/cluster.ts';
import { provisionDatabases } from './services/postgres/provision.ts';
import type { ProvisionedDatabase } from './services/postgres/provision.ts';
import { startRdsData } from './services/rds-data/index.ts';
import type { EmbeddedRdsData } from './services/rds-data/index.ts';
import { startS3 } from './services/s3/server.ts';
import { startSecretsManager } from './services/secrets-manager/server.ts';
import type { EmbeddedSecretsManager } from './services/secrets-manager/server.ts';
import type { EmbeddedService } from './services/service.ts';
import { startWorkflows } from './workflow/service.ts';
import type { EmbeddedWorkflows } from './workflow/service.ts';

export type Services = {
  readonly dynamodb: EmbeddedDynamoDb;
  readonly s3: EmbeddedService;
  readonly secrets: EmbeddedSecretsManager;
  readonly kms: EmbeddedKms;
  readonly workflows: EmbeddedWorkflows;
  readonly rdsData: EmbeddedRdsData;
  /** All of them, for addresses and listings. */
  readonly all: readonly EmbeddedService[];
};

/** The AWS services, all on ports of their own. What is started is on `closers` at once, so a failed start leaves nothing. */
export async function startServices(stateDir: string, closers: Closers): Promise<Services> {
  const options = { stateDir };
  const [dynamodb, s3, secrets, kms, workflows] = await settled([
    kept(startDynamoDb(options), closers),
    kept(startS3(options), closers),
    kept(startSecretsManager(options), closers),
    kept(startKms(options), closers),
    kept(startWorkflows(options), closers),
  ]);
  const client = secretsAt(secrets.url);
  const rdsData = await kept(
    startRdsData({
      readSecret: async (arn) => (await client.send(new GetSecretValueCommand({ SecretId: arn }))).SecretString,
    }),
    closers,
  );
  return { dynamodb, s3, secrets, kms, workflows, rdsData, all: [dynamodb, s3, secrets, kms, workflows, rdsData] };
}

/** Waits for all, also when one fails: otherwise a late one would start behind the back of a stack that gave up. */
async function settled<T extends readonly unknown[]>(work: { readonly [K in keyof T]: Promise<T[K]> }): Promise<T>;
async function settled(work: readonly Promise<unknown>[]): Promise<unknown[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

async function kept<S extends EmbeddedService>(starting: Promise<S>, closers: Closers): Promise<S> {
  const service = await starting;
  closers.add(service.name, () => service.close());
  return service;
}

/** PostgreSQL with a database a connection, registered with the Data API, its logins in Secrets Manager. */
export async function startDatabases(
  stateDir: string,
  configuration: Configuration,
  services: Pick<Services, 'rdsData' | 'secrets'>,
  closers: Closers,
): Promise<readonly ProvisionedDatabase[]> {
  const cluster = await startPostgres({ stateDir });
  closers.add('PostgreSQL', () => cluster.close());
  const connections = configuration.bundle.gateway.connections.flatMap((one) => (one.kind === 'postgres' ? [one] : []));
  const databases = await provisionDatabases(cluster, connections, configuration.seeds);
  for (const database of databases) {
    services.rdsData.register(database);
    for (const [arn, value] of database.secrets) services.secrets.importSecret(arn, value);
  }
  return databases;
}

/** An embedded Kubernetes API for each connection that `local/kubernetes.yaml` names, its token in Secrets Manager. */
export async function startClusters(
  stateDir: string,
  { bundle, clusters }: Configuration,
  { secrets }: Pick<Services, 'secrets'>,
  closers: Closers,
): Promise<readonly ProvisionedCluster[]> {
  const connections = bundle.gateway.connections.flatMap((one) => (one.kind === 'kubernetes' ? [one] : []));
  const started: ProvisionedCluster[] = [];
  for (const seed of clusters) {
    const cluster = await startCluster(stateDir, connections, seed);
    closers.add(cluster.name, () => cluster.close());
    for (const [arn, value] of cluster.secrets) secrets.importSecret(arn, value);
    started.push(cluster);
  }
  return started;
}
