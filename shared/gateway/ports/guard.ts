import type { Agent } from '../../domain/caller.ts';
import type { LeaseUse } from '../../domain/lease.ts';
import type { QuotaScope } from '../../domain/quota.ts';

/**
 * What must hold in the very write that records an intent or a question. One transaction: a stop that is in force
 * before it is written holds it, and a lease gives exactly the runs it has, whoever else is writing.
 */
export interface Guard {
  /** No stop of this agent, of this connection, or of everything is in force. */
  readonly agent: Pick<Agent, 'issuerUrl' | 'subject'>;
  readonly connection: string;
  readonly now: Date;
  /** Takes one run from each, and its rows. */
  readonly leases?: readonly LeaseUse[];
  /** This question is not open already: nobody is asked twice. */
  readonly question?: Question;
}

/** A question that is put to people. `digest` tells two equal ones. */
export interface Question {
  readonly digest: string;
  /** ISO 8601: after it the question is not open any more. */
  readonly until: string;
  /** A session that is known not to wait any more: its question may be put again. */
  readonly instead?: string;
  /** Whose limits on waiting approvals it counts for. */
  readonly scopes: readonly QuotaScope[];
}

/** What held a write. Nothing was written. */
export type Held =
  | { readonly kind: 'stopped'; readonly scope: 'agent' | 'connection' | 'all' }
  | { readonly kind: 'lease_spent'; readonly lease: string }
  | { readonly kind: 'asked_already'; readonly session: string }
  | { readonly kind: 'too_many_pending'; readonly scope: QuotaScope };
