import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EmbeddedKubernetes } from '../../infra/local/services/kubernetes/server.ts';
import { startKubernetes } from '../../infra/local/services/kubernetes/server.ts';
import type { JsonObject } from '../../shared/platform/json-value.ts';

export interface HttpsAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly json: JsonObject;
}

export interface HttpsCall {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** One request over TLS that pins a CA, as kubectl makes it: the path goes out as it is written. */
export function overTls(base: string, ca: string, path: string, call: HttpsCall = {}): Promise<HttpsAnswer> {
  const { hostname, port } = new URL(base);
  const { method = 'GET', headers = {}, body } = call;
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const sent = request(
      { hostname, port, path, method, ca, agent: false, headers: { ...headers, ...length } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const json = text.startsWith('{') ? (JSON.parse(text) as JsonObject) : {};
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json });
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

export const TOKEN = 'a-service-account-token';

const deployment = (name: string, namespace: string, replicas: number, image: string): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace, labels: { app: name } },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name, image }] } },
  },
});

/** Two namespaces, a deployment in each, a secret and a configmap. */
export const MANIFESTS: readonly JsonObject[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'prod' } },
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'staging' } },
  deployment('web', 'prod', 3, 'registry.example.com/shop/web:1.4.2'),
  deployment('web', 'staging', 1, 'registry.example.com/shop/web:1.5.0'),
  {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'payments', namespace: 'prod' },
    stringData: { password: 'correct horse battery staple' },
  },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'prod' }, data: { mode: 'live' } },
];

export interface TestCluster extends EmbeddedKubernetes {
  readonly stateDir: string;
  call(path: string, call?: HttpsCall): Promise<HttpsAnswer>;
}

/** An embedded cluster of its own, pods ready at once; `state` opens one that was there before. */
export async function openCluster(state?: string): Promise<TestCluster> {
  const stateDir = state ?? mkdtempSync(join(tmpdir(), 'countersign-kubernetes-'));
  const cluster = await startKubernetes({
    stateDir,
    name: 'shop',
    token: TOKEN,
    manifests: MANIFESTS,
    readyAfterMs: 0,
  });
  return {
    ...cluster,
    stateDir,
    call: (path, given = {}) =>
      overTls(cluster.url, cluster.ca, path, {
        ...given,
        headers: { authorization: `Bearer ${TOKEN}`, accept: 'application/json', ...given.headers },
      }),
  };
}

export async function dropCluster(cluster: TestCluster): Promise<void> {
  await cluster.close();
  rmSync(cluster.stateDir, { recursive: true, force: true });
}
