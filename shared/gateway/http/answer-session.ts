import type { Refusal } from '../../domain/refusal.ts';
import type { MaskedResult } from '../../domain/result-set.ts';
import type { Session } from '../../domain/session.ts';
import { jsonAnswer, type HttpAnswer } from '../../platform/http.ts';
import { viewSession } from '../view-session.ts';
import { refusalAnswer } from './edge.ts';

/** Seconds after which a poll makes sense: people take longer, and a long poll holds the line anyway. */
const POLL_AFTER = '2';

/** What `execute` answers for a session: 200 finished, 202 waiting, or the refusal that it came to. */
export function answerSession(
  session: Session,
  result: MaskedResult | undefined,
  recorded: boolean,
  joined?: true,
): HttpAnswer {
  const refusal = refusalOf(session);
  if (refusal !== undefined) return refusalAnswer(refusal, { session: session.id, recorded });
  const view = {
    ...viewSession(session, result),
    ...(recorded ? {} : { recorded: false }),
    ...(joined === undefined ? {} : { joined }),
  };
  if (session.status === 'succeeded') return jsonAnswer(200, view);
  return jsonAnswer(202, view, { 'retry-after': POLL_AFTER, location: view.links.self });
}

function refusalOf(session: Session): Refusal | undefined {
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
