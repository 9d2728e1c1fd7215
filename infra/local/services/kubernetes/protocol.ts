import { timingSafeEqual, createHash } from 'node:crypto';
import type { Result } from '../../../../shared/platform/result.ts';
import { err, ok } from '../../../../shared/platform/result.ts';
import type { WireProtocol, WireRequest, WireResponse } from '../wire/http-server.ts';
import { description } from './describe/description.ts';
import { metrics } from './describe/metrics.ts';
import { METRICS } from './model/kinds.ts';
import { answerObjects, type Reply } from './objects.ts';
import type { Fault } from './status.ts';
import { fault, statusOf } from './status.ts';
import type { ClusterStore } from './store.ts';
import { objectRequest, segmentsOf, unknownPath } from './wire/request.ts';

export interface Cluster {
  readonly store: ClusterStore;
  /** The one bearer token that is taken. */
  readonly token: string;
  readonly now: () => Date;
  /** Told after every request that changed something. */
  readonly changed: () => void;
}

export function kubernetesProtocol(cluster: Cluster): WireProtocol {
  return {
    handle(request) {
      const answered = answer(request, cluster);
      return Promise.resolve(answered.ok ? respond(request, answered.value) : refuse(answered.error));
    },
    tooLarge: (limit) =>
      refuse({ reason: 'RequestEntityTooLarge', message: `Request entity too large: limit is ${limit}` }),
    crashed(error) {
      console.error('Kubernetes API (embedded):', error);
      return refuse({ reason: 'InternalError', message: 'the embedded Kubernetes API failed; see its log' });
    },
  };
}

function answer(request: WireRequest, cluster: Cluster): Result<Reply, Fault> {
  if (!isKnown(request.headers.authorization, cluster.token)) return fault('Unauthorized', 'Unauthorized');
  if (Object.keys(request.headers).some((name) => name.startsWith('impersonate-')))
    return fault('BadRequest', 'the embedded Kubernetes API serves no impersonation');
  const segments = segmentsOf(request.target);
  if (segments === undefined) return unknownPath;
  const [, queryText = ''] = request.target.split(/\?(.*)/s);
  return undescribed(segments, request, cluster, new URLSearchParams(queryText));
}

/** Both sides hashed first, since the comparison wants equal lengths. */
function isKnown(header: string | undefined, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(header ?? ''), digest(`Bearer ${token}`));
}

function undescribed(
  segments: readonly string[],
  request: WireRequest,
  cluster: Cluster,
  query: URLSearchParams,
): Result<Reply, Fault> {
  const described = request.method === 'GET' ? description(segments, request.headers.accept ?? '') : undefined;
  if (described !== undefined) return ok({ status: 200, body: described });
  const [root, group, version, ...rest] = segments;
  if (root === 'apis' && group === METRICS.group && version === METRICS.version && request.method === 'GET') {
    const found = metrics(cluster.store, rest, query, cluster.now());
    return found === undefined ? unknownPath : ok({ status: 200, body: found });
  }
  return root === 'api' || root === 'apis' ? onObjects(segments, request, cluster) : unknownPath;
}

function onObjects(segments: readonly string[], request: WireRequest, cluster: Cluster): Result<Reply, Fault> {
  const read = objectRequest(request, segments);
  if (!read.ok) return read;
  const dryRun = read.value.query.getAll('dryRun');
  if (dryRun.some((value) => value !== 'All'))
    return err({ reason: 'BadRequest', message: 'dryRun: Unsupported value: supported values: "All"' });
  const isDry = dryRun.length > 0;
  const answered = answerObjects(read.value, {
    store: isDry ? cluster.store.fork() : cluster.store,
    now: cluster.now(),
  });
  if (!isDry && request.method !== 'GET') cluster.changed();
  return answered;
}

function respond(request: WireRequest, { status, body }: Reply): WireResponse {
  if (typeof body === 'string') return { status, headers: { ...COMMON, 'content-type': 'text/plain' }, body };
  const isDiscovery = body['kind'] === 'APIGroupDiscoveryList';
  const type = isDiscovery
    ? 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'
    : 'application/json';
  // What stays the same is worth a cached copy: kubectl keeps discovery and schemas, and asks whether they still hold.
  const text = JSON.stringify(body);
  const etag =
    isDiscovery || request.target.startsWith('/openapi')
      ? `"${createHash('sha256').update(text).digest('hex').toUpperCase()}"`
      : undefined;
  if (etag !== undefined && request.headers['if-none-match'] === etag)
    return { status: 304, headers: { ...COMMON, etag }, body: '' };
  return {
    status,
    headers: { ...COMMON, 'content-type': type, ...(etag === undefined ? {} : { etag, vary: 'Accept' }) },
    body: text,
  };
}

const COMMON = { 'cache-control': 'no-cache, private', server: 'countersign-embedded-kubernetes' };

function refuse(found: Fault): WireResponse {
  const { code, body } = statusOf(found);
  const challenge = code === 401 ? { 'www-authenticate': 'Bearer' } : {};
  return {
    status: code,
    headers: { ...COMMON, ...challenge, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}
