import type { JsonObject, JsonValue } from '../../../platform/json-value.ts';
import { factsOf } from '../analysis/resources.ts';
import type { ResourceRequest } from '../request/model.ts';
import { isObject } from './fragments.ts';
import type { Body } from './read.ts';

/** Bodies of subresources are of kinds of their own. */
const KINDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['eviction', ['Eviction']],
  ['binding', ['Binding']],
  ['token', ['TokenRequest']],
  ['scale', ['Scale']],
]);

/**
 * Why a body is not about what the path names. Kubernetes checks most of it again; here it is so that what people approve
 * (`deployments/web` in `prod`) is what the body says, and so that nothing in it was judged as another kind.
 */
export function disagreement(request: ResourceRequest, body: Body): string | undefined {
  if (body.kind !== 'document' || body.form === 'json-patch' || !isObject(body.value)) return undefined;
  const deletes = request.method === 'DELETE';
  return deletes ? notOptions(body.value) : (wrongKind(request, body.value) ?? wrongPlace(request, body.value));
}

const notOptions = ({ kind }: JsonObject): string | undefined =>
  kind === undefined || kind === 'DeleteOptions' ? undefined : 'has a body that is no DeleteOptions.';

function wrongKind(request: ResourceRequest, value: JsonObject): string | undefined {
  const { resource, subresource } = request;
  const { kind } = value;
  if (typeof kind === 'string' && kind.endsWith('List') && 'items' in value)
    return 'has a list as its body. Send each object in a request of its own.';
  const own = KINDS.get(subresource);
  if (own === undefined) return wrongVersion(request, value) ?? otherKind(request, kind);
  return kind === undefined || (typeof kind === 'string' && own.includes(kind))
    ? undefined
    : `has a body of kind ${JSON.stringify(kind)}, and ${resource}/${subresource} takes ${own.join(' or ')}.`;
}

function wrongVersion({ group, version }: ResourceRequest, { apiVersion }: JsonObject): string | undefined {
  const expected = group === '' ? version : `${group}/${version}`;
  return apiVersion === undefined || apiVersion === expected
    ? undefined
    : `has apiVersion ${JSON.stringify(apiVersion)} in its body and ${expected} in its path.`;
}

function otherKind({ resource, group }: ResourceRequest, kind: JsonValue | undefined): string | undefined {
  const facts = factsOf(resource);
  const known = facts?.groups.includes(group) === true && kind !== undefined;
  return known && kind !== facts.kind
    ? `has kind ${JSON.stringify(kind)} in its body, and ${resource} are ${facts.kind}.`
    : undefined;
}

function wrongPlace({ namespace, name, resource, method }: ResourceRequest, value: JsonObject): string | undefined {
  const { metadata } = value;
  if (metadata === undefined) return undefined;
  if (!isObject(metadata)) return 'has a metadata that is no object.';
  const place = resource === 'namespaces' ? '' : namespace;
  if (metadata['namespace'] !== undefined && metadata['namespace'] !== '' && metadata['namespace'] !== place)
    return `has namespace ${JSON.stringify(metadata['namespace'])} in its body and ${JSON.stringify(place)} in its path.`;
  const given = metadata['name'];
  if (given === undefined || given === '') return undefined;
  if (typeof given !== 'string') return 'has a name that is no text.';
  return name !== '' && given !== name
    ? `has the name ${JSON.stringify(given)} in its body and ${JSON.stringify(name)} in its path (${method}).`
    : undefined;
}

/** The name that a create will have, where the body says it. */
export function nameInBody(body: Body): string {
  const metadata = body.kind === 'document' && isObject(body.value) ? body.value['metadata'] : undefined;
  const name = isObject(metadata) ? metadata['name'] : undefined;
  return typeof name === 'string' ? name : '';
}
