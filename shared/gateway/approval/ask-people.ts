import { agentKey } from '../../domain/caller.ts';
import { extend, EMPTY_CHAIN } from '../../domain/chain.ts';
import type { Ask } from '../../domain/decision.ts';
import type { Asked, EventBody } from '../../domain/event.ts';
import { sealOf } from '../../domain/seal.ts';
import { sessionOf } from '../../domain/session.ts';
import { digestOf } from '../../platform/canonical.ts';
import { toJson } from '../../platform/json-value.ts';
import { err, ok, type Result } from '../../platform/result.ts';
import { repeated, type Answered, type ExecuteCall, type ExecuteDeps, type Refused } from '../answered.ts';
import { refuse } from '../refuse.ts';
import type { Submission } from '../intake/submission.ts';
import type { Judgement } from '../run/judge.ts';
import type { Runtime } from '../runtime.ts';

export interface Question {
  readonly id: string;
  readonly call: ExecuteCall;
  readonly given: Submission;
  readonly judgement: Judgement;
  readonly before: readonly EventBody[];
  readonly asks: readonly Ask[];
}

/** Puts the question on record, sealed, and starts the workflow that asks people. Nothing has run. */
export async function askPeople(
  deps: ExecuteDeps,
  runtime: Runtime,
  question: Question,
): Promise<Result<Answered, Refused>> {
  const limit = runtime.bundle.gateway.limits.pendingPerAgent;
  const waiting = await deps.store.countWaiting(agentKey(question.call.agent), limit);
  if (!waiting.ok) return err({ refusal: { code: 'record_unavailable' }, recorded: false });
  if (waiting.value >= limit) return refuse(deps, question.id, question.given, { code: 'too_many_pending', limit });
  const now = deps.clock();
  const asked = ask(question, now, deps.nonce());
  const events = extend(
    question.id,
    EMPTY_CHAIN,
    [...question.before, { type: 'asked', data: asked }],
    now,
    deps.nonce,
  );
  const [written, stored] = await Promise.all([deps.store.create(events), question.given.stored]);
  const session = sessionOf(events);
  if (!written.ok || !stored.ok || session === undefined)
    return err({ refusal: { code: 'record_unavailable' }, recorded: false });
  if (written.value.kind === 'exists') return repeated(written.value.stored.session, question.given.requestDigest);
  // On record first: a workflow that does not start now is started by the sweep, and until then nothing can run.
  const started = await deps.workflow.start(question.id, secondsUntil(asked.expiresAt, now));
  if (!started.ok)
    deps.log.warn('workflow not started; the sweep will', { session: question.id, fault: started.error.message });
  return ok({ session, recorded: true });
}

function ask(question: Question, now: Date, nonce: string): Asked {
  const seconds = Math.min(...question.asks.map((one) => one.expiresSeconds));
  const expiresAt = new Date(now.getTime() + seconds * 1_000).toISOString();
  const { judgement, call, given } = question;
  const seal = sealOf({
    connection: judgement.connection.name,
    target: digestOf(toJson(judgement.connection)),
    statement: given.statement,
    agent: call.agent,
    policyVersion: judgement.decision.policyVersion,
    expiresAt,
    nonce,
  });
  return { asks: question.asks, expiresAt, nonce, seal };
}

const secondsUntil = (instant: string, now: Date): number =>
  Math.max(1, Math.ceil((Date.parse(instant) - now.getTime()) / 1_000));
