import { extend, EMPTY_CHAIN } from '../../domain/chain.ts';
import type { Ask } from '../../domain/decision.ts';
import type { Asked, EventBody } from '../../domain/event.ts';
import { secondsOf, waitsOf } from '../../domain/moments.ts';
import type { QuotaScope } from '../../domain/quota.ts';
import { sealOf } from '../../domain/seal.ts';
import { sessionOf, type Session } from '../../domain/session.ts';
import type { Shape } from '../../domain/shape.ts';
import { digestOf } from '../../platform/canonical.ts';
import { toJson } from '../../platform/json-value.ts';
import { err, ok, type Result } from '../../platform/result.ts';
import { repeated, type Answered, type ExecuteCall, type ExecuteDeps, type Refused } from '../answered.ts';
import { refuse } from '../refuse.ts';
import { refusalOfHeld, refusalOfQuota } from '../refusal-of-held.ts';
import type { Admission } from '../run/run-statement.ts';
import { putQuestion } from './put-question.ts';
import type { Submission } from '../intake/submission.ts';
import type { Judgement } from '../run/judge.ts';

export interface Question {
  readonly id: string;
  readonly call: ExecuteCall;
  readonly given: Submission;
  readonly judgement: Judgement;
  readonly before: readonly EventBody[];
  readonly asks: readonly Ask[];
  readonly scopes: readonly QuotaScope[];
  readonly admitted: Admission;
  /** Present where policy lets approvers answer for its like, and it has a shape. */
  readonly shape?: Shape;
}

/** Puts the question on record, sealed, and starts the workflow that asks people. Nothing has run. */
export async function askPeople(deps: ExecuteDeps, question: Question): Promise<Result<Answered, Refused>> {
  const admitted = await question.admitted;
  if (!admitted.ok) return refuse(deps, question.id, question.given, refusalOfQuota(admitted.error));
  const now = deps.clock();
  const asked = ask(question, now, deps.nonce());
  const events = extend(
    question.id,
    EMPTY_CHAIN,
    [...question.before, { type: 'asked', data: asked }],
    now,
    deps.nonce,
  );
  const session = sessionOf(events);
  if (session === undefined) return UNAVAILABLE;
  const put = await putQuestion(deps, question, events, asked.expiresAt);
  switch (put.kind) {
    case 'created':
      return start(deps, session, asked);
    case 'exists':
      return repeated(put.stored, question.given.requestDigest);
    case 'joined':
      return ok({ session: put.session, recorded: true, joined: true });
    case 'held':
      return refuse(deps, question.id, question.given, refusalOfHeld(put.by));
    case 'unavailable':
      return UNAVAILABLE;
  }
}

const UNAVAILABLE = err({ refusal: { code: 'record_unavailable' }, recorded: false } as const);

/** On record first: a workflow that does not start now is started by the sweep, and until then nothing can run. */
async function start(deps: ExecuteDeps, session: Session, asked: Asked): Promise<Result<Answered, Refused>> {
  const started = await deps.workflow.start(session.id, waitsOf(asked.asks, 0));
  if (!started.ok)
    deps.log.warn('workflow not started; the sweep will', { session: session.id, fault: started.error.message });
  return ok({ session, recorded: true });
}

function ask(question: Question, now: Date, nonce: string): Asked {
  const expiresAt = new Date(now.getTime() + secondsOf(question.asks) * 1_000).toISOString();
  const { judgement, call, given } = question;
  const target = digestOf(toJson(judgement.connection));
  const { decision } = judgement;
  const bound = decision.verdict !== 'approval' || decision.bound === undefined ? {} : { bound: decision.bound };
  const seal = sealOf({
    connection: judgement.connection.name,
    target,
    statement: given.statement,
    agent: call.agent,
    policyVersion: judgement.decision.policyVersion,
    expiresAt,
    nonce,
    ...bound,
  });
  const shape = question.shape === undefined ? {} : { shape: question.shape, target };
  return { asks: question.asks, expiresAt, nonce, seal, ...bound, ...shape };
}
