import type { JsonObject } from '../../../../shared/platform/json-value.ts';
import type { Result } from '../../../../shared/platform/result.ts';
import { ok } from '../../../../shared/platform/result.ts';
import { deleteObject, type Propagation } from './deletion.ts';
import { listAt, objectAt, textAt } from './json.ts';
import { checkPreconditions } from './lifecycle.ts';
import { listPage } from './list.ts';
import { groupVersionOf } from './model/kinds.ts';
import { notAllowed, shown, target, type Reply, type Work } from './objects.ts';
import type { Fault } from './status.ts';
import { fault } from './status.ts';
import { nameOf } from './store.ts';
import { readBody } from './wire/body.ts';
import type { ObjectRequest } from './wire/request.ts';

interface DeleteOptions {
  readonly how: Propagation;
  readonly preconditions: JsonObject;
}

/** From the body, else the query, as the API server takes them. */
function deleteOptions(request: ObjectRequest): Result<DeleteOptions, Fault> {
  const read = request.body.length === 0 ? ok({}) : readBody(request.contentType, request.body);
  if (!read.ok) return read;
  const how = textAt(read.value, 'propagationPolicy') || (request.query.get('propagationPolicy') ?? '') || 'Background';
  if (how !== 'Background' && how !== 'Foreground' && how !== 'Orphan')
    return fault(
      'BadRequest',
      `DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "${how}"`,
    );
  return ok({ how, preconditions: objectAt(read.value, 'preconditions') });
}

export function remove(request: ObjectRequest, work: Work): Result<Reply, Fault> {
  const found = target(request, work);
  if (!found.ok) return found;
  const options = deleteOptions(request);
  if (!options.ok) return options;
  const { kind } = request;
  const stale = checkPreconditions(kind, found.value, options.value.preconditions);
  if (!stale.ok) return stale;
  const gone = deleteObject(work.store, kind, found.value, options.value.how, work.now);
  // A pod, and what stays because of its finalizers, is answered as the object; all else as a Status of success.
  if (kind.plural === 'pods' || listAt(gone, 'metadata', 'finalizers').length > 0)
    return shown(request, gone, work.now);
  const details = { name: nameOf(gone), group: kind.group, kind: kind.plural, uid: textAt(gone, 'metadata', 'uid') };
  return ok({ status: 200, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details } });
}

export function removeMany(request: ObjectRequest, work: Work): Result<Reply, Fault> {
  const { kind } = request;
  if (kind.plural === 'namespaces') return notAllowed(request);
  const page = listPage(request, work.store);
  if (!page.ok) return page;
  const options = deleteOptions(request);
  if (!options.ok) return options;
  for (const object of page.value.items) deleteObject(work.store, kind, object, options.value.how, work.now);
  const { items, metadata } = page.value;
  return ok({ status: 200, body: { kind: `${kind.kind}List`, apiVersion: groupVersionOf(kind), metadata, items } });
}
