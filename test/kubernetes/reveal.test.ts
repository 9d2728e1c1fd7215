import { describe, expect, test } from 'vitest';
import { lineageOf } from '../../shared/connectors/kubernetes/lineage.ts';
import { VOCABULARIES } from '../../shared/connectors/vocabularies.ts';
import { createPolicyEngine } from '../../shared/policy/create-engine.ts';
import { bot, bundleOf, quiet } from '../policy/world.ts';

/** A policy over a connection that the bundle has; its kind is all that makes it a cluster. */
const cluster = { name: 'orders', kind: 'kubernetes', environment: 'production' };

function sees(policy: string, text: string): boolean {
  const engine = createPolicyEngine(bundleOf(policy), VOCABULARIES);
  const lineage = lineageOf({ text });
  const document = lineage.known ? lineage.document : undefined;
  const [field] = document?.fields ?? [];
  if (!engine.ok || document?.within === undefined || field === undefined) throw new Error(JSON.stringify(engine));
  const { relation, within } = document;
  return engine.value.mayReveal(bot, cluster, { relation, within, column: field.path, class: field.class }, quiet);
}

const inStaging = '@id("r") permit (principal, action == Action::"reveal", resource in Namespace::"orders/staging");';
const butProd = `@id("r") permit (principal, action == Action::"reveal", resource in Class::"secret");
@id("f") forbid (principal, action == Action::"reveal", resource)
when { context.allNamespaces || context.namespace == "prod" };`;
const one = `@id("r") permit (principal, action == Action::"reveal", resource)
when { context.namespace == "staging" && context.objectName == "db" };`;

describe('a field of an object is revealed by the place of the object', () => {
  test.each<[string, string, string, boolean]>([
    ['its namespace', inStaging, 'GET /api/v1/namespaces/staging/secrets/db', true],
    ['a list in its namespace', inStaging, 'GET /api/v1/namespaces/staging/secrets', true],
    ['another namespace', inStaging, 'GET /api/v1/namespaces/prod/secrets/db', false],
    ['a namespace whose name begins alike', inStaging, 'GET /api/v1/namespaces/staging2/secrets/db', false],
    ['all namespaces at once', inStaging, 'GET /api/v1/secrets', false],
    ['what a forbid spares', butProd, 'GET /api/v1/namespaces/staging/secrets/db', true],
    ['what it names', butProd, 'GET /api/v1/namespaces/prod/secrets', false],
    ['what it names, among all', butProd, 'GET /api/v1/secrets?fieldSelector=metadata.namespace%3Dprod', false],
    ['the object', one, 'GET /api/v1/namespaces/staging/secrets/db', true],
    ['another object', one, 'GET /api/v1/namespaces/staging/secrets/mail', false],
    ['the object among others', one, 'GET /api/v1/namespaces/staging/secrets', false],
  ])('%s', (_, policy, text, seen) => {
    expect(sees(policy, text)).toBe(seen);
  });
});
