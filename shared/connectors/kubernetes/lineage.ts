import type { DocumentPlace, FieldClass, Lineage } from '../../domain/lineage.ts';
import type { Statement } from '../../domain/statement.ts';
import { pathAction } from './analysis/paths.ts';
import { holds } from './analysis/resources.ts';
import { resourceOf, subjectAttributes } from './analysis/subject.ts';
import { readRequest } from './request/index.ts';
import type { ResourceRequest } from './request/model.ts';

/** The one column of an answer. Its type says what it holds: `object`, `list`, `table`, `text` or `none`. */
export const ANSWER = 'answer';

/** What is masked whatever the configuration says, unless a policy reveals its class. */
const SECRET: readonly FieldClass[] = [
  { path: 'data', class: 'secret.kubernetes', encoding: 'base64' },
  { path: 'stringData', class: 'secret.kubernetes' },
];
/** Of a custom resource that holds secrets nothing is known but its name. */
const SOUNDS_SECRET: readonly FieldClass[] = [
  { path: 'spec', class: 'secret.kubernetes' },
  { path: 'status', class: 'secret.kubernetes' },
  ...['data', 'stringData', 'token', 'value', 'values'].map((path) => ({ path, class: 'secret.kubernetes' })),
];
const TOKEN: readonly FieldClass[] = [
  { path: 'status/token', class: 'secret.token' },
  { path: 'spec/token', class: 'secret.token' },
];
/** Detectors read text; what they cannot look into is not shown. */
const BINARY: readonly FieldClass[] = [{ path: 'binaryData', class: 'unscanned.binary', encoding: 'base64' }];

export function lineageOf(statement: Statement): Lineage {
  const request = readRequest(statement);
  if (!request.ok) return { known: false, why: request.error.message };
  const { value } = request;
  const document =
    value.kind === 'path'
      ? { relation: 'cluster.server', fields: [], open: pathAction(value) === 'k8s:discover' }
      : { relation: relationOf(value), within: placeOf(value), fields: fieldsOf(value), open: false };
  return { known: true, columns: [], document };
}

const placeOf = (request: ResourceRequest): DocumentPlace => ({
  resource: resourceOf(request, request.name),
  attributes: subjectAttributes(request, request.name),
});

/** In the words of the configuration: the group, `v1` for the core group, its dots as `_`; then the resource. */
export function relationOf({ group, resource, subresource }: ResourceRequest): string {
  const own = subresource === 'log' || subresource === 'token' ? `/${subresource}` : '';
  return `${group === '' ? 'v1' : group.replaceAll('.', '_')}.${resource}${own}`;
}

/** What of a resource is masked whatever the configuration says. */
export function fieldsOf({
  resource,
  subresource,
}: Pick<ResourceRequest, 'resource' | 'subresource'>): readonly FieldClass[] {
  if (resource === 'tokenreviews' || subresource === 'token') return TOKEN;
  switch (holds(resource)) {
    case 'secrets':
      return resource === 'secrets' ? SECRET : SOUNDS_SECRET;
    case 'configuration':
      return BINARY;
    case undefined:
      return [];
  }
}
