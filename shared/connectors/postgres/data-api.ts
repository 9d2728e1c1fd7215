import type { PostgresConnection } from '../../contracts/config/connection.ts';
import type { TargetOutcome } from '../../domain/result-set.ts';

/**
 * One value of a parameter, in the terms of the Data API (its `Field` union and type hints, as far as JSON reaches).
 * `decimal` is sent as text with the hint DECIMAL, so that 0.1 arrives as the numeric 0.1 and not as a nearby float.
 */
export type DataApiValue =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'long'; readonly value: number }
  | { readonly kind: 'decimal'; readonly value: string }
  | { readonly kind: 'text'; readonly value: string };

/** A named parameter: `:name` in the text, `name` here. */
export interface DataApiParameter {
  readonly name: string;
  readonly value: DataApiValue;
}

/**
 * `read`: the grammar vouched that every effect reads. It borrows the read-only login where the connection has one,
 * and a lost answer is then only a lost answer. `write`: anything else; a lost answer is an unknown outcome.
 */
export type DataApiAccess = 'read' | 'write';

/** One statement, and how much is waited for and kept of its answer. */
export interface DataApiStatement {
  /** Exactly one statement, with `:name` where parameters go. */
  readonly sql: string;
  /** Empty = no parameter list is sent at all, so nothing in the text can be taken for a parameter. */
  readonly parameters: readonly DataApiParameter[];
  /** Rows kept of the answer; more are cut and `truncated` says so. */
  readonly maxRows: number;
  /** Seconds to wait for the answer, at most 45: there the Data API itself gives up. */
  readonly timeoutSeconds: number;
}

/** Where a statement goes, and with which login. */
export interface DataApiPlace {
  readonly connection: PostgresConnection;
  readonly access: DataApiAccess;
}

export type DataApiCall = DataApiPlace & DataApiStatement;

/** An answer inside a transaction. Nothing is kept yet, so its outcome is never `unknown`. */
export interface TransactionAnswer {
  readonly outcome: Exclude<TargetOutcome, { kind: 'unknown' }>;
  /** Rows changed, or given by RETURNING, before any were cut; absent where the service did not say. */
  readonly rows?: number;
}

export interface DataApiTransaction {
  run(statement: DataApiStatement): Promise<TransactionAnswer>;
}

/** How the work in a transaction wants it to end. */
export interface TransactionEnd<T> {
  readonly keep: boolean;
  readonly value: T;
}

export type Transacted<T> =
  | { readonly kind: 'not_begun'; readonly message: string }
  | { readonly kind: 'kept'; readonly value: T }
  /** `confirmed` is false when the rollback got no answer: then the service rolls back after three minutes idle. */
  | { readonly kind: 'undone'; readonly value: T; readonly confirmed: boolean }
  /** The database said no to the COMMIT (a deferred constraint), or never got it: nothing was kept. */
  | { readonly kind: 'commit_refused'; readonly code: string; readonly message: string }
  /** The answer to the COMMIT was lost: kept or not, nobody here knows. */
  | { readonly kind: 'commit_unknown'; readonly message: string };

/** The way to a PostgreSQL database behind the RDS Data API. One call, one statement, never retried. */
export interface DataApi {
  run(call: DataApiCall): Promise<TargetOutcome>;
  /**
   * Runs `work` in one transaction and ends it as `work` says. It is ended on every path: when `work` throws it is rolled
   * back and the error thrown on. Only a COMMIT keeps anything, and it is sent at most once.
   */
  transact<T>(
    place: DataApiPlace,
    work: (transaction: DataApiTransaction) => Promise<TransactionEnd<T>>,
  ): Promise<Transacted<T>>;
}
