import { isFinal } from '../../domain/session-status.ts';
import type { NoticeRef } from '../ports/notifier.ts';
import { LOOK_SECONDS, secondsAfter } from './announce.ts';
import { bringUpToDate } from './bring-up-to-date.ts';
import type { ReviewDeps } from './owed-reviews.ts';

/** Messages that one session may have: its groups' channels, and the strays of some crashes. */
const MAX_NOTICES = 20;

/**
 * Whoever presses a button shows where a message is. One that was posted by a process which died before it could keep
 * its place is known from now on; and buttons that still stand under what is over are taken away.
 */
export async function mendPressed(deps: ReviewDeps, id: string, on: NoticeRef): Promise<void> {
  const [stored, notices, runtime] = await Promise.all([
    deps.store.get(id),
    deps.notices.of(id),
    deps.runtime.current(),
  ]);
  if (!stored.ok || stored.value === undefined || !notices.ok || !runtime.ok) return;
  const known = notices.value.some(({ channel, ts }) => channel === on.channel && ts === on.ts);
  if (!known && notices.value.length >= MAX_NOTICES) return;
  if (!known) await deps.notices.keep(id, on, secondsAfter(deps.clock(), LOOK_SECONDS));
  const { session } = stored.value;
  if (isFinal(session.status)) await bringUpToDate(deps, runtime.value.bundle.gateway, session);
}
