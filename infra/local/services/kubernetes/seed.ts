import { createHash } from 'node:crypto';
import type { JsonObject } from '../../../../shared/platform/json-value.ts';
import { put, textAt } from './json.ts';
import { createObject } from './lifecycle.ts';
import { findKind, kindNamed } from './model/kinds.ts';
import { kindOf } from './controllers/workloads.ts';
import { nameOf, type ClusterStore } from './store.ts';

export type SeedState = 'seeded' | 'kept' | 'outdated';

const MARK = 'countersign.embedded/seed';

/**
 * Fills an empty cluster: the namespaces that every cluster has, one node, and the manifests in their order. The mark on
 * the namespace `kube-system` tells later starts whether the seed has changed since. @throws what is wrong with a manifest.
 */
export function seed(store: ClusterStore, manifests: readonly JsonObject[], now: Date): SeedState {
  const mark = createHash('sha256').update(JSON.stringify(manifests)).digest('hex');
  const system = store.get(kindOf('', 'namespaces'), '', 'kube-system');
  if (system !== undefined) return textAt(system, 'metadata', 'annotations', MARK) === mark ? 'kept' : 'outdated';
  for (const manifest of [...base(mark), ...manifests]) place(store, manifest, now);
  return 'seeded';
}

function base(mark: string): readonly JsonObject[] {
  const namespaces = ['default', 'kube-system', 'kube-public'].map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name },
  }));
  const marked = namespaces.map((one) =>
    one.metadata.name === 'kube-system' ? put(one, ['metadata', 'annotations'], { [MARK]: mark }) : one,
  );
  return [...marked, NODE];
}

const NODE: JsonObject = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'embedded-1', labels: { 'kubernetes.io/hostname': 'embedded-1', 'kubernetes.io/os': 'none' } },
  status: {
    capacity: { cpu: '2', memory: '4Gi', pods: '110' },
    allocatable: { cpu: '2', memory: '4Gi', pods: '110' },
    conditions: [{ type: 'Ready', status: 'True', reason: 'EmbeddedReady', message: 'no kubelet: entries in a file' }],
    nodeInfo: {
      kubeletVersion: 'none (embedded)',
      osImage: 'none',
      containerRuntimeVersion: 'none://',
      architecture: 'none',
      operatingSystem: 'none',
    },
  },
};

function place(store: ClusterStore, manifest: JsonObject, now: Date): void {
  const what = `${textAt(manifest, 'apiVersion')} ${textAt(manifest, 'kind')} ${nameOf(manifest)}`;
  const kind = kindNamed(textAt(manifest, 'apiVersion'), textAt(manifest, 'kind'));
  if (kind === undefined || findKind(kind.group, kind.version, kind.plural)?.createOnly !== false)
    throw new Error(`${what}: the embedded Kubernetes API has no such kind`);
  const namespace = kind.namespaced ? textAt(manifest, 'metadata', 'namespace') || 'default' : '';
  const made = createObject(store, kind, namespace, manifest, now);
  if (!made.ok) throw new Error(`${what}: ${made.error.message}`);
}
