import type { JsonObject } from '../../../../shared/platform/json-value.ts';
import { listAt, put, textAt } from './json.ts';
import { timestamp } from './lifecycle.ts';
import type { Kind } from './model/kinds.ts';
import { kindNamed } from './model/kinds.ts';
import { isDeleting, nameOf, namespaceOf, uidOf, type ClusterStore } from './store.ts';

export type Propagation = 'Background' | 'Foreground' | 'Orphan';

/**
 * Takes the object away, and what it owns with it. Nothing runs here, so no grace is given and `Foreground` is as quick
 * as `Background`. An object with finalizers stays, marked, until an update takes the last of them off.
 */
export function deleteObject(
  store: ClusterStore,
  kind: Kind,
  object: JsonObject,
  how: Propagation,
  now: Date,
): JsonObject {
  if (listAt(object, 'metadata', 'finalizers').length > 0) {
    if (isDeleting(object)) return object;
    const marked = put(object, ['metadata', 'deletionTimestamp'], timestamp(now));
    return store.save(kind, put(marked, ['metadata', 'deletionGracePeriodSeconds'], 0));
  }
  store.remove(kind, object);
  if (kind.plural === 'namespaces') emptyNamespace(store, nameOf(object), now);
  else releaseDependents(store, uidOf(object), how, now);
  return object;
}

function emptyNamespace(store: ClusterStore, namespace: string, now: Date): void {
  for (const [kind, object] of objectsOf(store))
    if (namespaceOf(object) === namespace && store.get(kind, namespace, nameOf(object)) !== undefined)
      deleteObject(store, kind, object, 'Background', now);
}

/** What had the object as its only owner goes, or is let go of (Kubernetes, "Garbage Collection"). */
function releaseDependents(store: ClusterStore, uid: string, how: Propagation, now: Date): void {
  for (const [kind, object] of objectsOf(store)) {
    const owners = listAt(object, 'metadata', 'ownerReferences');
    const others = owners.filter((owner) => textAt(owner, 'uid') !== uid);
    if (others.length === owners.length) continue;
    if (how !== 'Orphan' && others.length === 0) deleteObject(store, kind, object, how, now);
    else store.save(kind, put(object, ['metadata', 'ownerReferences'], others.length === 0 ? undefined : others));
  }
}

const objectsOf = (store: ClusterStore): readonly (readonly [Kind, JsonObject])[] =>
  store.all().flatMap((object): (readonly [Kind, JsonObject])[] => {
    const kind = kindNamed(textAt(object, 'apiVersion'), textAt(object, 'kind'));
    return kind === undefined ? [] : [[kind, object]];
  });
