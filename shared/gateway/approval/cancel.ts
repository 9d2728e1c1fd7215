import type { Agent } from '../../domain/caller.ts';
import { agentKey } from '../../domain/caller.ts';
import { extend } from '../../domain/chain.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { sessionOf, type Session } from '../../domain/session.ts';
import { err, ok, type Result } from '../../platform/result.ts';
import type { BallotDeps } from './cast-ballot.ts';
import { wakeWorkflow } from './wake-workflow.ts';

/** The agent takes back what still waits. What has been approved and may be running is past cancelling. */
export async function cancel(
  deps: BallotDeps,
  agent: Agent,
  id: string,
  comment: string | undefined,
): Promise<Result<Session, Refusal>> {
  const stored = await deps.store.get(id);
  if (!stored.ok) return err({ code: 'record_unavailable' });
  const session = stored.value?.session;
  if (stored.value === undefined || session === undefined || agentKey(session.submitted.agent) !== agentKey(agent))
    return err({ code: 'session_not_found' });
  if (session.status === 'cancelled') return ok(session);
  if (session.status !== 'pending_approval' || session.ended !== undefined) {
    return err({ code: 'approval_ended', status: session.ended?.how ?? session.status });
  }
  const why =
    comment === undefined || comment === '' ? 'Cancelled by its agent.' : `Cancelled by its agent: ${comment}`;
  const events = extend(
    id,
    session.head,
    [{ type: 'ended', data: { how: 'cancelled', why } }],
    deps.clock(),
    deps.nonce,
  );
  const written = await deps.store.append(session, events);
  if (!written.ok) return err({ code: 'record_unavailable' });
  if (written.value === 'conflict') return cancel(deps, agent, id, comment);
  const after = sessionOf([...session.events, ...events]) ?? session;
  await wakeWorkflow(deps, after, stored.value.sideCar);
  return ok(after);
}
