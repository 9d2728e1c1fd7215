import type { EffectResource } from '../domain/effect.ts';
import type { Vocabulary } from '../domain/vocabulary.ts';
import { K8S_ACTIONS, K8S_ATTRIBUTES, K8S_RESOURCE_KINDS } from './kubernetes/analysis/vocabulary.ts';
import { SQL_ACTIONS, SQL_ATTRIBUTES, SQL_RESOURCE_KINDS } from './postgres/analysis/vocabulary.ts';

const IN_A_SCHEMA = new Set(['relation', 'sequence', 'function', 'type', 'operator', 'object']);

/** `public.customers` lies in schema `public`. Arguments of a function are not part of its name. */
function schemaOf(resource: EffectResource): { readonly name: string } | 'none' | 'ambiguous' {
  if (resource.kind === 'schema') return { name: resource.name };
  if (!IN_A_SCHEMA.has(resource.kind)) return 'none';
  const name = resource.name.split('(')[0] ?? '';
  // `pg_catalog.=`, `public..` and the like: an operator's own name may hold no dot, so the first one ends the schema.
  const parts = name.split('.');
  if (parts.length === 1) return 'none';
  const [schema = '', second = ''] = parts;
  return parts.length > 2 || schema === '' || second === '' ? 'ambiguous' : { name: schema };
}

const postgres: Vocabulary = {
  kind: 'postgres',
  actions: SQL_ACTIONS,
  resourceKinds: SQL_RESOURCE_KINDS,
  attributes: SQL_ATTRIBUTES,
  container: { type: 'Schema', of: schemaOf },
};

/** `prod/pods/web` lies in namespace `prod`. A namespace's name holds no slash, so there is one way to read it. */
const kubernetes: Vocabulary = {
  kind: 'kubernetes',
  actions: K8S_ACTIONS,
  resourceKinds: K8S_RESOURCE_KINDS,
  attributes: K8S_ATTRIBUTES,
  container: {
    type: 'Namespace',
    of: ({ kind, name }) => (kind === 'namespaced' ? { name: name.slice(0, name.indexOf('/')) } : 'none'),
  },
};

/** What policies can speak of. One row a kind of target. */
export const VOCABULARIES: readonly Vocabulary[] = [postgres, kubernetes];
