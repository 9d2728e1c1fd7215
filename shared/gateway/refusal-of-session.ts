import type { Refusal } from '../domain/refusal.ts';
import type { Session } from '../domain/session.ts';

/** What a session that has ended without its answer came to; `undefined` while it waits or runs, and when it succeeded. */
export function refusalOfSession(session: Session): Refusal | undefined {
  const why = session.ended?.why ?? '';
  switch (session.status) {
    case 'failed':
      return failure(session);
    case 'unknown_outcome':
      return { code: 'unknown_outcome' };
    case 'blocked':
      return blocked(session);
    case 'denied':
      return { code: 'approval_denied', why };
    case 'expired':
      return { code: 'approval_expired', why };
    case 'cancelled':
      return { code: 'session_cancelled', why };
    case 'pending_approval':
    case 'running':
    case 'succeeded':
      return undefined;
  }
}

function failure({ outcome, ended }: Session): Refusal {
  if (outcome?.kind !== 'failed') return { code: 'target_unavailable', detail: ended?.why ?? '' };
  // A repeat of a request that was one too many: nothing of it waits to begin anew.
  if (outcome.code === 'rate_limited')
    return { code: 'refused_earlier', reason: outcome.code, detail: outcome.message };
  if (outcome.code === 'target_unavailable') return { code: 'target_unavailable', detail: outcome.message };
  return { code: 'target_error', reason: outcome.code, detail: outcome.message };
}

function blocked({ refused, decided, ended }: Session): Refusal {
  if (refused !== undefined) return { code: 'refused_earlier', reason: refused.code, detail: refused.message };
  const decision = decided?.decision;
  const why = ended?.why ?? (decision?.verdict === 'block' ? decision.why : undefined);
  return {
    code: 'blocked_by_policy',
    policies: decision?.policies ?? [],
    effects: decided?.effects ?? [],
    ...(why === undefined ? {} : { why }),
  };
}
