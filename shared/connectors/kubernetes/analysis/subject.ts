import type { EffectResource } from '../../../domain/effect.ts';
import { one } from '../request/query.ts';
import type { ResourceRequest } from '../request/model.ts';
import { factsOf } from './resources.ts';
import { narrows } from './selectors.ts';
import type { GivenAttributes } from './vocabulary.ts';

/** What the request is about, as policies name it: `prod/deployments.apps/web/scale`, `nodes/n1`, `prod/namespaces/prod`. */
export function resourceOf(request: ResourceRequest, name: string): EffectResource {
  const { namespace, resource, group, subresource } = request;
  const type = group === '' ? resource : `${resource}.${group}`;
  const parts = [namespace, type, name, name === '' ? '' : subresource].filter((part) => part !== '');
  return { kind: namespace === '' ? 'cluster' : 'namespaced', name: parts.join('/') };
}

const OVER_MANY = new Set(['list', 'watch', 'deletecollection']);

/** What the path and the query alone tell. */
export function subjectAttributes(request: ResourceRequest, name: string): GivenAttributes {
  const { verb, group, version, resource, subresource, namespace } = request;
  return {
    verb,
    apiGroup: group,
    apiVersion: version,
    resourceType: resource,
    ...(subresource === '' ? {} : { subresource }),
    ...(namespace === '' ? {} : { namespace, system: namespace.startsWith('kube-') }),
    ...(name === '' ? {} : { objectName: name }),
    ...reach(request, name),
  };
}

/** How far a request about many objects goes. */
function reach({ verb, resource, namespace, query }: ResourceRequest, name: string): GivenAttributes {
  if (!OVER_MANY.has(verb)) return {};
  const narrowed = ['labelSelector', 'fieldSelector'].some((key) => narrows(one(query, key) ?? ''));
  return {
    ...(namespace === '' && factsOf(resource)?.scope !== 'cluster' ? { allNamespaces: true } : {}),
    ...(name === '' && !narrowed ? { unbounded: true } : {}),
  };
}
