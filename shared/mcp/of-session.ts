import type { MaskedResult } from '../domain/result-set.ts';
import type { Session } from '../domain/session.ts';
import { refusalOfSession } from '../gateway/refusal-of-session.ts';
import type { ToolAnswer } from './answer.ts';
import type { Desk } from './desk.ts';
import { refused } from './refused.ts';

/** Whatever became of a session, as an answer. */
export function answerOf(
  desk: Desk,
  session: Session,
  result: MaskedResult | undefined,
  { recorded, repeated }: { readonly recorded: boolean; readonly repeated: boolean },
): ToolAnswer {
  const refusal = refusalOfSession(session);
  if (refusal !== undefined) return refused(desk, { refusal, session: session.id, recorded, repeated });
  if (session.status === 'succeeded') return { kind: 'done', session, result, recorded, repeated };
  return { kind: 'waiting', session, repeated };
}
