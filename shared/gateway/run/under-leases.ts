import type { ExecuteLimits } from '../../connectors/connector.ts';
import { barredFromVoting, tally, type Vote } from '../../domain/approval.ts';
import type { Ask } from '../../domain/decision.ts';
import { leaseFits, type Lease, type LeaseUse } from '../../domain/lease.ts';
import type { Shape } from '../../domain/shape.ts';
import { digestOf } from '../../platform/canonical.ts';
import { toJson } from '../../platform/json-value.ts';
import type { ExecuteCall, ExecuteDeps } from '../answered.ts';
import { voterOf } from '../approval/people.ts';
import { circumstancesOf } from '../intake/circumstances.ts';
import type { Runtime } from '../runtime.ts';
import type { Judgement } from './judge.ts';

export interface UnderLease {
  readonly kind: 'answered';
  /** Judged again, with the approvals that the leases stand for: policy has the last word. */
  readonly judgement: Judgement;
  readonly approvals: readonly string[];
  readonly leases: readonly LeaseUse[];
  readonly limits: Partial<ExecuteLimits>;
}

/** Nobody has leased it. With a shape it could be: the approver may then answer for its like. */
interface NotLeased {
  readonly kind: 'ask';
  readonly shape?: Shape;
}

export interface LeaseQuestion {
  readonly call: ExecuteCall;
  readonly judgement: Judgement;
  readonly asks: readonly Ask[];
}

/** Whether leases answer every group that would be asked. In doubt, and when they cannot be read, people are asked. */
export async function underLeases(
  deps: ExecuteDeps,
  runtime: Runtime,
  question: LeaseQuestion,
): Promise<UnderLease | NotLeased> {
  const { judgement, asks, call } = question;
  // What is bound to a number of rows is bound to the measurement of this one statement.
  if (asks.length === 0 || asks.some((ask) => ask.leaseSeconds === undefined)) return { kind: 'ask' };
  const shape = await judgement.connector.shapeOf?.(judgement.statement);
  if (shape === undefined) return { kind: 'ask' };
  const found = await deps.controls.leases.of(call.agent, judgement.connection.name);
  if (!found.ok) return { kind: 'ask', shape };
  const fitting = found.value.filter((lease) => leaseFits(lease, caseOf(deps, question, shape)));
  const chosen = choose(runtime, question, fitting);
  return chosen === undefined ? { kind: 'ask', shape } : (answer(runtime, question, chosen) ?? { kind: 'ask', shape });
}

function caseOf(deps: ExecuteDeps, { call, judgement }: LeaseQuestion, shape: Shape) {
  const { issuerUrl, subject, act } = call.agent;
  return {
    agent: { issuer: issuerUrl, subject, act },
    connection: judgement.connection.name,
    target: digestOf(toJson(judgement.connection)),
    policyVersion: judgement.decision.policyVersion,
    shape,
    now: deps.clock(),
  };
}

interface Chosen {
  readonly leases: readonly Lease[];
  readonly approvals: readonly string[];
}

/** The fewest, newest first, that make the quorums full by the rules that count votes. One a person. */
function choose(runtime: Runtime, { asks, call }: LeaseQuestion, fitting: readonly Lease[]): Chosen | undefined {
  const leases: Lease[] = [];
  const votes: Vote[] = [];
  for (const lease of fitting) {
    const person = voterOf(runtime.bundle.gateway, { via: 'api', person: lease.by });
    if (person === undefined || barredFromVoting(person, call.agent, asks) !== undefined) continue;
    if (leases.some(({ by }) => by === lease.by)) continue;
    const groups = lease.groups.filter((group) => person.groups.includes(group));
    if (!asks.some((ask) => groups.includes(ask.group))) continue;
    leases.push(lease);
    votes.push({ person: lease.by, verdict: 'approve', seal: '', groups, via: 'api', at: lease.grantedAt });
    const count = tally(asks, votes, '');
    if (count.state === 'approved') return { leases, approvals: count.satisfied };
  }
  return undefined;
}

function answer(
  runtime: Runtime,
  { call, judgement }: LeaseQuestion,
  { leases, approvals }: Chosen,
): UnderLease | undefined {
  const { connection, effects } = judgement;
  const decision = runtime.engine.decide(call.agent, connection, effects, circumstancesOf(call.request, approvals));
  if (decision.verdict !== 'allow') return undefined;
  // Set aside before it runs, so that runs at the same time cannot spend the same rows; what is left over goes back.
  const rows = Math.min(runtime.bundle.gateway.limits.resultRows, ...leases.map((lease) => lease.rowsLeft));
  return {
    kind: 'answered',
    judgement: { ...judgement, decision },
    approvals,
    leases: leases.map((lease) => ({ lease: lease.id, by: lease.by, rows })),
    limits: { maxRows: rows, rowsMax: rows },
  };
}
