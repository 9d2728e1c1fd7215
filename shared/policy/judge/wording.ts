import type { ConnectionFacts } from '../../domain/connection.ts';
import type { PolicyRef } from '../../domain/decision.ts';
import { isClassifiedEffect } from '../../domain/classified-effects.ts';
import type { Effect } from '../../domain/effect.ts';
import { INFER, INFERENCE_WAYS, type InferenceWay } from '../../domain/inference.ts';
import { UNTRACED } from '../../domain/lineage.ts';
import type { LoadedPolicy } from '../load/policy.ts';

/** Effects named in a refusal; more would bury the first. */
const NAMED_EFFECTS = 5;

/** What an agent is told when nothing permits what it wants, and what it can do about it. */
export function nothingPermits(effects: readonly Effect[], connection: ConnectionFacts): string {
  const flows = effects.filter(isClassifiedEffect);
  const others = effects.filter((effect) => !isClassifiedEffect(effect));
  const told = [
    listed(
      others,
      ({ action, resource }) => `${action} on ${resource.kind} ${resource.name}`,
      (list) =>
        `No policy permits ${list} on connection ${connection.name}. Leave it out of the statement, or ask whoever keeps the policies of ${connection.name} for a permit.`,
    ),
    listed(
      flows.filter(({ action }) => action === INFER),
      inferenceOf,
      (list) =>
        `Its answer would tell what is in classified columns even where their values are masked: ${list}. Select such columns (they come back masked), but find, join, group and order rows by others, such as a key. Where whoever keeps the policies of ${connection.name} permits it, compare the column with a bound parameter (\`column = :value\`).`,
    ),
    listed(
      flows.filter(({ action }) => action !== INFER),
      moveOf,
      (list) =>
        `It would put classified values where they are not masked: ${list}. Leave them out, or write them to a column of the same class.`,
    ),
  ];
  return told.filter((text) => text !== undefined).join(' ');
}

function listed(
  effects: readonly Effect[],
  name: (effect: Effect) => string,
  sentence: (list: string) => string,
): string | undefined {
  const named = [...new Set(effects.map(name))];
  if (named.length === 0) return undefined;
  const more = named.length > NAMED_EFFECTS ? ` and ${String(named.length - NAMED_EFFECTS)} more` : '';
  return sentence(named.slice(0, NAMED_EFFECTS).join(', ') + more);
}

/** What in a statement does it, in the words of who wrote it. */
const WAYS: Readonly<Record<InferenceWay, string>> = {
  predicate: 'a condition on',
  join: 'a join on',
  grouping: 'grouping by',
  ordering: 'ordering by',
  comparison: 'comparing rows by',
  rows: 'a number of rows made of',
  failure: 'a computation that some values make fail, of',
  code: 'code that is not looked into here and may tell of',
  constraint: 'a key that refuses some values of',
};

function inferenceOf(effect: Effect): string {
  const way = INFERENCE_WAYS.find((one) => one === effect.attributes['inference']);
  return `${way === undefined ? 'a use of' : WAYS[way]} ${columnOf(effect)}`;
}

const moveOf = (effect: Effect): string => `${columnOf(effect)} into ${String(effect.attributes['into'])}`;

function columnOf({ resource, attributes }: Effect): string {
  return attributes['class'] === UNTRACED
    ? 'a value whose origin could not be traced'
    : `${resource.name} (${String(attributes['class'])})`;
}

/** Policies by id, with their own words or, where they have none, plain ones. */
export function policyRefs(ids: readonly string[], slice: ReadonlyMap<string, LoadedPolicy>): PolicyRef[] {
  return ids.map((id) => {
    const policy = slice.get(id);
    return { id, message: policy?.message ?? plain(policy) };
  });
}

function plain(policy: LoadedPolicy | undefined): string {
  if (policy?.approval !== undefined) return `Needs the approval of ${policy.approval.groups.join(', ')}.`;
  return policy?.json.effect === 'permit' ? 'Permitted.' : 'Forbidden by policy.';
}
