import type { Session } from '../../../domain/session.ts';
import type { HttpAnswer } from '../../../platform/http.ts';
import { statusAnswer } from './status.ts';

/** What is answered while people are asked, or while what they agreed to runs. Nobody at a terminal sees a poll link. */
export function waitingStatus(session: Session): HttpAnswer {
  return statusAnswer(403, 'ApprovalRequired', words(session), session.status, { session: session.id });
}

function words({ id, asked, ended, decided }: Session): string {
  // On record already, while its workflow has not heard of it.
  if (ended !== undefined && ended.how !== 'approved')
    return `This was not approved, and nothing has been changed. ${ended.why} (Countersign session ${id})`;
  const again = 'Then run the same command again: it gets the answer of the approved run, once.';
  if (asked === undefined || ended !== undefined)
    return `This was approved and is running. Run the same command again in a moment for its answer. (Countersign session ${id})`;
  const why = (decided?.decision.policies ?? []).map((policy) => `${policy.id}: ${policy.message}`).join(' ');
  const who = asked.asks
    .map(({ group, quorum }) => `${group} (${quorum === 1 ? '1 person' : `${quorum} people`})`)
    .join(' and ');
  return [
    `This needs approval, and nothing has been changed. ${why}`.trimEnd(),
    `Asked: ${who}, until ${asked.expiresAt}.`,
    `Wait with: countersign sessions wait ${id}`,
    again,
  ].join('\n');
}
