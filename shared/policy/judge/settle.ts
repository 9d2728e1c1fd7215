import type { Ask } from '../../domain/decision.ts';
import type { LoadedPolicy } from '../load/policy.ts';
import { askingOf } from './asks.ts';
import type { Evaluate, Outcome } from './evaluator.ts';
import { findLift, union } from './lift.ts';
import type { Asked } from './lift.ts';

/** What all effects of a statement come to. Policies by id. */
export type Settlement =
  | { readonly kind: 'allow'; readonly policies: readonly string[] }
  | { readonly kind: 'approval'; readonly policies: readonly string[]; readonly asks: readonly Ask[] }
  | {
      readonly kind: 'block';
      readonly policies: readonly string[];
      readonly unpermitted: readonly Asked[];
      readonly failed?: string;
    };

/** Asking more groups than this about one statement is a refusal in slow motion. */
const MAX_ASKED_GROUPS = 10;

/** Every question must be allowed: at once, or by one least set of approvals that was tried out on all of them. */
export function settle(
  asked: readonly Asked[],
  given: readonly string[],
  slice: readonly LoadedPolicy[],
  evaluate: Evaluate,
): Settlement {
  const first = asked.map((one) => ({ one, outcome: evaluate(one.question, given) }));
  const denied = first.filter(({ outcome }) => outcome.kind !== 'allow').map(({ one }) => one);
  if (denied.length === 0) return { kind: 'allow', policies: idsOf(first.map(({ outcome }) => outcome)) };
  const lifts = denied.map((one) => ({ one, lift: findLift(one, given, slice, evaluate) }));
  const stays = lifts.flatMap(({ one, lift }) => (lift.kind === 'refused' ? [{ one, outcome: lift.outcome }] : []));
  if (stays.length > 0) return block(stays);
  const lifted = lifts.flatMap(({ lift }) => (lift.kind === 'lifted' ? [lift] : []));
  const every = lifted
    .reduce<readonly string[]>((groups, lift) => union(groups, lift.groups), [])
    .filter((group) => !given.includes(group));
  const enough = (groups: readonly string[]) =>
    asked.every(({ question }) => evaluate(question, [...given, ...groups]).kind === 'allow');
  const groups = least(every, enough);
  if (groups.length > MAX_ASKED_GROUPS)
    return {
      kind: 'block',
      policies: [],
      unpermitted: [],
      failed: `More than ${String(MAX_ASKED_GROUPS)} groups would have to approve.`,
    };
  if (groups.length === 0 || !enough(groups))
    return {
      kind: 'block',
      policies: [],
      unpermitted: [],
      failed: 'No set of approvals lets the whole statement through.',
    };
  return { kind: 'approval', ...askingOf(groups, new Set(lifted.flatMap((lift) => lift.askers)), slice, enough) };
}

/** Leaves out, last first, every group that is not needed: what a policy names first is preferred. */
function least(groups: readonly string[], enough: (groups: readonly string[]) => boolean): readonly string[] {
  return groups.toReversed().reduce<readonly string[]>((kept, group) => {
    const without = kept.filter((other) => other !== group);
    return enough(without) ? without : kept;
  }, groups);
}

function block(stays: readonly { readonly one: Asked; readonly outcome: Outcome }[]): Settlement {
  const broken = stays.flatMap(({ outcome }) => (outcome.kind === 'failed' ? [outcome.why] : []))[0];
  const unpermitted = stays.flatMap(({ one, outcome }) =>
    outcome.kind === 'deny' && outcome.forbids.length === 0 ? [one] : [],
  );
  return {
    kind: 'block',
    policies: idsOf(stays.map(({ outcome }) => outcome)),
    unpermitted,
    ...(broken === undefined ? {} : { failed: broken }),
  };
}

function idsOf(outcomes: readonly Outcome[]): string[] {
  const ids = outcomes.flatMap((outcome) =>
    outcome.kind === 'allow' ? outcome.permits : outcome.kind === 'deny' ? outcome.forbids : [],
  );
  return [...new Set(ids)].sort();
}
