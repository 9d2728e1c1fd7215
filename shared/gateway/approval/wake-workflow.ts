import type { Session } from '../../domain/session.ts';
import type { SideCar } from '../ports/session-store.ts';
import type { WaitOver, Workflow } from '../ports/workflow.ts';
import type { Surroundings } from '../runtime.ts';

/**
 * Tells the workflow that the waiting is over, after the decision is on record. Failing here loses nothing: the sweep
 * finds a session that has ended and still waits, and tells it again.
 */
export async function wakeWorkflow(
  deps: Surroundings & { workflow: Workflow },
  session: Session,
  sideCar: SideCar,
): Promise<void> {
  const outcome = waitOver(session);
  if (outcome === undefined || sideCar.taskToken === undefined) return;
  const told = await deps.workflow.wake(sideCar.taskToken, { outcome });
  if (!told.ok) deps.log.warn('workflow not woken; the sweep will', { session: session.id, fault: told.error.message });
}

function waitOver(session: Session): WaitOver['outcome'] | undefined {
  const how = session.ended?.how;
  return how === 'approved' || how === 'denied' || how === 'cancelled' ? how : undefined;
}
