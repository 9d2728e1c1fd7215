import type { Refusal } from '../../domain/refusal.ts';
import type { Ballot } from './ballot.ts';

/** What somebody who was skipped says of what ran, whatever brought it. */
export interface ReviewBallot {
  readonly session: string;
  readonly verdict: 'accepted' | 'objected';
  readonly comment: string;
  readonly voter: Ballot['voter'];
}

export interface ReviewReceipt {
  /** `already`: the same person had said the same. */
  readonly kind: 'closed' | 'already';
  readonly verdict: 'accepted' | 'objected';
}

export type ReviewRefusal = Extract<
  Refusal,
  {
    code:
      | 'vote_not_allowed'
      | 'session_not_found'
      | 'no_review_owed'
      | 'review_closed'
      | 'comment_required'
      | 'record_unavailable';
  }
>;
