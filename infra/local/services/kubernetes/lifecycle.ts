import { randomBytes, randomUUID } from 'node:crypto';
import type { JsonObject } from '../../../../shared/platform/json-value.ts';
import type { Result } from '../../../../shared/platform/result.ts';
import { ok } from '../../../../shared/platform/result.ts';
import { at, listAt, numberAt, objectAt, put, same, textAt } from './json.ts';
import { withKindDefaults } from './model/defaults.ts';
import type { Kind } from './model/kinds.ts';
import { findKind, groupVersionOf } from './model/kinds.ts';
import { checkObject } from './model/validate.ts';
import type { Fault } from './status.ts';
import { fault } from './status.ts';
import { isDeleting, nameOf, uidOf, type ClusterStore } from './store.ts';

/** Seconds, as meta/v1's Time is written. */
export const timestamp = (now: Date): string => `${now.toISOString().slice(0, 19)}Z`;

export const qualified = (kind: Kind): string => (kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`);

export function notFound(kind: Kind, name: string): Result<never, Fault> {
  return fault('NotFound', `${qualified(kind)} "${name}" not found`, { name, group: kind.group, kind: kind.plural });
}

/** Which of the two halves of an object a write is about: a write of the one leaves the other as it is. */
export type Half = 'status' | 'main';

export function createObject(
  store: ClusterStore,
  kind: Kind,
  namespace: string,
  given: JsonObject,
  now: Date,
): Result<JsonObject, Fault> {
  const prefix = textAt(given, 'metadata', 'generateName');
  const own = nameOf(given);
  const name = own === '' && prefix !== '' ? `${prefix}${suffix()}` : own;
  if (name === '')
    return fault(
      'Invalid',
      `${kind.kind} "" is invalid: metadata.name: Required value: name or generateName is required`,
    );
  const home = checkNamespace(store, kind, namespace);
  if (!home.ok) return home;
  if (store.get(kind, namespace, name) !== undefined)
    return fault('AlreadyExists', `${qualified(kind)} "${name}" already exists`, {
      name,
      group: kind.group,
      kind: kind.plural,
    });
  const metadata = Object.fromEntries(
    Object.entries(objectAt(given, 'metadata')).filter(([member]) => !SERVERS_OWN.has(member)),
  );
  const placed = { ...metadata, name, ...(kind.namespaced ? { namespace } : {}) };
  const identity = {
    uid: randomUUID(),
    creationTimestamp: timestamp(now),
    ...(hasSpec(kind) ? { generation: 1 } : {}),
  };
  const valid = checkObject(kind, { ...given, metadata: placed });
  if (!valid.ok) return valid;
  return ok(store.save(kind, withKindDefaults(kind.kind, { ...given, metadata: { ...placed, ...identity } })));
}

/** What only the server gives; a caller's own, such as those of an export, are left out. */
const SERVERS_OWN = new Set(
  [
    'uid',
    'resourceVersion',
    'generation',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
  ].concat(['selfLink', 'managedFields']),
);

const suffix = (): string => randomBytes(5).toString('hex').slice(0, 5);
const hasSpec = (kind: Kind): boolean => ['apps', 'batch', 'networking.k8s.io'].includes(kind.group);

function checkNamespace(store: ClusterStore, kind: Kind, namespace: string): Result<null, Fault> {
  if (!kind.namespaced) return ok(null);
  const namespaces = findKind('', 'v1', 'namespaces');
  const found = namespaces === undefined ? undefined : store.get(namespaces, '', namespace);
  if (found === undefined)
    return fault('NotFound', `namespaces "${namespace}" not found`, { name: namespace, kind: 'namespaces' });
  return isDeleting(found)
    ? fault('Forbidden', `unable to create new content in namespace ${namespace} because it is being terminated`)
    : ok(null);
}

export function updateObject(
  store: ClusterStore,
  kind: Kind,
  before: JsonObject,
  given: JsonObject,
  half: Half,
): Result<JsonObject, Fault> {
  const stale = checkPreconditions(kind, before, objectAt(given, 'metadata'));
  if (!stale.ok) return stale;
  const merged = half === 'status' ? put(before, ['status'], at(given, 'status')) : keepingIdentity(before, given);
  const valid = checkObject(kind, merged);
  if (!valid.ok) return valid;
  if (
    textAt(before, 'immutable') === '' &&
    at(before, 'immutable') === true &&
    !same(objectAt(before, 'data'), objectAt(merged, 'data'))
  )
    return fault(
      'Invalid',
      `${kind.kind} "${nameOf(before)}" is invalid: data: Forbidden: field is immutable when \`immutable\` is set`,
    );
  const full = withKindDefaults(kind.kind, merged);
  const finished = isDeleting(full) && listAt(full, 'metadata', 'finalizers').length === 0;
  if (finished) {
    store.remove(kind, before);
    return ok(full);
  }
  // A write that changes nothing gives no new version, as etcd's store does it.
  return ok(same(full, before) ? before : store.save(kind, withGeneration(before, full)));
}

/** The version and the uid that a caller names must be those of now. */
export function checkPreconditions(kind: Kind, before: JsonObject, named: JsonObject): Result<null, Fault> {
  const message = (what: string): string =>
    `Operation cannot be fulfilled on ${qualified(kind)} "${nameOf(before)}": ${what}`;
  const details = { name: nameOf(before), group: kind.group, kind: kind.plural };
  const { resourceVersion, uid } = { resourceVersion: textAt(named, 'resourceVersion'), uid: textAt(named, 'uid') };
  if (uid !== '' && uid !== uidOf(before))
    return fault(
      'Conflict',
      message(`Precondition failed: UID in precondition: ${uid}, UID in object meta: ${uidOf(before)}`),
      details,
    );
  if (resourceVersion !== '' && resourceVersion !== textAt(before, 'metadata', 'resourceVersion'))
    return fault(
      'Conflict',
      message('the object has been modified; please apply your changes to the latest version and try again'),
      details,
    );
  return ok(null);
}

/** Who it is, since when, and its status are not for the one who writes it. */
function keepingIdentity(before: JsonObject, given: JsonObject): JsonObject {
  const { managedFields: _, ...metadata } = objectAt(given, 'metadata');
  const fixed = ['name', 'namespace', 'uid', 'creationTimestamp', 'generation', 'resourceVersion', 'deletionTimestamp'];
  const identity = Object.fromEntries(
    Object.entries(objectAt(before, 'metadata')).filter(([name]) => fixed.includes(name)),
  );
  const status = at(before, 'status');
  const { status: __, ...rest } = given;
  return {
    ...rest,
    ...typeOf(before),
    metadata: { ...metadata, ...identity },
    ...(status === undefined ? {} : { status }),
  };
}

const typeOf = (object: JsonObject): JsonObject => ({
  apiVersion: textAt(object, 'apiVersion'),
  kind: textAt(object, 'kind'),
});

function withGeneration(before: JsonObject, after: JsonObject): JsonObject {
  const generation = numberAt(before, 'metadata', 'generation');
  if (generation === undefined || same(objectAt(before, 'spec'), objectAt(after, 'spec'))) return after;
  return put(after, ['metadata', 'generation'], generation + 1);
}

export const ownerReference = (kind: Kind, owner: JsonObject): JsonObject => ({
  apiVersion: groupVersionOf(kind),
  kind: kind.kind,
  name: nameOf(owner),
  uid: uidOf(owner),
  controller: true,
  blockOwnerDeletion: true,
});
