import type { JsonObject } from '../../../../../shared/platform/json-value.ts';
import { objectAt } from '../json.ts';
import type { Kind } from '../model/kinds.ts';
import type { Fault } from '../status.ts';
import { fault } from '../status.ts';
import { ok, type Result } from '../../../../../shared/platform/result.ts';
import { columnsOf } from './columns.ts';

export type Form = 'object' | 'Table' | 'PartialObjectMetadata';

/** The first form of an Accept header that is served: JSON, as it is or as a Table or metadata alone. Never protobuf. */
export function acceptedForm(accept: string): Result<Form, Fault> {
  for (const choice of accept.split(',')) {
    const [type = '', ...parameters] = choice.split(';').map((part) => part.trim());
    const named = new Map(
      parameters.map((parameter): [string, string] => [parameter.split('=')[0] ?? '', parameter.split('=')[1] ?? '']),
    );
    if (!['application/json', 'application/*', '*/*', ''].includes(type)) continue;
    const as = named.get('as');
    if (as === undefined) return ok('object');
    if (named.get('g') !== 'meta.k8s.io' || named.get('v') !== 'v1') continue;
    if (as === 'Table') return ok('Table');
    if (as.startsWith('PartialObjectMetadata')) return ok('PartialObjectMetadata');
  }
  return fault(
    'NotAcceptable',
    'only the following media types are accepted: application/json, application/json;as=Table;v=v1;g=meta.k8s.io',
  );
}

/** meta.k8s.io/v1 Table: what `kubectl get` prints. `includeObject` says what each row carries besides its cells. */
export function tableOf(
  kind: Kind,
  objects: readonly JsonObject[],
  listMetadata: JsonObject,
  include: string,
  now: Date,
): JsonObject {
  const columns = columnsOf(kind.kind);
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: listMetadata,
    columnDefinitions: columns.map(({ name, type, wide }) => ({
      name,
      type,
      format: name === 'Name' ? 'name' : '',
      description: '',
      priority: wide ? 1 : 0,
    })),
    rows: objects.map((object) => ({
      cells: columns.map(({ cell }) => cell(object, now)),
      ...(include === 'None' ? {} : { object: include === 'Object' ? object : metadataOnly(object) }),
    })),
  };
}

export const metadataOnly = (object: JsonObject): JsonObject => ({
  kind: 'PartialObjectMetadata',
  apiVersion: 'meta.k8s.io/v1',
  metadata: objectAt(object, 'metadata'),
});
