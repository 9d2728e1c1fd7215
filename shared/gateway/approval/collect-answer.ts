import { isFinal } from '../../domain/session-status.ts';
import type { ExecuteDeps } from '../answered.ts';
import type { Put } from './put-question.ts';

/**
 * For callers that can only send the same again (kubectl): the question was answered, so the repeat gets what came of it,
 * and only the first repeat does. `over`: somebody has had it, and a further repeat is a new question. Nothing runs here; the
 * mark is one conditional write, so of two repeats at once one has the answer and the other asks.
 */
export async function collectAnswer(deps: ExecuteDeps, id: string): Promise<Put | { readonly kind: 'over' }> {
  const stored = await deps.store.get(id);
  if (!stored.ok) return { kind: 'unavailable' };
  const session = stored.value?.session;
  if (session === undefined) return { kind: 'over' };
  // Approved and about to run: asking people again would be a second question for one thing.
  const runs = !isFinal(session.status) && (session.ended === undefined || session.ended.how === 'approved');
  if (runs) return { kind: 'joined', session };
  const first = await deps.store.claim(id, 'collected');
  if (!first.ok) return { kind: 'unavailable' };
  return first.value ? { kind: 'joined', session } : { kind: 'over' };
}
