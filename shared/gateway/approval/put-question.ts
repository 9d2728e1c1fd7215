import { agentKey } from '../../domain/caller.ts';
import type { EventBody, SessionEvent } from '../../domain/event.ts';
import type { QuotaScope } from '../../domain/quota.ts';
import type { Session } from '../../domain/session.ts';
import { digestOf } from '../../platform/canonical.ts';
import { toJson } from '../../platform/json-value.ts';
import { err, ok } from '../../platform/result.ts';
import type { ExecuteDeps } from '../answered.ts';
import { moveSession } from '../move-session.ts';
import type { Created } from '../ports/session-store.ts';
import type { Question } from './ask-people.ts';
import { collectAnswer } from './collect-answer.ts';

export type Put =
  | Created
  /** The same is being asked already; this is that session. */
  | { readonly kind: 'joined'; readonly session: Session }
  | { readonly kind: 'unavailable' };

/** One to find the question asked already, one to find places that are free again, and one more for who is faster. */
const MAX_TRIES = 4;
/** Repeats kept on one session. More still join, and are not written down: its item must hold its outcome. */
const MAX_JOINED = 20;

/**
 * Puts a question on record unless the same one waits: same agent (and whoever it acts for), connection, statement
 * bytes, parameters, body and policy version. The condition is part of the write, so two that come at once are one.
 */
export async function putQuestion(
  deps: ExecuteDeps,
  question: Question,
  events: readonly SessionEvent[],
  until: string,
): Promise<Put> {
  const digest = questionDigest(question);
  const scopes = question.scopes.filter(({ quota }) => quota.pending !== undefined);
  let instead: { readonly instead?: string } = {};
  for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
    const { agent } = question.call;
    const connection = question.judgement.connection.name;
    const guard = { agent, connection, now: deps.clock(), question: { digest, until, scopes, ...instead } };
    const [written, stored] = await Promise.all([deps.store.create(events, guard), question.given.stored]);
    if (!written.ok || !stored.ok) return { kind: 'unavailable' };
    if (written.value.kind !== 'held') return written.value;
    const { by } = written.value;
    if (by.kind === 'asked_already') {
      const joined = await join(deps, question, by.session);
      const found =
        joined.kind === 'over' && question.call.collects === true ? await collectAnswer(deps, by.session) : joined;
      if (found.kind !== 'over') return found;
      instead = { instead: by.session };
    } else if (by.kind !== 'too_many_pending' || !(await freePlaces(deps, by.scope))) return written.value;
  }
  return { kind: 'unavailable' };
}

function questionDigest({ call, given, judgement }: Question): string {
  const { text, ...rest } = given.statement;
  const act = call.agent.act.map(({ issuer, subject }) => ({ issuer, subject }));
  return digestOf(
    toJson({
      agent: agentKey(call.agent),
      act,
      connection: judgement.connection,
      statement: text,
      given: rest,
      policyVersion: judgement.decision.policyVersion,
    }),
  );
}

async function join(deps: ExecuteDeps, question: Question, id: string): Promise<Put | { readonly kind: 'over' }> {
  const { requestDigest } = question.given;
  const { reason } = question.call.request;
  const event: EventBody = { type: 'joined', data: { requestDigest, ...(reason === undefined ? {} : { reason }) } };
  const moved = await moveSession(deps, id, (session, now) => {
    if (!isOpen(session, now)) return err({ code: 'over' } as const);
    return ok(session.events.filter(({ type }) => type === 'joined').length < MAX_JOINED ? [event] : []);
  });
  if (!moved.ok) return moved.error.code === 'record_unavailable' ? { kind: 'unavailable' } : { kind: 'over' };
  if (question.call.idempotencyKey !== undefined) {
    const linked = await deps.store.join(question.id, id, requestDigest);
    if (!linked.ok) return { kind: 'unavailable' };
  }
  return { kind: 'joined', session: moved.value.session };
}

const isOpen = (session: Session, now: Date): boolean =>
  session.status === 'pending_approval' &&
  session.ended === undefined &&
  session.asked !== undefined &&
  now.toISOString() < session.asked.expiresAt;

/** Sessions read at once while places are looked for. */
const BATCH = 25;

/** Takes out of a full set whatever no longer waits. True when there is room again. */
async function freePlaces(deps: ExecuteDeps, scope: QuotaScope): Promise<boolean> {
  const waiting = await deps.controls.pending.of(scope);
  if (!waiting.ok) return false;
  const over: string[] = [];
  for (let start = 0; start < waiting.value.length; start += BATCH) {
    const ids = waiting.value.slice(start, start + BATCH);
    const found = await Promise.all(ids.map((id) => deps.store.get(id)));
    over.push(...ids.filter((_id, index) => isOver(found[index])));
  }
  return over.length > 0 && (await deps.controls.pending.drop(scope, over)).ok;
}

/** Certainly over: a session that cannot be read may be waiting. */
const isOver = (found: Awaited<ReturnType<ExecuteDeps['store']['get']>> | undefined): boolean =>
  found?.ok === true && found.value?.session.status !== 'pending_approval';
