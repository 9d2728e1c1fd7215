import type { ActionConstraint } from '@cedar-policy/cedar-wasm/nodejs';
import { entitiesIn } from '../load/expression.ts';
import type { LoadedPolicy } from '../load/policy.ts';
import type { Evaluate, Outcome } from './evaluator.ts';
import type { Question } from './question.ts';

/** A question with the action group it belongs to, which a permit's scope may name instead of the action. */
export interface Asked {
  readonly question: Question;
  readonly group: string;
}

/** Groups whose approval lets a refused question through, and the policies that ask for them; or the refusal that stays. */
export type Lift =
  | { readonly kind: 'lifted'; readonly groups: readonly string[]; readonly askers: readonly string[] }
  | { readonly kind: 'refused'; readonly outcome: Outcome };

/** Each round adds at least one group; a policy set that asks more than eight times over is not one people can follow. */
const MAX_ROUNDS = 8;

/**
 * Finds approvals that lift a refusal. Every forbid that stops the question and asks for people adds its groups; when
 * nothing permits, the permits that wait for approvals add theirs. Last, everybody the policies ever ask. What stays refused
 * then cannot be lifted, since an approval can only permit more (`approvals-use.ts`).
 */
export function findLift(
  asked: Asked,
  given: readonly string[],
  slice: readonly LoadedPolicy[],
  evaluate: Evaluate,
): Lift {
  const askers = new Set<string>();
  let groups: readonly string[] = [];
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const outcome = evaluate(asked.question, [...given, ...groups]);
    if (outcome.kind === 'allow')
      return { kind: 'lifted', groups, askers: [...askers, ...outcome.permits.filter((id) => asksPeople(slice, id))] };
    if (outcome.kind === 'failed') return { kind: 'refused', outcome };
    const asking = slice.filter(
      (policy) =>
        policy.approval !== undefined &&
        (outcome.forbids.length > 0 ? outcome.forbids.includes(policy.id) : waits(policy, asked)),
    );
    if (outcome.forbids.length > 0) asking.forEach(({ id }) => askers.add(id));
    const more = union(
      groups,
      asking.flatMap(({ approval }) => approval?.groups ?? []),
    );
    if (more.length === groups.length) break;
    groups = more;
  }
  const everybody = union(
    groups,
    slice.flatMap(({ approval }) => approval?.groups ?? []),
  );
  const outcome = evaluate(asked.question, [...given, ...everybody]);
  return outcome.kind === 'allow'
    ? { kind: 'lifted', groups: everybody, askers: [...askers] }
    : { kind: 'refused', outcome };
}

export const union = (left: readonly string[], right: readonly string[]): readonly string[] => [
  ...new Set([...left, ...right]),
];

function asksPeople(slice: readonly LoadedPolicy[], id: string): boolean {
  return slice.some((policy) => policy.id === id && policy.approval !== undefined);
}

/** A permit that asks for people and whose scope can be about this action. */
function waits({ json }: LoadedPolicy, { question, group }: Asked): boolean {
  return (
    json.effect === 'permit' &&
    names(json.action).some((name) => name === '*' || name === question.action || name === group)
  );
}

function names(scope: ActionConstraint): string[] {
  return scope.op === 'All' ? ['*'] : entitiesIn(scope).map(({ id }) => id);
}
