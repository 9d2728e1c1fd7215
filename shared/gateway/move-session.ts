import { extend } from '../domain/chain.ts';
import type { EventBody } from '../domain/event.ts';
import { sessionOf, type Session } from '../domain/session.ts';
import { err, ok, type Result } from '../platform/result.ts';
import type { SessionStore, SideCar, StoredSession } from './ports/session-store.ts';
import type { Surroundings } from './runtime.ts';

export type MoveFault = { readonly code: 'session_not_found' } | { readonly code: 'record_unavailable' };

export interface Moved {
  readonly session: Session;
  readonly sideCar: SideCar;
  /** False when the step had nothing to add: it had already happened. */
  readonly changed: boolean;
}

/** What a step adds to a session, seen as it is now; nothing when it has already happened. */
export type Step<E> = (session: Session, now: Date) => Result<readonly EventBody[], E>;

/** Two writers conflict once each; more tries than there can be writers would be a fault of the store. */
const MAX_TRIES = 6;

/**
 * Moves a session one step: read, decide on what was read, one conditional write on the chain's head. Who loses the
 * write reads again and decides again, so of two racing steps the second sees what the first did.
 */
export async function moveSession<E>(
  deps: Surroundings & { readonly store: SessionStore },
  id: string,
  step: Step<E>,
): Promise<Result<Moved, E | MoveFault>> {
  for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
    const stored = await deps.store.get(id);
    if (!stored.ok) return err({ code: 'record_unavailable' });
    if (stored.value === undefined) return err({ code: 'session_not_found' });
    const moved = await moveOnce(deps, stored.value, step);
    if (moved !== 'conflict') return moved;
    await deps.sleep(20 * attempt);
  }
  return err({ code: 'record_unavailable' });
}

async function moveOnce<E>(
  deps: Surroundings & { readonly store: SessionStore },
  { session, sideCar }: StoredSession,
  step: Step<E>,
): Promise<Result<Moved, E | MoveFault> | 'conflict'> {
  const now = deps.clock();
  const bodies = step(session, now);
  if (!bodies.ok) return bodies;
  if (bodies.value.length === 0) return ok({ session, sideCar, changed: false });
  const events = extend(session.id, session.head, bodies.value, now, deps.nonce);
  const after = sessionOf([...session.events, ...events]);
  // A step that the order of states forbids is a fault of this program; it must not be written.
  if (after === undefined) return err({ code: 'record_unavailable' });
  const written = await deps.store.append(session, events);
  if (!written.ok) return err({ code: 'record_unavailable' });
  return written.value === 'conflict' ? 'conflict' : ok({ session: after, sideCar, changed: true });
}
