import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import * as z from 'zod';
import type { KubernetesConnection } from '../../../shared/contracts/config/connection.ts';
import { ok } from '../../../shared/platform/result.ts';
import type { Cluster } from '../api.contract.ts';

const kubeconfigSchema = z.object({
  'current-context': z.string(),
  contexts: z.array(z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: z.string() }) })),
  clusters: z.array(
    z.object({ name: z.string(), cluster: z.object({ server: z.string(), 'certificate-authority-data': z.string() }) }),
  ),
  users: z.array(z.object({ name: z.string(), user: z.object({ token: z.string() }) })),
});

/** The current context of a kubeconfig, where its user has a token: the gateway knows no client certificates. */
export function fromKubeconfig(
  file: string | undefined,
  connectionTo: (server: string, ca: string) => KubernetesConnection,
): Cluster | undefined {
  if (file === undefined) return undefined;
  const read = kubeconfigSchema.safeParse(parse(readFileSync(file, 'utf8')));
  if (!read.success) {
    console.log(`KUBECONFIG ${file} has no context with a CA and a token in it: the contract is not run against it`);
    return undefined;
  }
  const { contexts, clusters, users, 'current-context': current } = read.data;
  const context = contexts.find(({ name }) => name === current)?.context;
  const cluster = clusters.find(({ name }) => name === context?.cluster)?.cluster;
  const token = users.find(({ name }) => name === context?.user)?.user.token;
  if (cluster === undefined || token === undefined) return undefined;
  const ca = Buffer.from(cluster['certificate-authority-data'], 'base64').toString('utf8');
  return {
    connection: connectionTo(cluster.server.replace(/\/$/, ''), ca),
    vault: { use: async (_arn, work) => ok(await work(token)) },
    close: () => Promise.resolve(),
  };
}
