import type { KubeRequest, ResourceRequest } from './model.ts';

/** The path of a request, made from what was understood of it: the caller's own path goes nowhere. */
export function pathOf(request: KubeRequest): string {
  return request.kind === 'path' ? request.path : `/${segmentsOf(request).join('/')}`;
}

function segmentsOf(request: ResourceRequest): string[] {
  const { prefix, group, version, legacy, namespace, resource, subresource, rest } = request;
  const start = prefix === 'api' ? [prefix, version] : [prefix, group, version];
  const scope = namespace === '' || resource === 'namespaces' ? [] : ['namespaces', namespace];
  const own = [resource, nameInPath(request), subresource].filter((segment) => segment !== '');
  return [...start, ...(legacy === undefined ? [] : [legacy]), ...scope, ...own, ...rest];
}

/** The name that a field selector pins stands in the query, not in the path. */
const nameInPath = ({ verb, legacy, name }: ResourceRequest): string =>
  legacy === undefined && (verb === 'list' || verb === 'watch') ? '' : name;
