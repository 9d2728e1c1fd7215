import type { Session } from '../../domain/session.ts';
import type { SessionStore, SideCar } from '../ports/session-store.ts';
import type { Workflow } from '../ports/workflow.ts';
import type { Surroundings } from '../runtime.ts';

/**
 * Tells the workflow that the waiting is over, after the decision is on record. Failing here loses nothing: the sweep
 * finds a session that has ended and still waits, and tells it again.
 */
export async function wakeWorkflow(
  deps: Surroundings & { readonly store: SessionStore; readonly workflow: Workflow },
  session: Session,
  sideCar: SideCar,
): Promise<void> {
  const outcome = session.ended?.how;
  if (outcome === undefined) return;
  const taskToken = (await tokenNow(deps.store, session.id)) ?? sideCar.taskToken;
  if (taskToken === undefined) return;
  const told = await deps.workflow.wake(taskToken, { outcome });
  if (!told.ok) deps.log.warn('workflow not woken; the sweep will', { session: session.id, fault: told.error.message });
}

/**
 * A vote reads, decides and writes; each wait of the workflow keeps a token of its own and reads. When such a wait
 * begins between the vote's read and its write, neither has seen the other, so whoever wrote looks once more.
 */
async function tokenNow(store: SessionStore, id: string): Promise<string | undefined> {
  const stored = await store.get(id);
  return stored.ok ? stored.value?.sideCar.taskToken : undefined;
}
