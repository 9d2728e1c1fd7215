import type { PolicyRef } from './decision.ts';
import type { Effect } from './effect.ts';

/** Every way the gateway says no, as a value. `contracts/api/problem.ts` turns each into its wording, in one place. */
export type Refusal =
  | {
      readonly code: 'unauthenticated';
      readonly status: 401 | 403 | 503;
      /** Which check said no, e.g. `expired`. */
      readonly reason: string;
      readonly detail: string;
      /** WWW-Authenticate (RFC 6750 section 3). */
      readonly challenge?: string;
      readonly retryAfterSeconds?: number;
    }
  | { readonly code: 'not_an_agent' }
  | { readonly code: 'not_a_person' }
  | { readonly code: 'not_an_auditor' }
  | { readonly code: 'invalid_request'; readonly member: string; readonly detail: string }
  | { readonly code: 'request_too_large'; readonly limitBytes: number }
  | { readonly code: 'unsupported_media_type' }
  /** A page, or a name, that is not this gateway's: DNS rebinding. */
  | { readonly code: 'origin_not_allowed'; readonly header: 'Host' | 'Origin' }
  | { readonly code: 'statement_invalid'; readonly reason: string; readonly detail: string; readonly position?: number }
  | { readonly code: 'connection_not_found' }
  | {
      readonly code: 'blocked_by_policy';
      readonly policies: readonly PolicyRef[];
      readonly effects: readonly Effect[];
      readonly why?: string;
    }
  | { readonly code: 'idempotency_conflict' }
  /** A repeat, under its Idempotency-Key, of a request that was refused: the same words again. */
  | { readonly code: 'refused_earlier'; readonly reason: string; readonly detail: string }
  | { readonly code: 'too_many_pending'; readonly limit: number; readonly of?: 'agent' | 'group' | 'connection' }
  /** A quota is used up. `limit` is its number, `of` whose it is. */
  | {
      readonly code: 'rate_limited';
      readonly of: 'agent' | 'group' | 'connection';
      readonly limit: number;
      readonly retryAfterSeconds: number;
      readonly detail: string;
    }
  /** A person has stopped this agent, this connection, or everything. */
  | { readonly code: 'stopped'; readonly scope: 'agent' | 'connection' | 'all' }
  | { readonly code: 'not_an_operator' }
  | { readonly code: 'stop_not_found' }
  | { readonly code: 'lease_not_found' }
  | { readonly code: 'lease_not_allowed'; readonly detail: string }
  | { readonly code: 'session_not_found' }
  | { readonly code: 'approval_denied'; readonly why: string }
  | { readonly code: 'approval_expired'; readonly why: string }
  | { readonly code: 'session_cancelled'; readonly why: string }
  | { readonly code: 'approval_ended'; readonly status: string }
  | { readonly code: 'vote_not_allowed'; readonly why: 'own_agent' | 'acts_for' | 'not_asked' | 'unknown_voter' }
  | { readonly code: 'no_review_owed' }
  | { readonly code: 'review_closed'; readonly by: string; readonly verdict: 'accepted' | 'objected' }
  | { readonly code: 'seal_mismatch' }
  | { readonly code: 'comment_required' }
  | { readonly code: 'target_error'; readonly reason: string; readonly detail: string }
  | { readonly code: 'target_unavailable'; readonly detail: string }
  | { readonly code: 'unknown_outcome' }
  | { readonly code: 'record_unavailable' }
  | { readonly code: 'workflow_unavailable' }
  | { readonly code: 'configuration_unavailable' }
  | { readonly code: 'internal' };

export type RefusalCode = Refusal['code'];
