import type { Result } from '../../../../../shared/platform/result.ts';
import { ok } from '../../../../../shared/platform/result.ts';
import type { WireRequest } from '../../wire/http-server.ts';
import type { Kind } from '../model/kinds.ts';
import { findKind } from '../model/kinds.ts';
import type { Fault } from '../status.ts';
import { fault } from '../status.ts';

/** A request for objects, after the path has been read. */
export interface ObjectRequest {
  readonly method: string;
  readonly kind: Kind;
  /** '' where the kind is cluster-wide or all namespaces are meant. */
  readonly namespace: string;
  /** '' for the collection. */
  readonly name: string;
  readonly subresource: string;
  readonly query: URLSearchParams;
  readonly accept: string;
  readonly contentType: string;
  readonly body: Buffer;
}

/** A segment is a name and never a way out of its place: no empty one, no dot segment, no slash in disguise. */
const SEGMENT = /^(?!\.{1,2}$)[A-Za-z0-9._~!$&'()*+,;=:@-]+$/;

export function segmentsOf(target: string): readonly string[] | undefined {
  const [path = ''] = target.split('?');
  const segments = path.replace(/^\//, '').replace(/\/$/, '').split('/').map(decode);
  return segments.every((segment): segment is string => segment !== undefined && SEGMENT.test(segment))
    ? segments
    : undefined;
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

export const unknownPath: Result<never, Fault> = fault('NotFound', 'the server could not find the requested resource');

const STREAMS = new Set(['exec', 'attach', 'portforward', 'proxy']);
const noStreams: Result<never, Fault> = fault(
  'MethodNotAllowed',
  'the embedded Kubernetes API of Countersign runs no containers: there is nothing to exec into, attach to or forward to',
);

/** `/api/v1/…` and `/apis/GROUP/VERSION/…`, as the API server's RequestInfo reads them. */
export function objectRequest(request: WireRequest, segments: readonly string[]): Result<ObjectRequest, Fault> {
  const [group = '', version = '', ...parts] = segments[0] === 'api' ? ['', ...segments.slice(1)] : segments.slice(1);
  const place = placeOf(group, version, parts);
  if (place === undefined) return STREAMS.has(parts.at(-1) ?? '') ? noStreams : unknownPath;
  const [, queryText = ''] = request.target.split(/\?(.*)/s);
  return ok({
    ...place,
    method: request.method,
    query: new URLSearchParams(queryText),
    accept: request.headers.accept ?? '*/*',
    contentType: mediaType(request.headers['content-type']),
    body: request.body,
  });
}

const mediaType = (header = ''): string => header.replace(/;.*$/s, '').trim().toLowerCase();

type Place = Pick<ObjectRequest, 'kind' | 'namespace' | 'name' | 'subresource'>;

function placeOf(group: string, version: string, parts: readonly string[]): Place | undefined {
  const [first = '', second = '', third = '', ...more] = parts;
  const inNamespace = first === 'namespaces' ? findKind(group, version, third) : undefined;
  if (inNamespace === undefined) {
    const kind = findKind(group, version, first);
    if (kind === undefined || more.length > 0) return undefined;
    // A namespaced kind without its namespace is a collection over all of them, and has no names.
    return kind.namespaced && second !== '' ? undefined : known(kind, '', [second, third]);
  }
  return inNamespace.namespaced ? known(inNamespace, second, more) : undefined;
}

function known(
  kind: Kind,
  namespace: string,
  [name = '', subresource = '', ...over]: readonly string[],
): Place | undefined {
  const fits = over.length === 0 && (subresource === '' || kind.subresources.includes(subresource));
  return fits ? { kind, namespace, name, subresource } : undefined;
}
