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
  readonly shape: Shape;
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

/** Leases read again for one request: as many as the quorums of a question can need, and some. */
const MAX_TRIED = 20;

/** Whether leases answer every group that would be asked. In doubt, and when they cannot be read, people are asked. */
export async function underLeases(
  deps: ExecuteDeps,
  runtime: Runtime,
  question: LeaseQuestion,
): Promise<UnderLease | NotLeased> {
  const { judgement, asks, call } = question;
  if (asks.length === 0 || asks.some((ask) => ask.leaseSeconds === undefined)) return { kind: 'ask' };
  const shape = await judgement.connector.shapeOf?.(judgement.statement);
  if (shape === undefined) return { kind: 'ask' };
  const found = await deps.controls.leases.of(call.agent, judgement.connection.name);
  if (!found.ok) return { kind: 'ask', shape };
  const likely = found.value.filter((lease) => leaseFits(lease, caseOf(deps, question, shape))).slice(0, MAX_TRIED);
  // The index may lag behind what other runs have just taken; the items themselves do not.
  const fresh = await Promise.all(likely.map(({ id }) => deps.controls.leases.get(id)));
  const fitting = fresh.flatMap((one) => {
    const lease = one.ok ? one.value : undefined;
    return lease !== undefined && leaseFits(lease, caseOf(deps, question, shape)) ? [lease] : [];
  });
  const chosen = choose(runtime, question, fitting);
  const answered = chosen === undefined ? undefined : answer(runtime, question, chosen, shape);
  return answered ?? { kind: 'ask', shape };
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
  shape: Shape,
): UnderLease | undefined {
  const { connection, effects } = judgement;
  const decision = runtime.engine.decide(call.agent, connection, effects, circumstancesOf(call.request, approvals));
  if (decision.verdict !== 'allow') return undefined;
  // Set aside before it runs, so that runs at the same time cannot spend the same rows. A fair share of what is left,
  // so that they all find some; what a run does not use goes back, to those after it.
  const shares = leases.map(({ rowsLeft, runsLeft }) => Math.ceil(rowsLeft / runsLeft));
  const rows = Math.min(runtime.bundle.gateway.limits.resultRows, ...shares);
  return {
    kind: 'answered',
    shape,
    judgement: { ...judgement, decision },
    approvals,
    leases: leases.map((lease) => ({ lease: lease.id, by: lease.by, rows })),
    limits: { maxRows: rows, ...(effects.every(({ group }) => group === 'read') ? {} : { rowsMax: rows }) },
  };
}
