import { agentKey, type Agent } from '../../domain/caller.ts';
import type { EventBody } from '../../domain/event.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Session } from '../../domain/session.ts';
import { err, ok, type Result } from '../../platform/result.ts';
import { moveSession } from '../move-session.ts';
import type { BallotDeps } from './cast-ballot.ts';
import { wakeWorkflow } from './wake-workflow.ts';

/** The agent takes back what still waits. What has been approved and may be running is past cancelling. */
export async function cancel(
  deps: BallotDeps,
  agent: Agent,
  id: string,
  comment: string | undefined,
): Promise<Result<Session, Refusal>> {
  const moved = await moveSession(deps, id, (session): Result<readonly EventBody[], Refusal> => {
    if (agentKey(session.submitted.agent) !== agentKey(agent)) return err({ code: 'session_not_found' });
    if (session.status === 'cancelled') return ok([]);
    if (session.status !== 'pending_approval' || session.ended !== undefined) {
      return err({ code: 'approval_ended', status: session.ended?.how ?? session.status });
    }
    return ok([{ type: 'ended', data: { how: 'cancelled', why: reasonOf(comment) } }]);
  });
  if (!moved.ok) return moved;
  await wakeWorkflow(deps, moved.value.session, moved.value.sideCar);
  return ok(moved.value.session);
}

const reasonOf = (comment: string | undefined): string =>
  comment === undefined || comment === '' ? 'Cancelled by its agent.' : `Cancelled by its agent: ${comment}`;
