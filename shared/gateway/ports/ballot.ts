import type { LeaseTerms } from '../../domain/lease.ts';

/**
 * A vote as it reaches the story, whatever brought it. Slack people are known by team + user, OIDC people by their
 * verified identity; both are mapped to a person by configuration at that moment.
 */
export interface Ballot {
  readonly session: string;
  readonly seal: string;
  readonly verdict: 'approve' | 'deny';
  readonly comment?: string;
  /** Beside this statement, its like for a while. With a yes only. */
  readonly lease?: LeaseTerms;
  readonly voter:
    | { readonly via: 'slack'; readonly team: string; readonly user: string }
    | { readonly via: 'api'; readonly person: string };
}

/** What became of a ballot, for the wording back to whoever cast it. */
export type BallotReceipt =
  | {
      readonly kind: 'counted';
      /** What was said; absent: yes. */
      readonly verdict?: 'approve' | 'deny';
      readonly state: 'open' | 'approved' | 'denied';
      readonly status: string;
      /** The lease that it granted. */
      readonly lease?: string;
    }
  /** The same person had already voted the same way, or the session had already ended the same way: nothing changed. */
  | { readonly kind: 'already'; readonly status: string; readonly lease?: string };

export type BallotRefusal =
  | { readonly code: 'unknown_voter' }
  | { readonly code: 'session_not_found' }
  | { readonly code: 'vote_not_allowed'; readonly why: 'own_agent' | 'acts_for' | 'not_asked' }
  | { readonly code: 'seal_mismatch' }
  | { readonly code: 'approval_ended'; readonly status: string }
  | { readonly code: 'comment_required' }
  | { readonly code: 'lease_not_allowed'; readonly detail: string }
  | { readonly code: 'record_unavailable' };
