import { isFinal } from '../../domain/session-status.ts';
import { err, ok, type Result } from '../../platform/result.ts';
import type { Session } from '../../domain/session.ts';
import { bringUpToDate } from './bring-up-to-date.ts';
import { tellWhoWasSkipped, type ReviewDeps } from './owed-reviews.ts';

/** How long one task waits for the statement to end before it lets the workflow try again: the task itself has 45 s. */
const PATIENCE_MS = 20_000;
const LOOK_EVERY_MS = 500;

/**
 * What the workflow does where nobody is asked: tells those who were skipped while the statement still runs, and then
 * how it ended. Safe to repeat, and repeated until both are done.
 */
export async function followBrokenGlass(deps: ReviewDeps, id: string): Promise<Result<void, { message: string }>> {
  const [stored, runtime] = await Promise.all([deps.store.get(id), deps.runtime.current()]);
  if (!stored.ok || stored.value === undefined || !runtime.ok)
    return err({ message: `session ${id} could not be read` });
  const { gateway } = runtime.value.bundle;
  const told = await tellWhoWasSkipped(deps, gateway, stored.value.session);
  const ended = await untilEnded(deps, id);
  if (ended === undefined) return err({ message: `session ${id} still runs` });
  const review = await deps.controls.reviews.get(id);
  await bringUpToDate(deps, gateway, ended, review.ok ? review.value : undefined);
  return told ? ok(undefined) : err({ message: `session ${id}: not everybody could be told` });
}

async function untilEnded(deps: ReviewDeps, id: string): Promise<Session | undefined> {
  const until = deps.clock().getTime() + PATIENCE_MS;
  for (;;) {
    const stored = await deps.store.get(id);
    if (stored.ok && stored.value !== undefined && isFinal(stored.value.session.status)) return stored.value.session;
    if (deps.clock().getTime() >= until) return undefined;
    await deps.sleep(LOOK_EVERY_MS);
  }
}
