import type { GatewayConfig } from '../../contracts/config/gateway.ts';
import { isFinal } from '../../domain/session-status.ts';
import { ok } from '../../platform/result.ts';
import { LOOK_SECONDS, secondsAfter } from './announce.ts';
import { bringUpToDate } from './bring-up-to-date.ts';
import type { ReviewDeps } from './owed-reviews.ts';

/** What the sweep does for messages that are due: nothing yet while the session goes on, else their last word. */
export async function tendNotices(deps: ReviewDeps, config: GatewayConfig, id: string): Promise<void> {
  const stored = await deps.store.get(id);
  if (!stored.ok) return;
  const now = deps.clock();
  const session = stored.value?.session;
  if (session === undefined) {
    // It has left the table by its age, and nobody can say any more how it ended.
    const notices = await deps.notices.of(id);
    if (notices.ok) await deps.notices.settle(id, notices.value.length, secondsAfter(now, 1), now);
    return;
  }
  if (!isFinal(session.status)) {
    await deps.notices.postpone(id, secondsAfter(now, LOOK_SECONDS));
    return;
  }
  const review = session.breakGlass === undefined ? ok(undefined) : await deps.controls.reviews.get(id);
  if (review.ok) await bringUpToDate(deps, config, session, review.value);
}
