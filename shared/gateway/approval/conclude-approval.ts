import type { EventBody } from '../../domain/event.ts';
import { RUNNER_SECONDS } from '../../domain/open-work.ts';
import type { Session } from '../../domain/session.ts';
import { isFinal } from '../../domain/session-status.ts';
import { err, ok, type Result } from '../../platform/result.ts';
import { deliverPending, type OutcomeSink } from '../record/pending-outcome.ts';
import { moveSession } from '../move-session.ts';
import { whyExpired } from '../tell-agent.ts';
import { bringUpToDate } from './bring-up-to-date.ts';
import { followBrokenGlass } from './follow-broken-glass.ts';
import type { ReviewDeps } from './owed-reviews.ts';

/** How the workflow came to its last task. `settled`: the session itself says how it ended. */
export type Arrival = 'settled' | 'expired' | 'failed' | 'not_asked';

/**
 * Last task of the workflow, and the sweep's way with sessions it left behind: brings the session to a final state if
 * it is in none, then tells everyone. Safe to repeat.
 */
export async function concludeApproval(
  deps: ReviewDeps & OutcomeSink,
  id: string,
  arrival: Arrival,
): Promise<Result<void, { message: string }>> {
  if (arrival === 'not_asked') return followBrokenGlass(deps, id);
  // Before "nobody knows how it ended" goes on record: it may be known, and lie where the table could not take it.
  const delivered = arrival === 'expired' ? ok('none') : await deliverPending(deps, id);
  if (!delivered.ok) return err({ message: `session ${id}: ${delivered.error.message}` });
  const moved = await moveSession<never>(deps, id, (session, now) => ok(lastStep(session, arrival, now)));
  if (!moved.ok) return err({ message: `session ${id}: ${moved.error.code}` });
  const runtime = await deps.runtime.current();
  if (!runtime.ok) return ok(undefined);
  await bringUpToDate(deps, runtime.value.bundle.gateway, moved.value.session);
  return ok(undefined);
}

function lastStep(session: Session, arrival: Arrival, now: Date): readonly EventBody[] {
  if (isFinal(session.status)) return [];
  if (session.status === 'running') {
    // Somebody runs it, another runner than this workflow's perhaps, or one whose answer was lost: it may not even have
    // called the target yet, and will say how it went. The sweep comes back when it cannot be alive any more.
    if (arrival === 'expired' || now.getTime() - Date.parse(session.updatedAt) < RUNNER_SECONDS * 1_000) return [];
    // Whoever ran it is gone without a word. It may have run; nobody may run it again.
    return [
      {
        type: 'outcome',
        data: { kind: 'unknown_outcome', message: 'The run ended without telling how.', targetMs: 0 },
      },
    ];
  }
  if (arrival === 'expired') {
    return [{ type: 'ended', data: { how: 'expired', why: whyExpired(session) } }];
  }
  return [{ type: 'ended', data: { how: 'failed', why: 'The approval workflow failed before anything ran.' } }];
}
