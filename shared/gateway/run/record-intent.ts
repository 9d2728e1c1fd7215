import { extend, EMPTY_CHAIN } from '../../domain/chain.ts';
import type { Intent, SessionEvent } from '../../domain/event.ts';
import { describeOver, type OverQuota } from '../../domain/quota.ts';
import { sessionOf, type Session } from '../../domain/session.ts';
import { digestOf } from '../../platform/canonical.ts';
import { toJson } from '../../platform/json-value.ts';
import type { KeyedDigest } from '../../platform/keyed-digest.ts';
import type { StoreFault } from '../ports/session-store.ts';
import { recordOutcome } from './record-outcome.ts';
import type { Run, TailDeps, TailEnd } from './run-statement.ts';
import type { Settled } from './settle.ts';

type NotRun = Exclude<TailEnd, { kind: 'ran' }>;

interface Recorded {
  readonly kind: 'recorded';
  readonly session: Session;
  /** At hand before the target is called: what it answers must not go on record without its digest. */
  readonly keyed: KeyedDigest;
}

/**
 * The intent, in one write with everything that must hold at that moment, beside the count and what it refers to. Only
 * `recorded` may go on to the target.
 */
export async function recordIntent(deps: TailDeps, run: Run): Promise<Recorded | NotRun> {
  const session = run.from.kind === 'new' ? run.from.id : run.from.session.id;
  const head = run.from.kind === 'new' ? EMPTY_CHAIN : run.from.session.head;
  const events = extend(
    session,
    head,
    [...run.before, { type: 'intent', data: intentOf(run) }],
    deps.clock(),
    deps.nonce,
  );
  const [written, stored, admitted, keyed] = await Promise.all([
    write(deps, run, events),
    run.stored,
    run.admitted,
    keyedDigest(deps),
  ]);
  if (!written.ok) return { kind: 'record_unavailable' };
  if (written.value === 'conflict') return { kind: 'conflict' };
  if (written.value !== 'written' && written.value.kind !== 'created') return written.value;
  const known = run.from.kind === 'new' ? [] : run.from.session.events;
  const after = sessionOf([...known, ...events]);
  if (after === undefined) return { kind: 'record_unavailable' };
  if (!admitted.ok) return notAdmitted(deps, after, admitted.error);
  return stored.ok && keyed !== undefined ? { kind: 'recorded', session: after, keyed } : notKept(deps, after);
}

async function keyedDigest({ keyedDigests, log }: TailDeps): Promise<KeyedDigest | undefined> {
  const keyed = await keyedDigests.current();
  if (keyed.ok) return keyed.value;
  log.error('keyed digests unavailable', { fault: keyed.error.message });
  return undefined;
}

/** The intent is there, and what it refers to or what the outcome needs is not: nothing runs, and the record says so instead of "may have run". */
async function notKept(deps: TailDeps, session: Session): Promise<NotRun> {
  await recordOutcome(deps, session, NOT_KEPT);
  return { kind: 'record_unavailable' };
}

const NOT_KEPT: Settled = {
  outcome: {
    kind: 'failed',
    code: 'target_unavailable',
    message: 'The statement could not be kept on record, so it was not run.',
    targetMs: 0,
  },
};

/** One transaction with the stops and the leases: a stop that is in force holds it, whatever was read before. */
const write = ({ store, clock }: TailDeps, run: Run, events: readonly SessionEvent[]) => {
  const leases = run.leases === undefined ? {} : { leases: run.leases };
  const guard = { agent: run.agent, connection: run.judgement.connection.name, now: clock(), ...leases };
  return run.from.kind === 'new' ? store.create(events, guard) : store.append(run.from.session, events, guard);
};

/** Counting took its time beside the intent instead of before it; what is over its quota stops here, before the target. */
async function notAdmitted(deps: TailDeps, session: Session, why: OverQuota | StoreFault): Promise<NotRun> {
  if (why.code !== 'over_quota') return notKept(deps, session);
  const message = `${describeOver(why)} It was not run.`;
  const outcome = { kind: 'failed', code: 'rate_limited', message, targetMs: 0 } as const;
  const { session: after } = await recordOutcome(deps, session, { outcome });
  return { kind: 'over_quota', over: why, session: after };
}

function intentOf(run: Run): Intent {
  const { connection, connector, effects } = run.judgement;
  return {
    credential: connector.credential(connection, effects),
    target: digestOf(toJson(connection)),
    approvals: run.approvals,
    ...(run.seal === undefined ? {} : { seal: run.seal }),
    ...(run.leases === undefined ? {} : { leases: run.leases.map(({ lease, by }) => ({ lease, by })) }),
  };
}
