import { createHash } from 'node:crypto';
import type { JsonObject, JsonValue } from '../../../../../shared/platform/json-value.ts';
import { groupVersionOf, KINDS, type Kind } from '../model/kinds.ts';
import { SHAPES, type Field, type Shape } from '../model/types.ts';

/**
 * OpenAPI v3, a document a group and version, as `/openapi/v3` lists them. The schemas are those of types.yaml, no more:
 * a member of type `any` is described as free. Patches name their query parameters, by which kubectl learns that the
 * server validates fields and knows dry runs; their bodies are not described, so kubectl uses the merge keys it has built in.
 */

const pathOf = (groupVersion: string): string =>
  groupVersion.includes('/') ? `apis/${groupVersion}` : `api/${groupVersion}`;

export const groupVersions: readonly string[] = [...new Set(KINDS.map(groupVersionOf))];

export function index(): JsonObject {
  const paths = groupVersions.map((groupVersion): [string, JsonValue] => {
    const hash = createHash('sha256')
      .update(JSON.stringify(document(groupVersion)))
      .digest('hex')
      .toUpperCase();
    return [pathOf(groupVersion), { serverRelativeURL: `/openapi/v3/${pathOf(groupVersion)}?hash=${hash}` }];
  });
  return { paths: Object.fromEntries(paths) };
}

export function document(groupVersion: string): JsonObject | undefined {
  const kinds = KINDS.filter((kind) => groupVersionOf(kind) === groupVersion);
  if (kinds.length === 0) return undefined;
  const names = new Set<string>();
  for (const { kind } of kinds) collect(kind, names);
  const schemas = [...names].map((name): [string, JsonValue] => [
    name,
    schemaOf(
      name,
      kinds.find(({ kind }) => kind === name),
    ),
  ]);
  return {
    openapi: '3.0.0',
    info: { title: 'Embedded Kubernetes API of Countersign', version: 'v1.32.0' },
    paths: Object.fromEntries(kinds.map(pathItem)),
    components: { schemas: Object.fromEntries(schemas) },
  };
}

function collect(type: string, names: Set<string>): void {
  const shape = SHAPES.get(type);
  if (shape === undefined || names.has(type)) return;
  names.add(type);
  for (const field of shape.values()) collect(field.type, names);
}

const gvk = ({ group, version, kind }: Kind): JsonObject => ({ group, version, kind });

function pathItem(kind: Kind): [string, JsonObject] {
  const base = `/${pathOf(groupVersionOf(kind))}/${kind.namespaced ? 'namespaces/{namespace}/' : ''}${kind.plural}`;
  const operation = (action: string): JsonObject => ({
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': gvk(kind),
    parameters: ['dryRun', 'fieldManager', 'fieldValidation'].map((name) => ({
      name,
      in: 'query',
      schema: { type: 'string' },
    })),
    responses: { '200': { description: 'OK', content: { 'application/json': { schema: reference(kind.kind) } } } },
  });
  if (kind.createOnly) return [base, { post: operation('post') }];
  return [
    `${base}/{name}`,
    { get: operation('get'), put: operation('put'), patch: operation('patch'), delete: operation('delete') },
  ];
}

const reference = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });

function schemaOf(name: string, kind: Kind | undefined): JsonObject {
  const shape: Shape = SHAPES.get(name) ?? new Map<string, Field>();
  const own = kind === undefined ? {} : { apiVersion: { type: 'string' }, kind: { type: 'string' } };
  const properties = [...shape.values()].map((field): [string, JsonValue] => [field.name, propertyOf(field)]);
  return {
    type: 'object',
    description: kind === undefined ? '' : `${name}, as the embedded Kubernetes API of Countersign knows it.`,
    properties: { ...own, ...Object.fromEntries(properties) },
    ...(kind === undefined ? {} : { 'x-kubernetes-group-version-kind': [gvk(kind)] }),
  };
}

const PLAIN: Readonly<Record<string, JsonObject>> = {
  string: { type: 'string' },
  int: { type: 'integer', format: 'int32' },
  bool: { type: 'boolean' },
  bytes: { type: 'string', format: 'byte' },
  time: { type: 'string', format: 'date-time' },
  quantity: { type: 'string' },
  'int-or-string': { oneOf: [{ type: 'integer' }, { type: 'string' }], format: 'int-or-string' },
  texts: { type: 'object', additionalProperties: { type: 'string' } },
  'byte-map': { type: 'object', additionalProperties: { type: 'string', format: 'byte' } },
  any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
};

function propertyOf(field: Field): JsonObject {
  const about = field.about === undefined ? {} : { description: field.about };
  const plain = PLAIN[field.type];
  // A reference stands by itself in OpenAPI 3.0; `allOf` lets it have a description.
  const item = plain ?? { allOf: [reference(field.type)], default: {} };
  if (!field.list) return { ...item, ...about };
  const keyed =
    field.key === undefined
      ? {}
      : {
          'x-kubernetes-patch-strategy': 'merge',
          ...(field.key === 'value' ? {} : { 'x-kubernetes-patch-merge-key': field.key }),
        };
  return { type: 'array', items: item, ...keyed, ...about };
}
