import type { JsonObject } from '../../../../shared/platform/json-value.ts';
import type { Result } from '../../../../shared/platform/result.ts';
import { ok } from '../../../../shared/platform/result.ts';
import { acceptedForm, metadataOnly, tableOf } from './describe/table.ts';
import { textAt } from './json.ts';
import { createObject, notFound, updateObject } from './lifecycle.ts';
import { listPage } from './list.ts';
import { groupVersionOf } from './model/kinds.ts';
import { strayFields } from './model/validate.ts';
import { APPLY, patched } from './patch/apply-patch.ts';
import { remove, removeMany } from './remove.ts';
import { askedOf } from './reviews.ts';
import type { Fault } from './status.ts';
import { fault } from './status.ts';
import { nameOf, type ClusterStore } from './store.ts';
import { subresource } from './subresources.ts';
import { readBody } from './wire/body.ts';
import type { ObjectRequest } from './wire/request.ts';

export interface Reply {
  readonly status: number;
  readonly body: JsonObject | string;
}

/** What a request works on: the cluster, or for a dry run a copy of it that is thrown away. */
export interface Work {
  readonly store: ClusterStore;
  readonly now: Date;
}

export function answerObjects(request: ObjectRequest, work: Work): Result<Reply, Fault> {
  const { method, kind, name, subresource: part } = request;
  if (kind.createOnly) return method === 'POST' ? askedOf(request) : notAllowed(request);
  if (part !== '') return subresource(request, work);
  if (isWatch(request)) return fault('Expired', NO_WATCH);
  const answerer = (name === '' ? ON_COLLECTIONS : ON_OBJECTS).get(method) ?? notAllowed;
  return answerer(request, work);
}

type Answerer = (request: ObjectRequest, work: Work) => Result<Reply, Fault>;

const ON_COLLECTIONS = new Map<string, Answerer>([
  ['GET', list],
  ['POST', create],
  ['DELETE', removeMany],
]);

const ON_OBJECTS = new Map<string, Answerer>([
  ['GET', get],
  ['PUT', update],
  ['PATCH', patch],
  ['DELETE', remove],
]);

/** Written as Go's ParseBool takes it. */
const isWatch = ({ query }: ObjectRequest): boolean => /^(1|t|true)$/i.test(query.get('watch') ?? '');

/**
 * 410 is what a watch gets that the server cannot go on with. Every client lists again then (apimachinery's reflector),
 * so `kubectl rollout status`, `wait` and `delete` work by asking again, and quietly.
 */
const NO_WATCH = 'the embedded Kubernetes API of Countersign serves no watches: list again instead';

export function notAllowed({ method }: ObjectRequest): Result<never, Fault> {
  return fault('MethodNotAllowed', `the server does not allow this method on the requested resource: ${method}`);
}

/** The object of the request, or 404. */
export function target({ kind, namespace, name }: ObjectRequest, { store }: Work): Result<JsonObject, Fault> {
  const found = store.get(kind, namespace, name);
  return found === undefined ? notFound(kind, name) : ok(found);
}

export function shown(request: ObjectRequest, object: JsonObject, now: Date, status = 200): Result<Reply, Fault> {
  const form = acceptedForm(request.accept);
  if (!form.ok) return form;
  const include = request.query.get('includeObject') ?? 'Metadata';
  const version = { resourceVersion: textAt(object, 'metadata', 'resourceVersion') };
  switch (form.value) {
    case 'object':
      return ok({ status, body: object });
    case 'Table':
      return ok({ status, body: tableOf(request.kind, [object], version, include, now) });
    case 'PartialObjectMetadata':
      return ok({ status, body: metadataOnly(object) });
  }
}

function get(request: ObjectRequest, work: Work): Result<Reply, Fault> {
  const found = target(request, work);
  return found.ok ? shown(request, found.value, work.now) : found;
}

function list(request: ObjectRequest, { store, now }: Work): Result<Reply, Fault> {
  const form = acceptedForm(request.accept);
  if (!form.ok) return form;
  const page = listPage(request, store);
  if (!page.ok) return page;
  const { items, metadata } = page.value;
  const { kind } = request;
  if (form.value === 'Table') {
    const include = request.query.get('includeObject') ?? 'Metadata';
    return ok({ status: 200, body: tableOf(kind, items, metadata, include, now) });
  }
  if (form.value === 'PartialObjectMetadata') {
    const body = {
      kind: 'PartialObjectMetadataList',
      apiVersion: 'meta.k8s.io/v1',
      metadata,
      items: items.map(metadataOnly),
    };
    return ok({ status: 200, body });
  }
  return ok({ status: 200, body: { kind: `${kind.kind}List`, apiVersion: groupVersionOf(kind), metadata, items } });
}

/** A body that is an object of the kind that the path names. */
function given(request: ObjectRequest): Result<JsonObject, Fault> {
  const read = readBody(request.contentType, request.body);
  return read.ok ? checkGiven(request, read.value) : read;
}

function checkGiven(request: ObjectRequest, object: JsonObject): Result<JsonObject, Fault> {
  const { kind, namespace, name } = request;
  const type = `${textAt(object, 'apiVersion')}/${textAt(object, 'kind')}`;
  const wanted = `${groupVersionOf(kind)}/${kind.kind}`;
  if (type !== wanted) return fault('BadRequest', `${type} in the body does not match ${wanted} of the request`);
  const home = textAt(object, 'metadata', 'namespace');
  if (home !== '' && home !== namespace)
    return fault('BadRequest', 'the namespace of the provided object does not match the namespace sent on the request');
  const own = nameOf(object);
  if (name !== '' && own !== '' && own !== name)
    return fault('BadRequest', `the name of the object (${own}) does not match the name on the URL (${name})`);
  const stray = request.query.get('fieldValidation') === 'Strict' ? strayFields(object, kind.kind) : [];
  return stray.length === 0 ? ok(object) : fault('BadRequest', `strict decoding error: ${stray.join(', ')}`);
}

function create(request: ObjectRequest, { store, now }: Work): Result<Reply, Fault> {
  if (request.kind.namespaced && request.namespace === '') return notAllowed(request);
  const object = given(request);
  if (!object.ok) return object;
  const made = createObject(store, request.kind, request.namespace, object.value, now);
  return made.ok ? shown(request, made.value, now, 201) : made;
}

function update(request: ObjectRequest, work: Work): Result<Reply, Fault> {
  const before = target(request, work);
  if (!before.ok) return before;
  const object = given(request);
  if (!object.ok) return object;
  const after = updateObject(work.store, request.kind, before.value, object.value, 'main');
  return after.ok ? shown(request, after.value, work.now) : after;
}

function patch(request: ObjectRequest, work: Work): Result<Reply, Fault> {
  const { kind, namespace, name } = request;
  const applied = request.contentType === APPLY;
  if (applied && (request.query.get('fieldManager') ?? '') === '')
    return fault(
      'BadRequest',
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    );
  const before = work.store.get(kind, namespace, name);
  if (before === undefined && !applied) return notFound(kind, name);
  const after = patched(
    before ?? { apiVersion: groupVersionOf(kind), kind: kind.kind, metadata: { name } },
    request.contentType,
    request.body,
    kind.kind,
  );
  if (!after.ok) return after;
  const checked = checkGiven(request, after.value);
  if (!checked.ok) return checked;
  if (before === undefined) {
    const made = createObject(work.store, kind, namespace, after.value, work.now);
    return made.ok ? shown(request, made.value, work.now, 201) : made;
  }
  const saved = updateObject(work.store, kind, before, after.value, 'main');
  return saved.ok ? shown(request, saved.value, work.now) : saved;
}
