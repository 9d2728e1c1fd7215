import type { DetailedError, SchemaJson } from '@cedar-policy/cedar-wasm/nodejs';
import { validateStrictly } from '../cedar.ts';
import { faultAt } from './policy.ts';
import type { LoadedPolicy, PolicyFault } from './policy.ts';

/**
 * Cedar's strict validation of every policy against the schema. Warnings count as faults: they are policies that can never
 * apply and look-alike or bidirectional characters, both of which read as protection that is not there.
 */
export function validatePolicies(policies: readonly LoadedPolicy[], schema: SchemaJson<string>): PolicyFault[] {
  const answer = validateStrictly(schema, asMap(policies));
  if (answer === 'broken')
    return [
      {
        file: 'policies',
        path: '',
        message: 'the policy validator failed',
        remedy: 'simplify the policy added last, and report this',
      },
    ];
  if (answer.type === 'failure')
    return answer.errors.map((error) => ({
      file: 'policies',
      path: '',
      message: error.message,
      remedy: error.help ?? 'mend the policy',
    }));
  // `success` means only that validation ran: what it found is in these lists.
  const byId = new Map(policies.map((policy) => [policy.id, policy]));
  return [...answer.validationErrors, ...answer.validationWarnings].map(({ policyId, error }) =>
    explain(byId.get(policyId), error),
  );
}

function explain(policy: LoadedPolicy | undefined, error: DetailedError): PolicyFault {
  const message = error.message.replace(/^for policy `[^`]*`, /, '');
  const remedy = error.help ?? 'compare it with the words listed by `countersign policies words`';
  if (policy === undefined) return { file: 'policies', path: '', message, remedy };
  return faultAt(policy.source, policy.id, message, remedy, error.sourceLocations?.[0]?.start ?? 0);
}

/** Policies as id → text: only so do Cedar's diagnostics name them by their `@id`. */
export function asMap(policies: readonly LoadedPolicy[]): Record<string, string> {
  return Object.fromEntries(policies.map(({ id, source }) => [id, source.text]));
}
