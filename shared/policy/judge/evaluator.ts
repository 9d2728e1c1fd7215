import type { AuthorizationAnswer } from '@cedar-policy/cedar-wasm/nodejs';
import { sha256Hex } from '../../platform/canonical.ts';
import { authorize, preparePolicies } from '../cedar.ts';
import { asMap } from '../load/validate.ts';
import type { LoadedPolicy } from '../load/policy.ts';
import { uid } from '../words.ts';
import { isExact } from './question.ts';
import type { Question } from './question.ts';
import { BoundedMap } from './bounded-map.ts';

/** What Cedar said: which permits let it through, which forbids stopped it (none: nothing permits it), or no answer. */
export type Outcome =
  | { readonly kind: 'allow'; readonly permits: readonly string[] }
  | { readonly kind: 'deny'; readonly forbids: readonly string[] }
  | { readonly kind: 'failed'; readonly why: string };

export type Evaluate = (question: Question, approvals: readonly string[]) => Outcome;

/** Decisions remembered a connection: some 300 bytes each, so a few megabytes at most. A join of classified columns needs dozens. */
const REMEMBERED = 4_096;

const failed = (why: string): Outcome => ({ kind: 'failed', why });

/**
 * Asks Cedar, with the policies of one slice parsed once (at the first question) and under request validation. Anything but a
 * clean answer is `failed`. An answer is a pure function of the question and the slice, so it is remembered.
 */
export function createEvaluator(policies: readonly LoadedPolicy[], schemaName: string): Evaluate {
  const setId = sha256Hex(JSON.stringify([schemaName, policies.map(({ id, source }) => [id, source.text])]));
  const remembered = new BoundedMap<Outcome>(REMEMBERED);
  let prepared: boolean | undefined;
  return (question, approvals) => {
    if (!isExact([question, approvals]))
      return failed(
        'The statement or the request holds text that is not valid Unicode, or a number that is not exact.',
      );
    const sorted = [...new Set(approvals)].sort();
    const key = sha256Hex(JSON.stringify([question, sorted]));
    const known = remembered.get(key);
    if (known !== undefined) return known;
    prepared ??= preparePolicies(setId, asMap(policies));
    if (!prepared) return failed('The policies could not be prepared.');
    const outcome = outcomeOf(ask(question, sorted, setId, schemaName));
    if (outcome.kind !== 'failed') remembered.set(key, outcome);
    return outcome;
  };
}

function ask(
  question: Question,
  approvals: readonly string[],
  preparsedPolicySetId: string,
  preparsedSchemaName: string,
): AuthorizationAnswer | 'broken' {
  const { principal, resource, entities, context } = question;
  return authorize({
    principal,
    resource,
    action: uid.action(question.action),
    context: { ...context, approvals: [...approvals] },
    entities: [...entities],
    preparsedPolicySetId,
    preparsedSchemaName,
  });
}

/** A `forbid` that errors is skipped by Cedar, so an allow beside any error is worth nothing. */
function outcomeOf(answer: AuthorizationAnswer | 'broken'): Outcome {
  if (answer === 'broken') return failed('The policy engine failed and decides nothing until it is started again.');
  if (answer.type !== 'success')
    return failed(`The request does not fit the policy schema: ${answer.errors[0]?.message ?? 'no reason given'}.`);
  const { decision, diagnostics } = answer.response;
  if (diagnostics.errors.length > 0)
    return failed(
      `A policy could not be evaluated: ${diagnostics.errors
        .map(({ policyId }) => policyId)
        .sort()
        .join(', ')}.`,
    );
  const reason = [...diagnostics.reason].sort();
  return decision === 'allow' ? { kind: 'allow', permits: reason } : { kind: 'deny', forbids: reason };
}
