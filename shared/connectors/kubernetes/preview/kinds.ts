import { isList, isObject } from '../body/fragments.ts';
import type { Look } from './look.ts';

/** What people look for when a namespace goes: Kubernetes' own kinds that hold something or run something. */
const KINDS: readonly (readonly [kind: string, prefix: string, resource: string])[] = [
  ['Deployment', '/apis/apps/v1', 'deployments'],
  ['StatefulSet', '/apis/apps/v1', 'statefulsets'],
  ['DaemonSet', '/apis/apps/v1', 'daemonsets'],
  ['ReplicaSet', '/apis/apps/v1', 'replicasets'],
  ['Job', '/apis/batch/v1', 'jobs'],
  ['CronJob', '/apis/batch/v1', 'cronjobs'],
  ['Pod', '/api/v1', 'pods'],
  ['Service', '/api/v1', 'services'],
  ['Ingress', '/apis/networking.k8s.io/v1', 'ingresses'],
  ['ConfigMap', '/api/v1', 'configmaps'],
  ['Secret', '/api/v1', 'secrets'],
  ['PersistentVolumeClaim', '/api/v1', 'persistentvolumeclaims'],
  ['ServiceAccount', '/api/v1', 'serviceaccounts'],
  ['Role', '/apis/rbac.authorization.k8s.io/v1', 'roles'],
  ['RoleBinding', '/apis/rbac.authorization.k8s.io/v1', 'rolebindings'],
];

export const pathIn = (prefix: string, namespace: string, resource: string): string =>
  `${prefix}/namespaces/${namespace}/${resource}`;

/** Objects of a namespace by kind, without those there are none of. `undefined`: not one kind could be listed. */
export async function countKinds(look: Look, namespace: string): Promise<ReadonlyMap<string, number> | undefined> {
  const counts = await Promise.all(
    KINDS.map(async ([kind, prefix, resource]) => {
      const list = await look.names(`${pathIn(prefix, namespace, resource)}?limit=500`);
      if (list === undefined) return undefined;
      const { items, metadata } = list;
      const rest = isObject(metadata) ? metadata['remainingItemCount'] : 0;
      return [kind, (isList(items) ? items.length : 0) + (typeof rest === 'number' ? rest : 0)] as const;
    }),
  );
  const known = counts.filter((count) => count !== undefined);
  return known.length === 0 ? undefined : new Map(known.filter(([, count]) => count > 0));
}

/** `2 ReplicaSets, 1 Pod`. */
export const inWords = (kinds: ReadonlyMap<string, number>): string =>
  [...kinds].map(([kind, count]) => `${String(count)} ${kind}${count === 1 ? '' : 's'}`).join(', ');
