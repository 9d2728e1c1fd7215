import { isList, isObject } from '../body/fragments.ts';
import { discover, type Kind } from './discovery.ts';
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

/** Custom kinds that are looked through for one preview: it has 15 seconds in all. */
const MAX_CUSTOM = 100;

/** Kinds of custom resources in namespaces, whatever operators brought them; `whole` where that is all of them. */
export interface CustomKinds {
  readonly kinds: readonly (readonly [kind: string, prefix: string, resource: string])[];
  readonly whole: boolean;
}

/** Kubernetes' own groups have no dot, or end in `.k8s.io`; what lies under another name somebody added. */
const isCustom = ({ prefix, namespaced }: Kind): boolean =>
  namespaced && /^\/apis\/[^/]*\./.test(prefix) && !/^\/apis\/([^/]+\.)?k8s\.io\//.test(prefix);

export async function customKinds(look: Look): Promise<CustomKinds> {
  const found = await discover(look);
  const custom = (found ?? []).filter(isCustom);
  return {
    kinds: custom.slice(0, MAX_CUSTOM).map(({ kind, prefix, resource }) => [kind, prefix, resource]),
    whole: found !== undefined && custom.length <= MAX_CUSTOM,
  };
}

/** Objects of a namespace by kind, without those there are none of. `undefined`: not one kind could be listed. */
export async function countKinds(
  look: Look,
  namespace: string,
  custom: CustomKinds['kinds'],
): Promise<ReadonlyMap<string, number> | undefined> {
  const counts = await Promise.all(
    [...KINDS, ...custom].map(async ([kind, prefix, resource]) => {
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
