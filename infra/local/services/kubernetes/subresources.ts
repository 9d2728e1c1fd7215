import type { JsonObject } from '../../../../shared/platform/json-value.ts';
import type { Result } from '../../../../shared/platform/result.ts';
import { ok } from '../../../../shared/platform/result.ts';
import { at, listAt, numberAt, objectAt, put, textAt, textsAt } from './json.ts';
import { deleteObject } from './deletion.ts';
import { updateObject } from './lifecycle.ts';
import { notAllowed, shown, target, type Reply, type Work } from './objects.ts';
import { patched } from './patch/apply-patch.ts';
import type { Fault } from './status.ts';
import { fault } from './status.ts';
import { nameOf, namespaceOf } from './store.ts';
import { readBody } from './wire/body.ts';
import type { ObjectRequest } from './wire/request.ts';

export function subresource(request: ObjectRequest, work: Work): Result<Reply, Fault> {
  const found = target(request, work);
  if (!found.ok) return found;
  switch (request.subresource) {
    case 'log':
      return request.method === 'GET' ? log(request, found.value) : notAllowed(request);
    case 'eviction':
      return request.method === 'POST' ? evict(request, found.value, work) : notAllowed(request);
    case 'scale':
      return scale(request, found.value, work);
    default:
      return half(request, found.value, work);
  }
}

/** No container runs, so there is nothing that it could have said; the log says just that. */
function log(request: ObjectRequest, pod: JsonObject): Result<Reply, Fault> {
  const names = listAt(pod, 'spec', 'containers').map((container) => textAt(container, 'name'));
  const wanted = request.query.get('container') ?? names[0] ?? '';
  if (!names.includes(wanted)) return fault('BadRequest', `container ${wanted} is not valid for pod ${nameOf(pod)}`);
  if ((request.query.get('follow') ?? 'false') === 'true')
    return fault('BadRequest', 'the embedded Kubernetes API follows no logs: ask again without --follow');
  const lines = [
    `countersign embedded Kubernetes API: container ${wanted} of pod ${namespaceOf(pod)}/${nameOf(pod)} is an entry in a file.`,
    'No container runs, so there is no output of one.',
  ];
  return ok({ status: 200, body: `${lines.join('\n')}\n` });
}

function evict(request: ObjectRequest, pod: JsonObject, work: Work): Result<Reply, Fault> {
  deleteObject(work.store, request.kind, pod, 'Background', work.now);
  return ok({ status: 201, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' } });
}

/** autoscaling/v1 Scale: the number of replicas by itself. */
function scale(request: ObjectRequest, object: JsonObject, work: Work): Result<Reply, Fault> {
  const before = scaleOf(object);
  if (request.method === 'GET') return ok({ status: 200, body: before });
  const after = written(request, before, 'Scale');
  if (!after.ok) return after;
  const replicas = numberAt(after.value, 'spec', 'replicas') ?? 0;
  if (!Number.isSafeInteger(replicas) || replicas < 0)
    return fault('Invalid', `Scale "${nameOf(object)}" is invalid: spec.replicas: Invalid value: ${replicas}`);
  const asked = put(
    put(object, ['spec', 'replicas'], replicas),
    ['metadata', 'resourceVersion'],
    textAt(after.value, 'metadata', 'resourceVersion') || undefined,
  );
  const saved = updateObject(work.store, request.kind, object, asked, 'main');
  return saved.ok ? ok({ status: 200, body: scaleOf(saved.value) }) : saved;
}

function scaleOf(object: JsonObject): JsonObject {
  const {
    name = '',
    namespace = '',
    uid = '',
    resourceVersion = '',
    creationTimestamp = '',
  } = textsAt(object, 'metadata');
  const labels = Object.entries(textsAt(object, 'spec', 'selector', 'matchLabels'));
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: numberAt(object, 'spec', 'replicas') ?? 0 },
    status: {
      replicas: numberAt(object, 'status', 'replicas') ?? 0,
      selector: labels.map(([key, value]) => `${key}=${value}`).join(','),
    },
  };
}

function written(request: ObjectRequest, before: JsonObject, type: string): Result<JsonObject, Fault> {
  if (request.method === 'PUT') return readBody(request.contentType, request.body);
  if (request.method === 'PATCH') return patched(before, request.contentType, request.body, type);
  return notAllowed(request);
}

/** `status` and `finalize`: one half of the object, the other stays. */
function half(request: ObjectRequest, object: JsonObject, work: Work): Result<Reply, Fault> {
  if (request.method === 'GET') return shown(request, object, work.now);
  const after = written(request, object, request.kind.kind);
  if (!after.ok) return after;
  const asked =
    request.subresource === 'finalize'
      ? put(object, ['spec', 'finalizers'], at(objectAt(after.value, 'spec'), 'finalizers'))
      : after.value;
  const saved = updateObject(
    work.store,
    request.kind,
    object,
    asked,
    request.subresource === 'finalize' ? 'main' : 'status',
  );
  return saved.ok ? shown(request, saved.value, work.now) : saved;
}
