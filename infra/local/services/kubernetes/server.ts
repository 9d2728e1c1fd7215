import { join } from 'node:path';
import type { JsonObject } from '../../../../shared/platform/json-value.ts';
import { serverTls } from '../../tls/certificates.ts';
import { machineClock, type ServiceOptions } from '../service.ts';
import { listen } from '../wire/http-server.ts';
import { settle } from './controllers/settle.ts';
import { kubernetesProtocol } from './protocol.ts';
import { seed, type SeedState } from './seed.ts';
import { ClusterStore } from './store.ts';

export interface KubernetesOptions extends ServiceOptions {
  /** Tells several clusters of one stack apart; a folder of the state is called so. */
  readonly name: string;
  /** The one bearer token that is taken, of a service account that may do everything. */
  readonly token: string;
  /** Objects that an empty cluster begins with. */
  readonly manifests?: readonly JsonObject[];
  /** How old a pod is before it is ready. Default one second, so that a rollout can be seen. */
  readonly readyAfterMs?: number;
}

export interface EmbeddedKubernetes {
  readonly name: string;
  /** `https://127.0.0.1:PORT` */
  readonly url: string;
  /** PEM of the CA that signed the server's certificate, and its file. */
  readonly ca: string;
  readonly caFile: string;
  readonly seed: SeedState;
  close(): Promise<void>;
}

/** etcd's usual limit for a request is 1.5 MiB, the API server's for a body 3 MiB (apiserver, MaxRequestBodyBytes). */
const MAX_BODY = 3 * 1_048_576;

/**
 * A small Kubernetes API for demos and tests: objects in a file, no kubelet and no containers. What it does not do it
 * refuses with a `Status`. The list of both is in ARCHITECTURE.md, "The embedded stack".
 */
export async function startKubernetes(options: KubernetesOptions): Promise<EmbeddedKubernetes> {
  const { stateDir, name, host = '127.0.0.1', port = 0, clock = machineClock, readyAfterMs = 1_000 } = options;
  const store = ClusterStore.open(join(stateDir, 'kubernetes', name, 'cluster.json'));
  const seeded = seed(store, options.manifests ?? [], clock());
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const changed = (): void => {
    const { waiting } = settle(store, readyAfterMs, clock());
    store.flush();
    clearTimeout(timer);
    // Whatever waits is ready once it is old enough, which no request has to bring about.
    if (waiting && !closed) timer = setTimeout(changed, Math.max(readyAfterMs / 2, 50)).unref();
  };
  changed();
  const tls = serverTls(stateDir, clock());
  const protocol = kubernetesProtocol({ store, token: options.token, now: clock, changed });
  const server = await listen({ host, port, maxBodyBytes: MAX_BODY, tls }, protocol);
  return {
    name: `Kubernetes ${name}`,
    url: server.url,
    ca: tls.ca,
    caFile: tls.caFile,
    seed: seeded,
    async close() {
      closed = true;
      clearTimeout(timer);
      await server.close();
      store.flush();
    },
  };
}
