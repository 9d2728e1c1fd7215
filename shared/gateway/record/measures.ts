import type { Measures } from '../../contracts/metrics.ts';
import type { Ended, Outcome, SessionEvent } from '../../domain/event.ts';

/**
 * What events that were just written come to, in numbers. Taken from the record and not from the code that wrote it,
 * so that whatever path a request takes is counted, and counted once. `before` are the events that were there already.
 */
export function measuresOf(before: readonly SessionEvent[], written: readonly SessionEvent[]): Measures {
  const asked = [...before, ...written].find(({ type }) => type === 'asked');
  return written.reduce<Measures>((sum, event) => ({ ...sum, ...measureOf(event, asked?.at) }), {});
}

/** Kinds of events that are one thing each. Those that are not here and not below change no number. */
const ONE: Readonly<Partial<Record<SessionEvent['type'], Measures>>> = {
  submitted: { Requests: 1 },
  refused: { Blocked: 1 },
  asked: { Asked: 1 },
  break_glass: { BrokenGlass: 1 },
};

function measureOf(event: SessionEvent, askedAt: string | undefined): Measures {
  if (event.type === 'decided') return event.data.decision.verdict === 'block' ? { Blocked: 1 } : {};
  if (event.type === 'ended')
    return ended(event.data, askedAt === undefined ? undefined : Date.parse(event.at) - Date.parse(askedAt));
  if (event.type === 'outcome') return outcome(event.data);
  return ONE[event.type] ?? {};
}

/** Only answers of people have a latency: a question that expired says how long policy waits, not how long people take. */
function ended({ how }: Ended, latency: number | undefined): Measures {
  const answered = latency === undefined ? {} : { ApprovalLatency: latency };
  if (how === 'approved') return { Approved: 1, ...answered };
  if (how === 'denied') return { Denied: 1, ...answered };
  if (how === 'expired') return { Expired: 1 };
  if (how === 'cancelled') return { Cancelled: 1 };
  return how === 'blocked' ? { Blocked: 1 } : { Failed: 1 };
}

/** A run that never reached the target took none of its time. */
function outcome({ kind, targetMs }: Outcome): Measures {
  const time = targetMs > 0 ? { TargetTime: targetMs } : {};
  if (kind === 'succeeded') return { Succeeded: 1, ...time };
  return kind === 'failed' ? { Failed: 1, ...time } : { UnknownOutcomes: 1, ...time };
}
