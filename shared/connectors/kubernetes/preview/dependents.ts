import type { JsonObject, JsonValue } from '../../../platform/json-value.ts';
import { isList, isObject } from '../body/fragments.ts';
import type { ResourceRequest } from '../request/model.ts';
import { pathIn, type CustomKinds } from './kinds.ts';
import type { Look } from './look.ts';

/** Kinds that Kubernetes' own controllers make for an owner, and take away with it. */
const OWNED: readonly (readonly [kind: string, prefix: string, resource: string])[] = [
  ['ReplicaSet', '/apis/apps/v1', 'replicasets'],
  ['ControllerRevision', '/apis/apps/v1', 'controllerrevisions'],
  ['Job', '/apis/batch/v1', 'jobs'],
  ['Pod', '/api/v1', 'pods'],
  ['EndpointSlice', '/apis/discovery.k8s.io/v1', 'endpointslices'],
];

interface Owned {
  readonly kind: string;
  readonly uid: string;
  readonly owners: readonly string[];
}

/** What would go with an object by its `ownerReferences`, and with that, by kind. Of each kind 500 are looked at. */
export async function dependentsOf(
  look: Look,
  { namespace }: ResourceRequest,
  uid: JsonValue | undefined,
  custom: CustomKinds['kinds'],
): Promise<Map<string, number>> {
  if (namespace === '' || typeof uid !== 'string') return new Map();
  const lists = await Promise.all(
    [...OWNED, ...custom].map(async ([kind, prefix, resource]) => {
      const list = await look.names(`${pathIn(prefix, namespace, resource)}?limit=500`);
      const items = list?.['items'];
      return isList(items) ? items.flatMap((item) => (isObject(item) ? [ownedOf(kind, item)] : [])) : [];
    }),
  );
  return counted(lists.flat(), uid);
}

function counted(objects: readonly Owned[], root: string): Map<string, number> {
  const going = new Set([root]);
  const kinds = new Map<string, number>();
  // A pod's owner may be listed after the pod, so it is gone through until nothing is added; owners form no circles.
  for (let added = true; added;) {
    added = false;
    for (const { kind, uid, owners } of objects) {
      if (going.has(uid) || !owners.some((owner) => going.has(owner))) continue;
      going.add(uid);
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      added = true;
    }
  }
  return kinds;
}

function ownedOf(kind: string, { metadata }: JsonObject): Owned {
  const { uid, ownerReferences } = isObject(metadata) ? metadata : {};
  const owners = isList(ownerReferences)
    ? ownerReferences.flatMap((owner) => (isObject(owner) && typeof owner['uid'] === 'string' ? [owner['uid']] : []))
    : [];
  return { kind, uid: typeof uid === 'string' ? uid : '', owners };
}
