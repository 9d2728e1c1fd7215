import { ok, type Result } from '../../../platform/result.ts';
import type { StatementFault } from '../../connector.ts';
import { refuse } from './fault.ts';
import { pinnedName } from './field-selector.ts';
import type { Method, Query, ResourceRequest, Verb } from './model.ts';
import { isSet, one } from './query.ts';

/** What a path says, apart from how the answer is wanted. */
export type PathFacts =
  | Pick<
      ResourceRequest,
      | 'kind'
      | 'prefix'
      | 'verb'
      | 'group'
      | 'version'
      | 'namespace'
      | 'resource'
      | 'name'
      | 'subresource'
      | 'rest'
      | 'legacy'
    >
  | { readonly kind: 'path'; readonly verb: 'get' | 'other'; readonly path: string };

/** First segments of an API server's own paths. What is not here is refused: nobody knows what would answer. */
const ROOTS = new Set([
  ...['api', 'apis', 'version', 'openapi', 'healthz', 'livez', 'readyz', 'openid', '.well-known'],
  ...['logs', 'metrics', 'debug', 'flagz', 'statusz', 'configz'],
]);

/** Groups, versions, resources and subresources: lower case, so that `Pods` is not a second spelling of anything. */
const GROUP = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;
const WORD = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const VERSION = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
/** RBAC's names have colons. A name with anything that would have to be percent-encoded cannot be reached from here. */
const NAME = /^[A-Za-z0-9]([A-Za-z0-9._:-]{0,251}[A-Za-z0-9])?$/;
/** A path below a proxy or a document: whatever needs no encoding (RFC 3986 section 3.3), and is neither `.` nor `..`. */
const SEGMENT = /^(?!\.{1,2}$)[A-Za-z0-9._~!$&'()*+,=:@-]{1,253}$/;

/**
 * Splits a path as the API server's `RequestInfo` does (k8s.io/apiserver, pkg/endpoints/request/requestinfo.go), but only
 * where that is the one way to read it. RequestInfo splits the decoded, uncleaned path and trims slashes; a proxy on the
 * way may clean, decode or not. So an empty segment, `.`, `..`, any percent sign or a slash at the end is refused.
 */
export function readPath(method: Method, path: string, query: Query): Result<PathFacts, StatementFault> {
  if (path === '/') return ok({ kind: 'path', verb: reads(method), path });
  const [empty, ...segments] = path.split('/');
  if (empty !== '') return refuse('syntax_error', 'needs a path that begins with a slash, without scheme and host.');
  const crooked = segments.find((segment) => !SEGMENT.test(segment));
  if (crooked !== undefined)
    return refuse(
      'syntax_error',
      crooked === ''
        ? 'has an empty segment in its path (two slashes, or one at the end).'
        : `has the segment ${JSON.stringify(crooked)} in its path, which can be read two ways. Write it plainly, without encoding.`,
    );
  const [root = ''] = segments;
  if (!ROOTS.has(root)) return refuse('syntax_error', `asks for /${root}, which is not a path of a Kubernetes API.`);
  return root === 'api' || root === 'apis'
    ? readResource(method, root, segments, query)
    : ok({ kind: 'path', verb: reads(method), path });
}

const reads = (method: Method): 'get' | 'other' => (method === 'GET' || method === 'HEAD' ? 'get' : 'other');

function readResource(
  method: Method,
  prefix: 'api' | 'apis',
  segments: readonly string[],
  query: Query,
): Result<PathFacts, StatementFault> {
  const [group = '', version = '', ...parts] = prefix === 'api' ? ['', ...segments.slice(1)] : segments.slice(1);
  if (!mayBe(GROUP, group) || !mayBe(VERSION, version))
    return refuse('syntax_error', 'names an API group or version that cannot exist.');
  const [first] = parts;
  if (first === undefined) return ok({ kind: 'path', verb: reads(method), path: `/${segments.join('/')}` });
  const legacy = legacyVerb(first);
  const own = legacy === undefined ? parts : parts.slice(1);
  if (own.length === 0) return refuse('syntax_error', `asks to ${first} nothing.`);
  const placed = inNamespace(own, legacy);
  const fault = oddName(placed);
  if (fault !== undefined) return refuse('syntax_error', fault);
  const told = { ...placed, ...verbOf(method, legacy, placed.name, query) };
  return ok({ kind: 'resource', prefix, group, version, ...told, ...(legacy === undefined ? {} : { legacy }) });
}

const legacyVerb = (first: string): 'watch' | 'proxy' | undefined =>
  first === 'watch' || first === 'proxy' ? first : undefined;

const mayBe = (pattern: RegExp, word: string): boolean => word === '' || pattern.test(word);

type Placed = Pick<ResourceRequest, 'namespace' | 'resource' | 'name' | 'subresource' | 'rest'>;

/** `namespaces/NS/RESOURCE/…` is RESOURCE in NS; `namespaces/NS`, and its `status` and `finalize`, are the namespace itself. */
function inNamespace(parts: readonly string[], legacy: 'watch' | 'proxy' | undefined): Placed {
  const [first, namespace = '', third] = parts;
  const within = first === 'namespaces' && third !== undefined && third !== 'status' && third !== 'finalize';
  const own = within ? parts.slice(2) : parts;
  const [resource = '', name = '', ...after] = own;
  // The old proxy form has no subresources: what follows the name is the path to ask for.
  const [subresource = '', ...rest] = legacy === 'proxy' ? ['', ...after] : after;
  return { namespace: first === 'namespaces' ? namespace : '', resource, name, subresource, rest };
}

function oddName({ namespace, resource, name, subresource }: Placed): string | undefined {
  if (!WORD.test(resource)) return `names the resource ${JSON.stringify(resource)}, which cannot exist.`;
  if (subresource !== '' && !WORD.test(subresource))
    return `names the subresource ${JSON.stringify(subresource)}, which cannot exist.`;
  const odd = [namespace, name].find((given) => given !== '' && !NAME.test(given));
  return odd === undefined ? undefined : `names ${JSON.stringify(odd)}, which can be read two ways.`;
}

const BY_METHOD: Readonly<Record<Method, Verb>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** Without a name, a get is a list or a watch, and a delete takes them all. */
function verbOf(
  method: Method,
  legacy: 'watch' | 'proxy' | undefined,
  name: string,
  query: Query,
): { verb: Verb; name: string } {
  const verb = legacy ?? BY_METHOD[method];
  if (name !== '') return { verb, name };
  if (verb === 'get')
    return { verb: isSet(query, 'watch') ? 'watch' : 'list', name: pinnedName(one(query, 'fieldSelector') ?? '') };
  return { verb: verb === 'delete' ? 'deletecollection' : verb, name };
}
