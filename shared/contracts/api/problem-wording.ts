import type { Refusal } from '../../domain/refusal.ts';

export interface Wording {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
}

const wording = (status: number, title: string, detail: string): Wording => ({ status, title, detail });

/** Exhaustive: a new refusal does not compile until it has a status, a title and a remedy. */
// oxlint-disable-next-line complexity -- one flat table; a branch a refusal, nothing nested
export function wordingOf(refusal: Refusal): Wording {
  switch (refusal.code) {
    case 'unauthenticated':
      return wording(refusal.status, 'Not authenticated', refusal.detail);
    case 'not_an_agent':
      return wording(403, 'Agents only', 'This call is for agents. The token is of an issuer that speaks for people.');
    case 'not_a_person':
      return wording(
        403,
        'People only',
        'This call is for people. The token is of an issuer that speaks for agents, and machines never approve.',
      );
    case 'not_an_auditor':
      return wording(
        403,
        'Auditors only',
        'Agents list their own sessions; of people, only auditors list them. A session that asks you can be read by its id.',
      );
    case 'invalid_request':
      return wording(400, 'Invalid request', `${refusal.member}: ${refusal.detail}`);
    case 'request_too_large':
      return wording(413, 'Request too large', `The body may have at most ${refusal.limitBytes} bytes.`);
    case 'unsupported_media_type':
      return wording(415, 'Unsupported media type', 'Send the body as application/json in UTF-8.');
    case 'origin_not_allowed':
      return wording(
        403,
        'Origin not allowed',
        `${refusal.header}: is not a name of this gateway. Call it by its publicUrl, or list the name under \`mcp\` in gateway.yaml.`,
      );
    case 'statement_invalid':
      return wording(400, 'Statement not readable', refusal.detail);
    case 'connection_not_found':
      return wording(
        404,
        'Connection not found',
        'There is no such connection, or it is not yours. GET /v1/connections lists what you may reach.',
      );
    case 'blocked_by_policy':
      return wording(403, 'Blocked by policy', blockedDetail(refusal));
    case 'idempotency_conflict':
      return wording(
        409,
        'Idempotency key reused',
        'This Idempotency-Key was used with another body. Use a new key for a new request.',
      );
    case 'refused_earlier':
      return wording(
        409,
        'Refused earlier',
        `This request was refused before with ${refusal.reason}. ${refusal.detail} Mend it and send it under a new key.`,
      );
    case 'too_many_pending':
      return wording(
        429,
        'Too many approvals pending',
        `${PENDING_OF[refusal.of ?? 'agent']} ${refusal.limit} statements waiting for people. Wait for them, or cancel some.`,
      );
    case 'rate_limited':
      return wording(429, 'Limit used up', `${refusal.detail} Nothing has run.`);
    case 'stopped':
      return wording(
        403,
        'Stopped',
        `${STOPPED[refusal.scope]} Nothing has run. Do not try again by yourself: it lasts until a person lifts it.`,
      );
    case 'not_an_operator':
      return wording(
        403,
        'Operators only',
        'This call is for people of a group with `operator: true` in gateway.yaml.',
      );
    case 'stop_not_found':
      return wording(404, 'Stop not found', 'No such stop is in force. GET /v1/stops lists those that are.');
    case 'lease_not_found':
      return wording(404, 'Lease not found', 'There is no such lease, or it is not yours to revoke.');
    case 'lease_not_allowed':
      return wording(400, 'Lease not allowed', `lease: ${refusal.detail}`);
    case 'session_not_found':
      return wording(404, 'Session not found', 'There is no such session, or it is not yours to see.');
    case 'approval_denied':
      return wording(
        403,
        'Denied',
        `Denied by people: ${refusal.why} Nothing has run. Do not send the same again: answer what they say, or ask them.`,
      );
    case 'approval_expired':
      return wording(
        403,
        'Approval expired',
        `${refusal.why} Nothing has run, and it was not denied. Submit it again if it is still needed.`,
      );
    case 'session_cancelled':
      return wording(409, 'Cancelled', `${refusal.why} Nothing has run.`);
    case 'approval_ended':
      return wording(409, 'Approval has ended', `This session no longer waits for an answer: it is ${refusal.status}.`);
    case 'vote_not_allowed':
      return wording(403, 'Vote not allowed', VOTE_BARS[refusal.why]);
    case 'no_review_owed':
      return wording(
        409,
        'No review owed',
        'This session did not run under break-glass, so there is nothing to review.',
      );
    case 'review_closed':
      return wording(409, 'Review closed', `${refusal.by} has reviewed it already and ${refusal.verdict}.`);
    case 'seal_mismatch':
      return wording(
        409,
        'Seal does not match',
        'The seal named is not the one of this session. Read the session again and vote for what it shows.',
      );
    case 'comment_required':
      return wording(400, 'Comment required', 'comment: say why you deny it, so that the agent can do better.');
    case 'target_error':
      return wording(422, 'Refused by the target', refusal.detail);
    case 'target_unavailable':
      return wording(503, 'Target unavailable', `${refusal.detail} It has not run; try again later.`);
    case 'unknown_outcome':
      return wording(
        504,
        'Outcome unknown',
        'The statement may have run. Do not send it again: first look in the target whether its effect is there.',
      );
    case 'record_unavailable':
      return wording(
        503,
        'Record unavailable',
        'The record could not be written, so nothing has run. Try again later.',
      );
    case 'workflow_unavailable':
      return wording(503, 'Approvals unavailable', 'People could not be asked, so nothing has run. Try again later.');
    case 'configuration_unavailable':
      return wording(
        503,
        'Configuration unavailable',
        'The gateway has no valid configuration to judge by, so nothing runs. Its operators have been told.',
      );
    case 'internal':
      return wording(
        500,
        'Internal error',
        'Something failed inside the gateway. Nothing runs on a failed check; GET the session before you send it again.',
      );
  }
}

const PENDING_OF = {
  agent: 'You already have',
  group: 'Agents of your group already have',
  connection: 'This connection already has',
} as const;

const STOPPED = {
  agent: 'A person has stopped this agent.',
  connection: 'A person has stopped all work on this connection.',
  all: 'A person has stopped everything.',
} as const;

const VOTE_BARS = {
  own_agent: 'You answer for this agent, so somebody else has to decide.',
  acts_for: 'This agent acts for you, so somebody else has to decide.',
  not_asked: 'You are not in a group that this approval asks.',
  unknown_voter:
    'You are not a person this gateway knows. An administrator maps people in gateway.yaml under `people`.',
} as const;

function blockedDetail(refusal: Extract<Refusal, { code: 'blocked_by_policy' }>): string {
  const said = refusal.policies.map((policy) => `${policy.id}: ${policy.message}`).join(' ');
  return [said, refusal.why].filter(Boolean).join(' ') || 'No policy permits it.';
}
