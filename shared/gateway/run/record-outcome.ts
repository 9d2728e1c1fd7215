import { extend } from '../../domain/chain.ts';
import type { SessionEvent } from '../../domain/event.ts';
import { sessionOf, type Session } from '../../domain/session.ts';
import type { SessionStore } from '../ports/session-store.ts';
import type { Surroundings } from '../runtime.ts';
import type { Settled } from './settle.ts';

/** Tries at writing an outcome: about 1.5 s in all, so that a short throttle is ridden out and the caller still answered. */
const PAUSES_MS = [0, 100, 400, 1_000];

interface Recorded {
  readonly session: Session;
  /** False: it ran, the caller is told so and told that the record does not have it yet. */
  readonly recorded: boolean;
}

/** Puts the outcome on record before anyone hears of it. */
export async function recordOutcome(
  deps: Surroundings & { store: SessionStore },
  session: Session,
  settled: Settled,
): Promise<Recorded> {
  const events = extend(
    session.id,
    session.head,
    [{ type: 'outcome', data: settled.outcome }],
    deps.clock(),
    deps.nonce,
  );
  const after = sessionOf([...session.events, ...events]) ?? session;
  const [written, stored] = await Promise.all([append(deps, session, events), settled.stored]);
  const recorded = written && stored?.ok !== false;
  if (!recorded) deps.log.error('outcome not on record', { session: session.id, outcome: settled.outcome.kind });
  return { session: after, recorded };
}

async function append(
  deps: Surroundings & { store: SessionStore },
  session: Session,
  events: readonly SessionEvent[],
): Promise<boolean> {
  for (const pause of PAUSES_MS) {
    if (pause > 0) await deps.sleep(pause);
    const written = await deps.store.append(session, events);
    if (written.ok) return written.value === 'written';
  }
  return false;
}
