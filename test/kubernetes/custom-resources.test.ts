import { describe, expect, test } from 'vitest';
import { readRequest } from '../../shared/connectors/kubernetes/request/index.ts';
import { read } from '../../shared/connectors/kubernetes/analysis/index.ts';
import type { Look } from '../../shared/connectors/kubernetes/preview/look.ts';
import { previewRemoval } from '../../shared/connectors/kubernetes/preview/removal.ts';
import type { JsonObject } from '../../shared/platform/json-value.ts';

// The embedded API serves no custom resources; what an API server with an operator answers is written down here.
const resource = (name: string, kind: string, more: JsonObject = {}): JsonObject => ({
  name,
  kind,
  namespaced: true,
  verbs: ['get', 'list'],
  ...more,
});
const group = (version: string): JsonObject => ({ name: version, preferredVersion: { groupVersion: version } });
const item = (uid: string, owner?: string): JsonObject => ({
  metadata: { uid, ...(owner === undefined ? {} : { ownerReferences: [{ uid: owner }] }) },
});

const ANSWERS: Readonly<Record<string, JsonObject>> = {
  '/api/v1': { resources: [resource('pods', 'Pod'), resource('pods/log', 'Pod', { verbs: ['get'] })] },
  '/apis': { groups: [group('apps/v1'), group('db.example.com/v1'), group('metrics.k8s.io/v1beta1')] },
  '/apis/apps/v1': { resources: [resource('deployments', 'Deployment')] },
  '/apis/db.example.com/v1': {
    resources: [
      resource('clusters', 'PgCluster'),
      resource('backups', 'PgBackup'),
      resource('classes', 'PgClass', { namespaced: false }),
    ],
  },
  '/apis/metrics.k8s.io/v1beta1': { resources: [resource('pods', 'PodMetrics')] },
  '/apis/db.example.com/v1/namespaces/shop/clusters?limit=500': { items: [item('c1'), item('c2')] },
  '/apis/db.example.com/v1/namespaces/shop/backups?limit=500': {
    items: [item('b1', 'c1'), item('b2', 'c1'), item('b3', 'c2')],
    metadata: { remainingItemCount: 4 },
  },
  '/api/v1/namespaces/shop/pods?limit=500': { items: [item('p1', 'c1')] },
  '/apis/db.example.com/v1/namespaces/shop/clusters/main': { kind: 'PgCluster', metadata: { uid: 'c1' } },
};

const lookAt = (answers: Readonly<Record<string, JsonObject>>): Look => {
  const get = (target: string) => Promise.resolve(answers[target]);
  return { at: get, names: get, attempt: () => Promise.reject(new Error('nothing is tried')) };
};

async function removal(text: string, answers = ANSWERS) {
  const [request, reading] = [readRequest({ text }), read({ text }, [])];
  if (!request.ok || !reading.ok || request.value.kind !== 'resource') throw new Error('not read');
  return previewRemoval(lookAt(answers), request.value, reading.value);
}

describe('custom resources', () => {
  test('are counted with the namespace that holds them, whatever operator brought them', async () => {
    expect(await removal('DELETE /api/v1/namespaces/shop')).toEqual({
      rows: { basis: 'counted', rows: 11, why: 'objects: the namespace, 1 Pod, 2 PgClusters, 7 PgBackups' },
      uncounted: ['whatever controllers keep outside of the cluster'],
    });
  });

  test('are counted with the owner that takes them along', async () => {
    expect(await removal('DELETE /apis/db.example.com/v1/namespaces/shop/clusters/main')).toEqual({
      rows: { basis: 'counted', rows: 4, why: 'objects: 1 PgCluster, 1 Pod, 2 PgBackups' },
      uncounted: [],
    });
  });

  test('are said not to be counted where the API server does not tell its kinds', async () => {
    const { '/apis': _groups, ...without } = ANSWERS;
    const seen = await removal('DELETE /api/v1/namespaces/shop', without);
    expect(seen.uncounted).toContain('custom resources of kinds that could not all be looked through');
  });
});
