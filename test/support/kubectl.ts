import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** kubectl on this machine, if there is one. Tests that need it say so and are skipped where there is none. */
export const KUBECTL = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'kubectl'))
  .find((path) => existsSync(path));

export interface KubectlRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export type Kubectl = (words: readonly string[], input?: string) => Promise<KubectlRun>;

/** kubectl with this kubeconfig and a home of its own: nothing of the developer's, and caches that begin empty. */
export function kubectlWith(kubeconfig: string): Kubectl {
  const home = mkdtempSync(join(tmpdir(), 'countersign-kubectl-'));
  const file = join(home, 'kubeconfig');
  writeFileSync(file, kubeconfig, { mode: 0o600 });
  const env = { HOME: home, KUBECONFIG: file, PATH: process.env['PATH'] ?? '', KUBECTL_EXTERNAL_DIFF: 'diff -u' };
  return (words, input = '') =>
    new Promise((resolve) => {
      const child = execFile(KUBECTL ?? 'kubectl', [...words], { env, timeout: 50_000 }, (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err });
      });
      child.stdin?.end(input);
    });
}

/** A kubeconfig with a token in it, for tests: asking the credential plugin each time would cost a second each. */
export const kubeconfigFor = (server: string, caFile: string, token: string, namespace: string): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'one', cluster: { server, 'certificate-authority': caFile } }],
    users: [{ name: 'one', user: { token } }],
    contexts: [{ name: 'one', context: { cluster: 'one', user: 'one', namespace } }],
    'current-context': 'one',
  });
