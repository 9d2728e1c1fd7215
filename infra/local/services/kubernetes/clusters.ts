import { randomBytes } from 'node:crypto';
import type { KubernetesConnection } from '../../../../shared/contracts/config/connection.ts';
import type { ClusterSeed } from './clusters-file.ts';
import { startKubernetes, type EmbeddedKubernetes } from './server.ts';

/** An embedded cluster that stands for a connection, and the secrets under which its token is kept. */
export interface ProvisionedCluster extends EmbeddedKubernetes {
  readonly connection: string;
  readonly secrets: ReadonlyMap<string, string>;
}

/**
 * One embedded API for each connection that `local/kubernetes.yaml` names, its token new with each start, so nothing but the
 * secret store has it. @throws when a name is not that of a connection with a service account's token.
 */
export async function startCluster(
  stateDir: string,
  connections: readonly KubernetesConnection[],
  seed: ClusterSeed,
): Promise<ProvisionedCluster> {
  const connection = connections.find(({ name }) => name === seed.connection);
  if (connection?.credential.kind !== 'service-account')
    throw new Error(
      `local/kubernetes.yaml: there is no connection "${seed.connection}" of kind kubernetes with a service-account credential in gateway.yaml`,
    );
  const { secretArn, readSecretArn } = connection.credential;
  const token = randomBytes(32).toString('base64url');
  const cluster = await startKubernetes({ stateDir, name: seed.connection, token, manifests: seed.manifests });
  // One token under both: who may do what is not enforced by this API, only judged by the gateway.
  const secret = JSON.stringify({ token });
  const secrets = new Map([secretArn, readSecretArn].flatMap((arn) => (arn === undefined ? [] : [[arn, secret]])));
  return { ...cluster, connection: seed.connection, secrets };
}
