import type { Vote } from './approval.ts';
import { headOf, type ChainHead } from './chain.ts';
import type {
  Asked,
  BreakGlass,
  Decided,
  Ended,
  Ending,
  Escalated,
  Intent,
  Masked,
  Outcome,
  Previewed,
  Refused,
  SessionEvent,
  Submitted,
} from './event.ts';
import type { Impact } from './impact.ts';
import { isFinal, mayBecome, type SessionStatus } from './session-status.ts';

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
  /** Bound and seal are those of the measurement, once there is one. */
  readonly asked?: Asked;
  readonly impact?: Impact;
  readonly votes: readonly Vote[];
  /** Second groups that are asked by now. */
  readonly escalated: readonly string[];
  /** Set for ever when it ran without waiting for people. */
  readonly breakGlass?: BreakGlass;
  readonly ended?: Ended;
  readonly intent?: Intent;
  readonly masked?: Masked;
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
    escalated: [],
    head: headOf(events),
    events,
  };
  for (const event of events.slice(1)) {
    session = session === undefined ? undefined : applyEvent(session, event);
  }
  return session;
}

// oxlint-disable-next-line complexity -- one flat table; a branch a kind of event, nothing nested
function applyEvent(session: Session, event: SessionEvent): Session | undefined {
  if (isFinal(session.status)) return undefined;
  const now = { ...session, updatedAt: event.at };
  switch (event.type) {
    case 'submitted':
      return undefined;
    case 'refused':
      return become({ ...now, refused: event.data }, 'blocked');
    case 'decided':
      return decide(now, event.data);
    case 'asked':
      return session.asked === undefined && session.breakGlass === undefined
        ? whileWaiting({ ...now, asked: event.data })
        : undefined;
    case 'previewed':
      return preview(session, now, event.data);
    case 'voted':
      return isOpen(session) ? whileWaiting({ ...now, votes: [...session.votes, event.data] }) : undefined;
    case 'joined':
      return isOpen(session) ? whileWaiting(now) : undefined;
    case 'told':
      return isOpen(session) ? whileWaiting(now) : undefined;
    case 'escalated':
      return escalate(session, now, event.data);
    case 'break_glass':
      return breakGlass(session, { ...now, breakGlass: event.data });
    case 'ended':
      return end(session, { ...now, ended: event.data }, event.data.how);
    case 'intent':
      return become({ ...now, intent: event.data }, 'running');
    case 'masked':
      return session.status === 'running' && session.masked === undefined ? { ...now, masked: event.data } : undefined;
    case 'outcome':
      return conclude({ ...now, outcome: event.data }, event.data.kind);
  }
}

const decide = (session: Session, decided: Decided): Session | undefined =>
  decided.decision.verdict === 'block'
    ? become({ ...session, decided }, 'blocked')
    : whileWaiting({ ...session, decided });

/** Once, while the question is open; it is sealed anew only before the first vote, since votes name the seal they are for. */
function preview(before: Session, now: Session, { impact, sealed }: Previewed): Session | undefined {
  const { asked } = before;
  if (asked === undefined || before.ended !== undefined || before.impact !== undefined) return undefined;
  if (sealed === undefined) return whileWaiting({ ...now, impact });
  if (before.votes.length > 0) return undefined;
  return whileWaiting({ ...now, impact, asked: { ...asked, ...sealed } });
}

/** Only to a group that policy named for it, and once. */
function escalate(before: Session, now: Session, { from, to }: Escalated): Session | undefined {
  const named = before.asked?.asks.some((ask) => ask.group === from && ask.escalation?.group === to) ?? false;
  if (!named || !isOpen(before) || before.escalated.includes(to)) return undefined;
  return whileWaiting({ ...now, escalated: [...before.escalated, to] });
}

/** Nobody was asked, and nobody will be: a question and a broken glass never stand in one chain. */
const breakGlass = (before: Session, after: Session): Session | undefined =>
  before.asked === undefined && before.breakGlass === undefined ? whileWaiting(after) : undefined;

/** Only a question that is open can be approved, and only once; what was approved can still expire, fail or be blocked. */
function end(before: Session, after: Session, how: Ending): Session | undefined {
  if (before.status !== 'pending_approval') return undefined;
  if (how === 'approved') return isOpen(before) ? after : undefined;
  return become(after, how);
}

const conclude = (session: Session, how: Outcome['kind']): Session | undefined =>
  session.status === 'running' ? become(session, how) : undefined;

/** People were asked, and have not decided yet. */
const isOpen = (session: Session): boolean => session.asked !== undefined && session.ended === undefined;

const whileWaiting = (session: Session): Session | undefined =>
  session.status === 'pending_approval' ? session : undefined;

/**
 * A step that the order of states does not allow makes the whole chain unreadable, rather than a state of its own. No
 * state follows itself: a second `intent` in one chain would be a second run.
 */
function become(session: Session, status: SessionStatus): Session | undefined {
  return mayBecome(session.status, status) ? { ...session, status } : undefined;
}
