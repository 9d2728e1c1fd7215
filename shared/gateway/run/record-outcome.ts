import { extend } from '../../domain/chain.ts';
import type { SessionEvent } from '../../domain/event.ts';
import { sessionOf, type Session } from '../../domain/session.ts';
import { setAside, type OutcomeSink } from '../record/pending-outcome.ts';
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
  deps: Surroundings & OutcomeSink & { store: SessionStore },
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
  const recorded = written === 'written' && stored?.ok !== false;
  if (!recorded) await notRecorded(deps, session, events, written);
  return { session: after, recorded };
}

/** The table did not take it: S3 does, and the sweep brings it back from there. Where both fail, the log is what is left. */
async function notRecorded(
  deps: Surroundings & OutcomeSink,
  session: Session,
  events: readonly SessionEvent[],
  written: Written,
): Promise<void> {
  const aside = written === 'fault' ? await Promise.all(events.map((event) => setAside(deps, event))) : [];
  deps.log.error('outcome not on record', {
    session: session.id,
    write: written,
    setAside: aside.length > 0 && aside.every(({ ok }) => ok),
  });
}

type Written = 'written' | 'conflict' | 'fault';

async function append(
  deps: Surroundings & { store: SessionStore },
  session: Session,
  events: readonly SessionEvent[],
): Promise<Written> {
  for (const pause of PAUSES_MS) {
    if (pause > 0) await deps.sleep(pause);
    const written = await deps.store.append(session, events);
    if (written.ok) return written.value === 'written' ? 'written' : 'conflict';
  }
  return 'fault';
}
