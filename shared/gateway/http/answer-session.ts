import type { MaskedResult } from '../../domain/result-set.ts';
import type { Session } from '../../domain/session.ts';
import { jsonAnswer, type HttpAnswer } from '../../platform/http.ts';
import { refusalOfSession } from '../refusal-of-session.ts';
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
  const refusal = refusalOfSession(session);
  if (refusal !== undefined) return refusalAnswer(refusal, { session: session.id, recorded });
  const view = {
    ...viewSession(session, result),
    ...(recorded ? {} : { recorded: false }),
    ...(joined === undefined ? {} : { joined }),
  };
  if (session.status === 'succeeded') return jsonAnswer(200, view);
  return jsonAnswer(202, view, { 'retry-after': POLL_AFTER, location: view.links.self });
}
