import type { Session } from '../domain/session.ts';
import { isFinal } from '../domain/session-status.ts';
import type { Answered } from '../gateway/answered.ts';
import { readSession, resultOf } from '../gateway/read-sessions.ts';
import { whoIsNeeded } from '../gateway/tell-agent.ts';
import type { ToolAnswer } from './answer.ts';
import type { Desk } from './desk.ts';
import { answerOf } from './of-session.ts';

/** The most that a line is held. */
const PATIENCE_SECONDS = 20;
/**
 * Seconds after the request came at which there is an answer, whatever was waited for: the HTTP API hangs up after 30,
 * and a client after 60 by default (Claude Code's limit is for the whole call; progress does not extend it). The rest is for
 * a cold start before, and the record and the way back after.
 */
const ANSWER_WITHIN_SECONDS = 24;
/** Between two words of progress: a person's clients draw each. */
const STEP_SECONDS = 5;

/**
 * A session that waits for people: a client with tasks gets one at once; one that hears progress holds the line as long
 * as its patience is known to last; every other hears what it waits for and asks again when it likes.
 */
export async function holdTheLine(desk: Desk, answered: Answered, repeated: boolean): Promise<ToolAnswer> {
  const { session, recorded, result } = answered;
  const told = { recorded, repeated };
  if (isFinal(session.status))
    return answerOf(desk, session, result ?? (await resultOf(desk.deps.blobs, session)), told);
  if (desk.tasks || desk.progress === undefined) return { kind: 'waiting', session, repeated };
  return wait(desk, session, PATIENCE_SECONDS, repeated);
}

/** Holds the line for so long, with a word of progress now and then, and answers with what there is by then. */
export async function wait(desk: Desk, session: Session, seconds: number, repeated: boolean): Promise<ToolAnswer> {
  let current = session;
  const { gateway } = desk.runtime.bundle;
  const until = Math.min(secondsOf(desk) + Math.min(seconds, gateway.limits.waitSeconds), ANSWER_WITHIN_SECONDS);
  for (;;) {
    await desk.progress?.(needOf(current));
    const left = until - secondsOf(desk);
    if (left <= 0 || isFinal(current.status)) break;
    const read = await readSession(desk.deps, gateway, desk.agent, current.id, Math.min(left, STEP_SECONDS));
    // What was known a moment ago is still true: it waits. The next look may go through.
    if (read.ok) current = read.value;
    else break;
  }
  return answerOf(desk, current, await resultOf(desk.deps.blobs, current), { recorded: true, repeated });
}

/** Since the request came. */
const secondsOf = ({ deps, since }: Desk): number => (deps.clock().getTime() - since.getTime()) / 1_000;

/** In a line: what it waits for. */
export function needOf(session: Session): string {
  const { asked, ended, status } = session;
  if (status !== 'pending_approval' || asked === undefined) return `It is ${status}.`;
  return ended === undefined ? whoIsNeeded(session, asked) : 'It is approved and about to run.';
}
