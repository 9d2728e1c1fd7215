import type { Agent } from '../../domain/caller.ts';
import type { ConnectionFacts } from '../../domain/connection.ts';
import type { Ask, Decision } from '../../domain/decision.ts';
import type { Effect } from '../../domain/effect.ts';
import { strictest } from '../../domain/row-bound.ts';
import type { Circumstances } from '../engine.ts';
import type { LoadedPolicy } from '../load/policy.ts';
import type { Evaluate } from './evaluator.ts';
import type { Asked } from './lift.ts';
import { questionOf } from './question.ts';
import { settle } from './settle.ts';
import type { Settlement } from './settle.ts';
import type { SubjectOf } from './subject.ts';
import { nothingPermits, policyRefs } from './wording.ts';
import { isOfColumns } from '../words.ts';

/** The policies of one connection, ready to be asked. */
export interface Slice {
  readonly policies: readonly LoadedPolicy[];
  readonly byId: ReadonlyMap<string, LoadedPolicy>;
  readonly evaluate: Evaluate;
  /** The same less the permits over every action: what shows or tells of classified values has to be named. */
  readonly named: Evaluate;
}

/** A statement touching more things than this is refused: each costs up to a millisecond when nothing is remembered. */
const MAX_EFFECTS = 1_000;

/** Judges a statement by its effects. What cannot be put to Cedar (unreadable, unknown words) is a block before Cedar is asked. */
export function decide(
  slice: Slice,
  subjectOf: SubjectOf,
  policyVersion: string,
  agent: Agent,
  connection: ConnectionFacts,
  effects: readonly Effect[],
  circumstances: Circumstances,
): Decision {
  const blocked = (why: string): Decision => ({ verdict: 'block', policies: [], policyVersion, why });
  if (effects.length === 0)
    return blocked('The statement came without any effect, so there is nothing to judge it by.');
  if (effects.length > MAX_EFFECTS)
    return blocked(`The statement has more than ${String(MAX_EFFECTS)} effects. Split it.`);
  const asked: JudgedEffect[] = [];
  const strange: string[] = [];
  for (const effect of effects) {
    const subject = subjectOf(connection, effect);
    if (subject.ok)
      asked.push({
        question: questionOf(agent, connection, subject.value, circumstances),
        group: effect.group,
        effect,
      });
    else strange.push(subject.error);
  }
  const judged = worded(
    settle(asked, circumstances.approvals, slice.policies, evaluateOf(slice)),
    slice,
    policyVersion,
    connection,
    asked,
  );
  if (strange.length === 0) return judged;
  // What could be read is judged all the same: a forbid has better advice than "could not be read".
  const policies = judged.verdict === 'block' ? judged.policies : [];
  return { verdict: 'block', policies, policyVersion, why: [...new Set(strange)].slice(0, MAX_REASONS).join(' ') };
}

const evaluateOf =
  ({ evaluate, named }: Slice): Evaluate =>
  (question, approvals) =>
    (isOfColumns(question.action) ? named : evaluate)(question, approvals);

type JudgedEffect = Asked & { readonly effect: Effect };

/** Reasons told of what could not be judged; the first ones lead to the rest. */
const MAX_REASONS = 3;

/** A yes that is good for a number of rows is good for one statement: its like may not be answered for beforehand. */
function boundAsks(
  { asks, policies }: Extract<Settlement, { kind: 'approval' }>,
  { byId }: Slice,
): Pick<Extract<Decision, { verdict: 'approval' }>, 'asks' | 'bound'> {
  const bound = strictest(policies.flatMap((id) => byId.get(id)?.approval?.bound ?? []));
  if (bound === undefined) return { asks };
  return { asks: asks.map(withoutLease), bound };
}

function withoutLease(ask: Ask): Ask {
  const { leaseSeconds, ...kept } = ask;
  return leaseSeconds === undefined ? ask : kept;
}

function worded(
  settlement: Settlement,
  slice: Slice,
  policyVersion: string,
  connection: ConnectionFacts,
  asked: readonly JudgedEffect[],
): Decision {
  const policies = policyRefs(settlement.policies, slice.byId);
  if (settlement.kind === 'allow') return { verdict: 'allow', policies, policyVersion };
  if (settlement.kind === 'approval')
    return { verdict: 'approval', ...boundAsks(settlement, slice), policies, policyVersion };
  const unpermitted = asked.filter((one) => settlement.unpermitted.includes(one)).map(({ effect }) => effect);
  const why = settlement.failed ?? (unpermitted.length > 0 ? nothingPermits(unpermitted, connection) : undefined);
  return { verdict: 'block', policies, policyVersion, ...(why === undefined ? {} : { why }) };
}
