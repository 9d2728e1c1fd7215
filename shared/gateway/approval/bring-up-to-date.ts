import type { GatewayConfig } from '../../contracts/config/gateway.ts';
import type { Review } from '../../domain/review.ts';
import type { Session } from '../../domain/session.ts';
import { isFinal } from '../../domain/session-status.ts';
import type { NoticeRef, NotifyFault } from '../ports/notifier.ts';
import { secondsAfter, viewOf, type AnnounceDeps } from './announce.ts';

/** Longer than a write that shows an older state can be under way: one call and its waiting for Slack. */
export const QUIET_SECONDS = 30;
/** A message that cannot be brought up to date is tried again as long as it has been wrong already, within these. */
const SOONEST_SECONDS = 60;
const LATEST_SECONDS = 3_600;
/** After a week nobody looks at it any more, and votes on it have been refused all along. */
const GIVEN_UP_SECONDS = 7 * 86_400;

/**
 * Brings every posted message up to date: who has voted, how it ended, who reviewed it. What fails stays owed and is
 * tried again by the sweep, no sooner than Slack asks for, until all of them say the last word.
 */
export async function bringUpToDate(
  deps: AnnounceDeps,
  config: GatewayConfig,
  session: Session,
  review?: Review,
): Promise<void> {
  const notices = await deps.notices.of(session.id);
  if (!notices.ok || notices.value.length === 0) return;
  const left = await updateAll(deps, config, session, notices.value, review);
  const now = deps.clock();
  const age = (now.getTime() - Date.parse(session.updatedAt)) / 1_000;
  if (left !== undefined && age < GIVEN_UP_SECONDS) {
    const pause = Math.max(left.retryAfterSeconds, Math.min(Math.max(age, SOONEST_SECONDS), LATEST_SECONDS));
    await deps.notices.postpone(session.id, secondsAfter(now, pause));
    return;
  }
  if (left !== undefined)
    deps.log.error('notice given up', { session: session.id, notices: notices.value.length, fault: left.message });
  if (!isFinal(session.status)) return;
  const deleteAfter = secondsAfter(now, config.retention.liveDays * 86_400);
  await deps.notices.settle(session.id, notices.value.length, secondsAfter(now, -QUIET_SECONDS), deleteAfter);
}

/**
 * Shows what may not be the last word: a vote that leaves a question open, a review of what has ended long ago. Should
 * the last word be told while this is under way, these may land after it: so it is owed once more, from before them.
 */
export async function showMore(
  deps: AnnounceDeps,
  config: GatewayConfig,
  session: Session,
  review?: Review,
): Promise<void> {
  const now = deps.clock();
  await deps.notices.owe(session.id, now, secondsAfter(now, SOONEST_SECONDS));
  await bringUpToDate(deps, config, session, review);
}

/** The fault that leaves something to be done again; `undefined` when there is none. */
async function updateAll(
  deps: AnnounceDeps,
  config: GatewayConfig,
  session: Session,
  notices: readonly NoticeRef[],
  review: Review | undefined,
): Promise<NotifyFault | undefined> {
  const view = await viewOf(deps, config, session, review);
  if (view === undefined) return { retryAfterSeconds: 0, message: 'the statement could not be read back' };
  let left: NotifyFault | undefined;
  for (const notice of notices) {
    const updated = await deps.notifier.update(view, notice);
    if (updated.ok) continue;
    deps.log.warn('notice not updated', { session: session.id, fault: updated.error.message });
    // Slack has no such message any more, or lets nobody change it: there is nothing left to be done.
    if (updated.error.never === true) continue;
    left = updated.error;
    // Who is asked to wait does not go on with the next one.
    if (left.retryAfterSeconds > 0) break;
  }
  return left;
}
