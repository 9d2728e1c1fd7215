import { createHash } from 'node:crypto';
import type { JsonObject } from '../../../../../shared/platform/json-value.ts';
import { listAt, numberAt, objectAt, put, same, sorted, textAt, textsAt } from '../json.ts';
import { deleteObject } from '../deletion.ts';
import { createObject, ownerReference, timestamp } from '../lifecycle.ts';
import type { Kind } from '../model/kinds.ts';
import { findKind } from '../model/kinds.ts';
import { namespaceOf, nameOf, uidOf, type ClusterStore } from '../store.ts';

export function kindOf(group: string, plural: string): Kind {
  const kind = findKind(group, 'v1', plural);
  if (kind === undefined) throw new Error(`${plural} is not among the kinds that are served`);
  return kind;
}

export const PODS = kindOf('', 'pods');
export const REPLICA_SETS = kindOf('apps', 'replicasets');
export const DEPLOYMENTS = kindOf('apps', 'deployments');

const REVISION = 'deployment.kubernetes.io/revision';

export const ownedBy = (store: ClusterStore, kind: Kind, owner: JsonObject): readonly JsonObject[] =>
  store
    .list(kind, namespaceOf(owner))
    .filter((object) =>
      listAt(object, 'metadata', 'ownerReferences').some((one) => textAt(one, 'uid') === uidOf(owner)),
    );

/** Ten characters of a hash of the template, as the name of a ReplicaSet carries them. */
export const templateHash = (template: JsonObject): string =>
  createHash('sha256')
    .update(JSON.stringify(sorted(template)))
    .digest('hex')
    .slice(0, 10);

/** One ReplicaSet a template; the newest gets all replicas, the older ones none once it is ready. */
export function runDeployment(store: ClusterStore, deployment: JsonObject, now: Date): void {
  if (deployment['spec'] !== undefined && objectAt(deployment, 'spec')['paused'] === true) return;
  const hash = templateHash(objectAt(deployment, 'spec', 'template'));
  const sets = ownedBy(store, REPLICA_SETS, deployment);
  const current = sets.find((set) => textsAt(set, 'metadata', 'labels')['pod-template-hash'] === hash);
  const newest = Math.max(0, ...sets.map(revisionOf));
  const revision = current !== undefined && revisionOf(current) === newest ? newest : newest + 1;
  const wanted = numberAt(deployment, 'spec', 'replicas') ?? 1;
  const set = current ?? makeReplicaSet(store, deployment, hash, revision, now);
  if (set === undefined) return;
  scaleSet(store, annotated(store, set, revision), wanted);
  const ready = numberAt(set, 'status', 'readyReplicas') ?? 0;
  for (const old of sets) if (old !== current && ready >= wanted) scaleSet(store, old, 0);
  prune(store, deployment, now);
  mark(store, DEPLOYMENTS, deployment, revision);
}

const revisionOf = (object: JsonObject): number => Number(textsAt(object, 'metadata', 'annotations')[REVISION] ?? 0);

function annotated(store: ClusterStore, set: JsonObject, revision: number): JsonObject {
  return mark(store, REPLICA_SETS, set, revision);
}

function mark(store: ClusterStore, kind: Kind, given: JsonObject, revision: number): JsonObject {
  const object = store.get(kind, namespaceOf(given), nameOf(given));
  if (object === undefined) return given;
  if (revisionOf(object) === revision) return object;
  return store.save(kind, put(object, ['metadata', 'annotations', REVISION], String(revision)));
}

function makeReplicaSet(
  store: ClusterStore,
  deployment: JsonObject,
  hash: string,
  revision: number,
  now: Date,
): JsonObject | undefined {
  const template = put(objectAt(deployment, 'spec', 'template'), ['metadata', 'labels', 'pod-template-hash'], hash);
  const labels = textsAt(template, 'metadata', 'labels');
  // The note of why, which `rollout history` shows, goes with the revision.
  const cause = textsAt(deployment, 'metadata', 'annotations')['kubernetes.io/change-cause'];
  const made = createObject(
    store,
    REPLICA_SETS,
    namespaceOf(deployment),
    {
      metadata: {
        name: `${nameOf(deployment)}-${hash}`,
        labels,
        annotations: {
          [REVISION]: String(revision),
          ...(cause === undefined ? {} : { 'kubernetes.io/change-cause': cause }),
        },
        ownerReferences: [ownerReference(DEPLOYMENTS, deployment)],
      },
      spec: {
        replicas: 0,
        selector: put(objectAt(deployment, 'spec', 'selector'), ['matchLabels', 'pod-template-hash'], hash),
        template,
      },
    },
    now,
  );
  return made.ok ? made.value : undefined;
}

