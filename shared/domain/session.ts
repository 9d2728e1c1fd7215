import type { Vote } from './approval.ts';
import { headOf, type ChainHead } from './chain.ts';
import type { Asked, Decided, Ended, Intent, Outcome, Refused, SessionEvent, Submitted } from './event.ts';
import { mayBecome, type SessionStatus } from './session-status.ts';

/** A session as its events tell it: nothing is known of one that is not in its chain. */
export interface Session {
  readonly id: string;
  readonly status: SessionStatus;
  readonly startedAt: string;
  readonly updatedAt: string;
  readonly submitted: Submitted;
  readonly refused?: Refused;
  /** The last decision: the one at submission, or the one right before the run. */
  readonly decided?: Decided;
  readonly asked?: Asked;
  readonly votes: readonly Vote[];
  readonly ended?: Ended;
  readonly intent?: Intent;
  readonly outcome?: Outcome;
  readonly head: ChainHead;
  readonly events: readonly SessionEvent[];
}

/** Folds a chain into the session it tells. `undefined` when it does not begin with `submitted` or moves backwards. */
export function sessionOf(events: readonly SessionEvent[]): Session | undefined {
  const first = events[0];
  if (first?.type !== 'submitted') return undefined;
  let session: Session | undefined = {
    id: first.session,
    status: 'pending_approval',
    startedAt: first.at,
    updatedAt: first.at,
    submitted: first.data,
    votes: [],
    head: headOf(events),
    events,
  };
  for (const event of events.slice(1)) {
    session = session === undefined ? undefined : applyEvent(session, event);
  }
  return session;
}

function applyEvent(session: Session, event: SessionEvent): Session | undefined {
  const now = { ...session, updatedAt: event.at };
  switch (event.type) {
    case 'submitted':
      return undefined;
    case 'refused':
      return become({ ...now, refused: event.data }, 'blocked');
    case 'decided':
      return event.data.decision.verdict === 'block'
        ? become({ ...now, decided: event.data }, 'blocked')
        : { ...now, decided: event.data };
    case 'asked':
      return { ...now, asked: event.data };
    case 'voted':
      return { ...now, votes: [...session.votes, event.data] };
    case 'ended':
      return event.data.how === 'approved'
        ? { ...now, ended: event.data }
        : become({ ...now, ended: event.data }, event.data.how);
    case 'intent':
      return become({ ...now, intent: event.data }, 'running');
    case 'outcome':
      return become({ ...now, outcome: event.data }, event.data.kind);
  }
}

/** A step that the order of states does not allow makes the whole chain unreadable, rather than a state of its own. */
function become(session: Session, status: SessionStatus): Session | undefined {
  if (session.status === status) return session;
  return mayBecome(session.status, status) ? { ...session, status } : undefined;
}
