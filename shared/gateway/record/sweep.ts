import { announce } from '../approval/announce.ts';
import { concludeApproval } from '../approval/conclude-approval.ts';
import { awaitsMeasure } from '../../domain/row-bound.ts';
import { elapsedOf, waitsOf } from '../../domain/moments.ts';
import { tendNotices } from '../approval/owed-notices.ts';
import { tendReview, type ReviewDeps } from '../approval/owed-reviews.ts';
import { wakeWorkflow } from '../approval/wake-workflow.ts';
import type { OpenKind, StoredSession } from '../ports/session-store.ts';
import type { Workflow } from '../ports/workflow.ts';
import { archiveSession, type ArchiveDeps } from './archive-session.ts';
import type { OutcomeSink } from './pending-outcome.ts';

export interface SweepDeps extends ReviewDeps, ArchiveDeps, OutcomeSink {
  readonly controls: ReviewDeps['controls'];
  readonly workflow: Workflow;
}

/** Sessions looked after in one sweep, a kind: what is left waits a minute for the next. */
const BATCH = 100;

export type SweepReport = Readonly<Record<OpenKind | 'review' | 'untold', number>>;

/**
 * Finds what a crash or an outage left behind and brings it on: questions nobody heard, votes the workflow never
 * learned of, approvals past their time, runs that never told how they ended, sessions not yet archived, reviews owed,
 * messages that do not say yet how it ended.
 */
export async function sweep(deps: SweepDeps): Promise<SweepReport> {
  const review = await remindOfReviews(deps);
  const report = { unannounced: 0, waiting: 0, running: 0, unarchived: 0, review, untold: 0 };
  for (const kind of ['unannounced', 'waiting', 'running', 'unarchived'] as const) {
    const due = await deps.store.due(kind, deps.clock(), BATCH);
    if (!due.ok) {
      deps.log.error('sweep could not read', { kind, fault: due.error.message });
      continue;
    }
    report[kind] = due.value.length;
    if (kind === 'unannounced') deps.metrics.record({ Unannounced: due.value.length });
    for (const id of due.value) await bringOn(deps, kind, id);
  }
  return { ...report, untold: await tellLastWords(deps) };
}

/** How many were due. */
async function remindOfReviews(deps: SweepDeps): Promise<number> {
  const [due, runtime] = await Promise.all([deps.controls.reviews.owed(deps.clock(), BATCH), deps.runtime.current()]);
  if (!due.ok || !runtime.ok) {
    deps.log.error('sweep could not read', { kind: 'review' });
    return 0;
  }
  for (const id of due.value) await tendReview(deps, runtime.value.bundle.gateway, id);
  return due.value.length;
}

/** Last: what has just been ended is due the sooner, and nobody's statement waits for it. */
async function tellLastWords(deps: SweepDeps): Promise<number> {
  const [due, runtime] = await Promise.all([deps.notices.owed(deps.clock(), BATCH), deps.runtime.current()]);
  if (!due.ok || !runtime.ok) {
    deps.log.error('sweep could not read', { kind: 'untold' });
    return 0;
  }
  for (const id of due.value) await tendNotices(deps, runtime.value.bundle.gateway, id);
  return due.value.length;
}

async function bringOn(deps: SweepDeps, kind: OpenKind, id: string): Promise<void> {
  if (kind === 'unarchived') {
    const archived = await archiveSession(deps, id);
    if (!archived.ok) deps.log.error('session not archived', { session: id, fault: archived.error.message });
    return;
  }
  const stored = await deps.store.get(id);
  if (!stored.ok || stored.value === undefined) return;
  if (kind === 'running') await concludeApproval(deps, id, 'settled');
  else await tendWaiting(deps, stored.value);
}

/** A wait that was begun anew after a failure ends later than the question: what has expired waits for nobody. */
async function letGo(deps: SweepDeps, id: string): Promise<void> {
  const after = await deps.store.get(id);
  if (after.ok && after.value !== undefined) await wakeWorkflow(deps, after.value.session, after.value.sideCar);
}

/** A session that waits longer than it should: past its time, decided but not woken, never started, or never announced. */
async function tendWaiting(deps: SweepDeps, stored: StoredSession): Promise<void> {
  const { session, sideCar } = stored;
  const { asked } = session;
  const now = deps.clock();
  if (asked === undefined || now.toISOString() >= asked.expiresAt) {
    await concludeApproval(deps, session.id, 'expired');
    await letGo(deps, session.id);
    return;
  }
  if (sideCar.taskToken === undefined) {
    await deps.workflow.start(session.id, waitsOf(asked.asks, elapsedOf(asked, now)));
    return;
  }
  if (session.ended !== undefined) {
    await wakeWorkflow(deps, session, sideCar);
    return;
  }
  // What is to be sealed with its measured rows cannot be answered before: the workflow measures it, and tells then.
  if (awaitsMeasure(asked.bound, session.impact)) return;
  const runtime = await deps.runtime.current();
  if (runtime.ok) await announce(deps, runtime.value.bundle.gateway, session);
}
