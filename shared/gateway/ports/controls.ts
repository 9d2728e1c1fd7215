import type { Act } from '../../domain/act.ts';
import type { Agent } from '../../domain/caller.ts';
import type { Lease } from '../../domain/lease.ts';
import type { OverQuota, QuotaScope } from '../../domain/quota.ts';
import type { Review } from '../../domain/review.ts';
import type { Stop } from '../../domain/stop.ts';
import type { Result } from '../../platform/result.ts';
import type { StoreFault } from './session-store.ts';

/** Stops. In force when `put` has answered; what holds a run is the guard of its intent, not a read of these. */
export interface Stops {
  /** Repeating it is safe, and finishes one that broke off half way. */
  put(stop: Stop): Promise<Result<void, StoreFault>>;
  /** Lifts it, and what is left of those before it; one that was put since stands. */
  lift(stop: Pick<Stop, 'id' | 'scope'>): Promise<Result<void, StoreFault>>;
  list(): Promise<Result<readonly Stop[], StoreFault>>;
}

export interface Leases {
  /** Creates it; one that is there already (a repeated click) stays as it is. */
  create(lease: Lease): Promise<Result<void, StoreFault>>;
  get(id: string): Promise<Result<Lease | undefined, StoreFault>>;
  /** Those of an agent on a connection, newest first. May lag: a run is decided by the guard. */
  of(agent: Pick<Agent, 'issuerUrl' | 'subject'>, connection: string): Promise<Result<readonly Lease[], StoreFault>>;
  /** Every one that has not ended by its time, at most `limit`. */
  list(now: Date, limit: number): Promise<Result<readonly Lease[], StoreFault>>;
  revoke(id: string, by: NonNullable<Lease['revoked']>): Promise<Result<'revoked' | 'already', StoreFault>>;
  /** Gives back rows that were set aside and not used. */
  giveBack(id: string, rows: number): Promise<Result<void, StoreFault>>;
}

/** Counters of requests, rows and bytes. */
export interface Meter {
  /** Counts one request for every scope; the first that is used up refuses. */
  admit(scopes: readonly QuotaScope[], now: Date): Promise<Result<void, OverQuota | StoreFault>>;
  /** Counts what a run has used. */
  spend(
    scopes: readonly QuotaScope[],
    used: { readonly rows: number; readonly bytes: number },
    now: Date,
  ): Promise<Result<void, StoreFault>>;
}

/** What people did to the gateway, on record before it has an effect. */
export interface Acts {
  /** Once: the same act again is success, another one under its id a fault. */
  create(act: Act): Promise<Result<void, StoreFault>>;
  get(id: string): Promise<Result<Act | undefined, StoreFault>>;
}

/**
 * Sessions that count as waiting, by whose limit. Nobody counts down: one that has ended stays in until somebody finds
 * the set full, looks, and drops it. So a crash can leave too many in the set for a moment, and never too few.
 */
export interface Pending {
  of(scope: QuotaScope): Promise<Result<readonly string[], StoreFault>>;
  drop(scope: QuotaScope, sessions: readonly string[]): Promise<Result<void, StoreFault>>;
}

/** Reviews that broken glasses owe. An act closes one (`reviewActId`); what is kept here follows from it. */
export interface Reviews {
  /** Before anything runs, so that nothing can run without owing it. One that is there stays as it is. */
  owe(review: Review, due: Date): Promise<Result<void, StoreFault>>;
  get(session: string): Promise<Result<Review | undefined, StoreFault>>;
  /** Keeps how it was closed, and that nobody is reminded any more. */
  close(review: Review, deleteAfter: Date): Promise<Result<void, StoreFault>>;
  /** What it was for never ran. */
  drop(session: string, now: Date): Promise<Result<void, StoreFault>>;
  /** Nothing to do for it before `due`. */
  postpone(session: string, due: Date): Promise<Result<void, StoreFault>>;
  /** Sessions whose review is owed and due before that moment, or at all; the longest due first. */
  owed(before: Date | undefined, limit: number): Promise<Result<readonly string[], StoreFault>>;
}

/** Everything by which people hold the gateway in check while it runs. */
export interface Controls {
  readonly stops: Stops;
  readonly leases: Leases;
  readonly meter: Meter;
  readonly acts: Acts;
  readonly pending: Pending;
  readonly reviews: Reviews;
}
