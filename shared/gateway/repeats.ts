import type { ExecuteRequest } from '../contracts/api/execute.ts';
import type { Agent } from '../domain/caller.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Session } from '../domain/session.ts';
import { isFinal, type SessionStatus } from '../domain/session-status.ts';
import { digestOf } from '../platform/canonical.ts';
import { toJson } from '../platform/json-value.ts';
import { err, ok, type Result } from '../platform/result.ts';
import type { SessionStore } from './ports/session-store.ts';
import { sessionId } from './session-id.ts';

/** A call as its caller would say it again: what it claims of itself (a trace id, say) differs from try to try. */
export interface Repeatable {
  readonly request: Pick<ExecuteRequest, 'connection' | 'statement' | 'parameters' | 'body' | 'reason'>;
  /** Raised by a caller that means to do it once more. */
  readonly attempt: number;
}

export interface Place {
  /** The Idempotency-Key under which this call belongs. */
  readonly key: string;
  /** What is there already: it waits, runs, or ended a short while ago. */
  readonly session?: Session;
}

/**
 * How long after its end a session still answers for the same call. A client that lost an answer asks again within
 * minutes; who does the same an hour later means it.
 */
const REMEMBERED_MS = 60 * 60_000;
/** Times a day that the same call is done anew without saying so: one an hour, and some for clocks. */
const MOST_A_DAY = 30;
const DAY_MS = 24 * 60 * 60_000;

/**
 * Where a call belongs whose caller may have lost the answer to the first one. The id of the session follows from the
 * call, the day and how often it was done on that day, and sessions are created under a condition: two tries at one
 * moment are one session.
 */
export async function placeOf(
  store: Pick<SessionStore, 'get'>,
  agent: Agent,
  call: Repeatable,
  now: Date,
): Promise<Result<Place, Refusal>> {
  const digest = digestOf(toJson({ ...call.request, attempt: call.attempt }));
  const today = dayOf(now);
  const earlier = dayOf(new Date(now.getTime() - REMEMBERED_MS));
  for (const day of new Set([earlier, today])) {
    const place = await placeOn(store, agent, `${digest}.${day}`, now);
    if (place === 'unknown') return err({ code: 'record_unavailable' });
    if (place?.session !== undefined) return ok(place);
    if (day === today) return place === undefined ? err(tooOften(now)) : ok(place);
  }
  return err(tooOften(now));
}

/** The first free place of a day, or the one whose session still answers; `undefined` when the day has no more. */
async function placeOn(
  store: Pick<SessionStore, 'get'>,
  agent: Agent,
  prefix: string,
  now: Date,
): Promise<Place | undefined | 'unknown'> {
  for (let time = 0; time < MOST_A_DAY; time += 1) {
    const key = `${prefix}.${String(time)}`;
    const found = await store.get(sessionId(agent, key, now));
    if (!found.ok) return 'unknown';
    const session = found.value?.session;
    if (session === undefined) return { key };
    if (answersFor(session, now)) return { key, session };
  }
  return undefined;
}

const tooOften = (now: Date): Refusal => ({
  code: 'rate_limited',
  of: 'agent',
  limit: MOST_A_DAY,
  retryAfterSeconds: Math.ceil((DAY_MS - (now.getTime() % DAY_MS)) / 1_000),
  detail: `The same call was made ${String(MOST_A_DAY)} times today. To do it once more on purpose, raise \`attempt\`.`,
});

const dayOf = (at: Date): string => String(Math.floor(at.getTime() / DAY_MS));

/** One that ran out, was taken back or was blocked did nothing and said no for good: the same call is a new one. */
const OVER_AND_NOTHING_DONE: ReadonlySet<SessionStatus> = new Set(['expired', 'cancelled', 'blocked']);

const answersFor = ({ status, updatedAt }: Session, now: Date): boolean =>
  !isFinal(status) || (!OVER_AND_NOTHING_DONE.has(status) && now.getTime() - Date.parse(updatedAt) < REMEMBERED_MS);
