import type { BallotReceipt, BallotRefusal } from '../gateway/ports/ballot.ts';
import type { ReviewReceipt, ReviewRefusal } from '../gateway/ports/review-ballot.ts';

const NOT_ALLOWED: Readonly<Record<Extract<BallotRefusal, { code: 'vote_not_allowed' }>['why'], string>> = {
  own_agent: 'You answer for this agent, so somebody else has to approve what it does. Your vote was not counted.',
  acts_for: 'The agent acts for you, so somebody else has to answer. Your vote was not counted.',
  not_asked: 'You are in none of the groups that are asked here. Your vote was not counted.',
};

const COUNTED: Readonly<Record<Extract<BallotReceipt, { kind: 'counted' }>['state'], string>> = {
  open: 'Your approval is on the record. More approvals are needed before it runs.',
  approved: 'Your approval is on the record, and it was the last one needed: the statement is going to run.',
  denied: 'Your denial is on the record. The statement will not run.',
};

const DENIAL_NOTED =
  'Your denial is on the record. Policy wants more than one to end it, so it still waits for the others.';

/** What became of a vote, for the person who cast it. */
export function wordReceipt(receipt: BallotReceipt): string {
  if (receipt.kind === 'counted')
    return receipt.verdict === 'deny' && receipt.state === 'open' ? DENIAL_NOTED : COUNTED[receipt.state];
  return `Your answer was on the record already; nothing has changed. The session is ${spell(receipt.status)}.`;
}

/** Why a vote was not counted, and what the person can do. One case a refusal, so that a new one cannot go unworded. */
export function wordRefusal(refusal: BallotRefusal): string {
  switch (refusal.code) {
    case 'unknown_voter':
      return 'This gateway does not know your Slack account. An administrator has to add its team and user id to the configuration. Your vote was not counted.';
    case 'session_not_found':
      return 'There is no such session. Your vote was not counted.';
    case 'vote_not_allowed':
      return NOT_ALLOWED[refusal.why];
    case 'seal_mismatch':
      return 'This message shows something else than what is waiting now. Answer the newest message. Your vote was not counted.';
    case 'approval_ended':
      return `This is over already: the session is ${spell(refusal.status)}. Your vote was not counted.`;
    case 'comment_required':
      return 'A denial needs a reason, so that the agent can do better. Your vote was not counted.';
    case 'lease_not_allowed':
      return `This cannot be answered for others of its kind: ${refusal.detail} Your vote was not counted.`;
    case 'record_unavailable':
      return 'Your vote could not be written down, so it does not count. Please try again; a vote counts once however often you press.';
  }
}

/** What became of a review, for whoever gave it. */
export function wordReview({ kind, verdict }: ReviewReceipt): string {
  return kind === 'closed'
    ? `The review is closed: you ${verdict}. It is on the record.`
    : `You had reviewed it already and ${verdict}; nothing has changed.`;
}

/** Why a review was not taken, and what the person can do. */
export function wordReviewRefusal(refusal: ReviewRefusal): string {
  switch (refusal.code) {
    case 'vote_not_allowed':
      return refusal.why === 'unknown_voter'
        ? 'This gateway does not know your Slack account. An administrator has to add its team and user id to the configuration.'
        : 'Somebody else has to review this: it is for people of the groups that were skipped, who do not answer for this agent.';
    case 'session_not_found':
      return 'There is no such session.';
    case 'no_review_owed':
      return 'This did not run under break-glass, so there is nothing to review.';
    case 'review_closed':
      return `It has been reviewed already: ${refusal.by} ${refusal.verdict}.`;
    case 'comment_required':
      return 'Say what you looked at and what you think of it.';
    case 'record_unavailable':
      return 'Your review could not be written down. Please try again; it counts once however often you send it.';
  }
}

/** `pending_approval` → `pending approval`. Statuses are ours; the filter keeps it so if that should ever change. */
const spell = (status: string): string => status.replaceAll('_', ' ').replace(/[^a-z ]/g, '');
