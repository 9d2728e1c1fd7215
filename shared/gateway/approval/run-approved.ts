import type { Agent } from '../../domain/caller.ts';
import type { ExecuteLimits } from '../../connectors/connector.ts';
import type { EventBody } from '../../domain/event.ts';
import type { Session } from '../../domain/session.ts';
import { stillTrusted } from '../../identity/still-trusted.ts';
import { err, ok, type Result } from '../../platform/result.ts';
import { circumstancesOnRecord } from '../intake/circumstances.ts';
import { moveSession } from '../move-session.ts';
import { decidedOf, findConnection, judge, type JudgeDeps, type Judgement } from '../run/judge.ts';
import { masksFor } from '../run/masks.ts';
import { quotaScopes } from '../run/quotas.ts';
import { saidIn } from '../run/settle.ts';
import { runStatement, type TailDeps } from '../run/run-statement.ts';
import type { Runtime } from '../runtime.ts';
import { textOf } from './announce.ts';
import { checkSeal, stillApproved } from './recheck.ts';
import { statementOnRecord } from './sealed-matter.ts';

/** Why an approved statement does not run after all. Nothing has run. */
interface Stop {
  readonly how: 'expired' | 'blocked' | 'failed' | 'cancelled';
  readonly why: string;
}

/**
 * Runs what people approved, if it is still what they approved: the seal is computed again from the stored bytes under
 * the configuration of this moment, the votes are counted again with the membership of this moment, and policy has the
 * last word with the approvals really given. Then the tail, which consumes the seal in the write that records the intent.
 */
export async function runApproved(
  deps: TailDeps & JudgeDeps,
  id: string,
): Promise<Result<{ status: string }, { message: string }>> {
  const [stored, runtime] = await Promise.all([deps.store.get(id), deps.runtime.fresh()]);
  if (!stored.ok || stored.value === undefined) return err({ message: `session ${id} could not be read` });
  const { session } = stored.value;
  // Another runner was here, or the session has ended otherwise: one approval, one run.
  if (session.status !== 'pending_approval' || session.ended?.how !== 'approved') return ok({ status: session.status });
  if (!runtime.ok) return stop(deps, id, { how: 'failed', why: 'There was no valid configuration to judge it by.' });
  const ready = await recheck(deps, runtime.value, session);
  return ready.ok ? run(deps, runtime.value, session, ready.value) : stop(deps, id, ready.error);
}

interface Ready {
  /** As the rules of this moment see it: its groups and its owner may have changed since it asked. */
  readonly agent: Agent;
  readonly judgement: Judgement;
  readonly approvals: readonly string[];
  readonly seal: string;
}

async function recheck(deps: TailDeps & JudgeDeps, runtime: Runtime, session: Session): Promise<Result<Ready, Stop>> {
  const text = await textOf(deps.blobs, session.submitted.statement);
  if (text === undefined) return err({ how: 'failed', why: 'The stored statement could not be read back.' });
  const agent = stillTrusted(runtime.bundle.gateway.issuers, session.submitted.agent);
  if (agent === undefined) return err({ how: 'expired', why: 'No rule trusts the agent any more.' });
  const statement = statementOnRecord(session, text);
  const connection = findConnection(runtime, agent, session.submitted.connection);
  if (!connection.ok) return err({ how: 'blocked', why: 'The agent may no longer reach this connection.' });
  const broken = checkSeal(runtime, session, connection.value, statement, deps.clock());
  if (broken !== undefined) return err({ how: 'expired', why: broken });
  const approvals = stillApproved(runtime, { ...session, submitted: { ...session.submitted, agent } });
  if (!approvals.ok) return err({ how: 'expired', why: approvals.error });
  const judged = await judge(
    deps,
    runtime,
    agent,
    connection.value,
    statement,
    circumstancesOnRecord(session.submitted, approvals.value),
  );
  if (!judged.ok) return err({ how: 'blocked', why: 'The statement can no longer be judged.' });
  if (judged.value.decision.verdict !== 'allow') return err({ how: 'blocked', why: refusalOf(judged.value) });
  return ok({ agent, judgement: judged.value, approvals: approvals.value, seal: session.asked?.seal ?? '' });
}

function refusalOf(judgement: Judgement): string {
  const said = judgement.decision.policies.map((policy) => `${policy.id}: ${policy.message}`).join(' ');
  return `Policy no longer permits it with the approvals given. ${said}`.trim();
}

async function run(
  deps: TailDeps & JudgeDeps,
  runtime: Runtime,
  session: Session,
  ready: Ready,
): Promise<Result<{ status: string }, { message: string }>> {
  const { limits } = runtime.bundle.gateway;
  const circumstances = circumstancesOnRecord(session.submitted, ready.approvals);
  const masks = masksFor(runtime, ready.agent, ready.judgement.connection, ready.judgement.lineage, circumstances);
  const before: EventBody[] = [{ type: 'decided', data: decidedOf(ready.judgement, 'run') }];
  const end = await runStatement(deps, {
    from: { kind: 'waiting', session },
    agent: ready.agent,
    scopes: quotaScopes(limits, ready.agent, ready.judgement.connection.name),
    // It was counted when it was asked, and people have said yes since: no quota takes that back.
    admitted: Promise.resolve(ok(undefined)),
    before,
    judgement: ready.judgement,
    showing: { masks, scanner: runtime.scanner, statement: saidIn(ready.judgement.statement) },
    limits: { maxRows: limits.resultRows, timeoutSeconds: limits.statementSeconds, ...boundOf(session) },
    approvals: ready.approvals,
    seal: ready.seal,
    stored: Promise.resolve(ok(undefined)),
  });
  if (end.kind === 'held') return stop(deps, session.id, STOPPED);
  return end.kind === 'ran'
    ? ok({ status: end.session.status })
    : err({ message: `session ${session.id}: ${end.kind}` });
}

/** What people said yes to, and no more rows than that. */
const boundOf = ({ asked }: Session): Pick<ExecuteLimits, 'rowsMax'> =>
  asked?.bound?.rowsMax === undefined ? {} : { rowsMax: asked.bound.rowsMax };

/** The stop came after the votes and before the intent: it holds, and the session says so. */
const STOPPED: Stop = { how: 'cancelled', why: 'Stopped by an operator before it ran.' };

async function stop(
  deps: TailDeps,
  id: string,
  reason: Stop,
): Promise<Result<{ status: string }, { message: string }>> {
  const moved = await moveSession<never>(deps, id, (session) =>
    ok(session.status === 'pending_approval' ? [{ type: 'ended', data: { how: reason.how, why: reason.why } }] : []),
  );
  return moved.ok ? ok({ status: moved.value.session.status }) : err({ message: `session ${id}: ${moved.error.code}` });
}