function scaleSet(store: ClusterStore, set: JsonObject, replicas: number): void {
  if (numberAt(set, 'spec', 'replicas') === replicas) return;
  const generation = (numberAt(set, 'metadata', 'generation') ?? 0) + 1;
  store.save(REPLICA_SETS, put(put(set, ['spec', 'replicas'], replicas), ['metadata', 'generation'], generation));
}

/** Beyond `revisionHistoryLimit`, empty sets go, the oldest first. */
function prune(store: ClusterStore, deployment: JsonObject, now: Date): void {
  const limit = numberAt(deployment, 'spec', 'revisionHistoryLimit') ?? 10;
  const empty = ownedBy(store, REPLICA_SETS, deployment)
    .filter((set) => numberAt(set, 'spec', 'replicas') === 0 && (numberAt(set, 'status', 'replicas') ?? 0) === 0)
    .sort((one, other) => revisionOf(other) - revisionOf(one));
  for (const set of empty.slice(limit)) deleteObject(store, REPLICA_SETS, set, 'Background', now);
}

/** The pods there should be, by name; `undefined`: any name. Those that are too many go, the newest first. */
export function keepPods(
  store: ClusterStore,
  kind: Kind,
  owner: JsonObject,
  names: readonly (string | undefined)[],
  now: Date,
): void {
  const pods = ownedBy(store, PODS, owner);
  const template = objectAt(owner, 'spec', 'template');
  const fixed = names.filter((name) => name !== undefined);
  const wrong = fixed.length > 0 ? pods.filter((pod) => !fixed.includes(nameOf(pod))) : pods.slice(names.length);
  for (const pod of wrong) deleteObject(store, PODS, pod, 'Background', now);
  const kept = pods.filter((pod) => !wrong.includes(pod));
  const missing =
    fixed.length > 0 ? fixed.filter((name) => !kept.some((pod) => nameOf(pod) === name)) : names.slice(kept.length);
  for (const name of missing) {
    const given = name === undefined ? { generateName: `${nameOf(owner)}-` } : { name };
    const { labels = {}, annotations } = objectAt(template, 'metadata');
    const metadata = {
      ...given,
      labels,
      ...(annotations === undefined ? {} : { annotations }),
      ownerReferences: [ownerReference(kind, owner)],
    };
    createObject(store, PODS, namespaceOf(owner), { metadata, spec: objectAt(template, 'spec') }, now);
  }
}

/** Pods of an older template are replaced: what StatefulSets and DaemonSets do, at once here and not one by one. */
export function replaceOutdated(store: ClusterStore, owner: JsonObject, now: Date): void {
  const hash = templateHash(objectAt(owner, 'spec', 'template'));
  for (const pod of ownedBy(store, PODS, owner)) {
    const label = textsAt(pod, 'metadata', 'labels')['controller-revision-hash'];
    if (label === undefined) store.save(PODS, put(pod, ['metadata', 'labels', 'controller-revision-hash'], hash));
    else if (label !== hash) deleteObject(store, PODS, pod, 'Background', now);
  }
}

export function saveStatus(store: ClusterStore, kind: Kind, given: JsonObject, status: JsonObject): void {
  const object = store.get(kind, namespaceOf(given), nameOf(given));
  if (object === undefined) return;
  const before = objectAt(object, 'status');
  const timeless = (one: JsonObject): JsonObject =>
    put(
      one,
      ['conditions'],
      listAt(one, 'conditions').map((item) =>
        put(put(objectAt(item), ['lastUpdateTime'], ''), ['lastTransitionTime'], ''),
      ),
    );
  if (!same(timeless(before), timeless(status))) store.save(kind, put(object, ['status'], status));
}

export const condition = (type: string, holds: boolean, reason: string, message: string, now: Date): JsonObject => ({
  type,
  status: holds ? 'True' : 'False',
  reason,
  message,
  lastUpdateTime: timestamp(now),
  lastTransitionTime: timestamp(now),
});
