import type { PostgresConnection } from '../../../../shared/contracts/config/connection.ts';
import { startPostgres, type PostgresCluster } from '../postgres/cluster.ts';
import { readDatabasesFile } from '../postgres/databases-file.ts';
import { provisionDatabases, type ProvisionedDatabase } from '../postgres/provision.ts';
import { startRdsData, type EmbeddedRdsData, type RdsDataOptions } from './index.ts';

export interface DatabasesOptions extends RdsDataOptions {
  readonly stateDir: string;
  /** The configuration folder; its `local/databases.yaml` names the seeds. */
  readonly configDir: string;
  readonly connections: readonly PostgresConnection[];
  /** Puts a login where `readSecret`, and the real service in its place, finds it. Called at every start. */
  readonly writeSecret: (secretArn: string, value: string) => Promise<void>;
}

export interface EmbeddedDatabases extends EmbeddedRdsData {
  readonly cluster: PostgresCluster;
  readonly databases: readonly ProvisionedDatabase[];
}

/** PostgreSQL with a seeded database for every connection, its logins in the secret store, the Data API in front. */
export async function startDatabases(options: DatabasesOptions): Promise<EmbeddedDatabases> {
  const seeds = readDatabasesFile(options.configDir);
  const cluster = await startPostgres(options);
  try {
    const databases = await provisionDatabases(cluster, options.connections, seeds);
    for (const { secrets } of databases) {
      for (const [secretArn, value] of secrets) await options.writeSecret(secretArn, value);
    }
    const dataApi = await startRdsData(options);
    for (const database of databases) dataApi.register(database);
    const close = async (): Promise<void> => {
      await dataApi.close();
      await cluster.close();
    };
    return { ...dataApi, cluster, databases, close };
  } catch (error) {
    await cluster.close();
    throw error;
  }
}
