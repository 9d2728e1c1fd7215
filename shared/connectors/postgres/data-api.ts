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

export interface DataApiCall {
  readonly connection: PostgresConnection;
  readonly access: DataApiAccess;
  /** Exactly one statement, with `:name` where parameters go. */
  readonly sql: string;
  /** Empty = no parameter list is sent at all, so nothing in the text can be taken for a parameter. */
  readonly parameters: readonly DataApiParameter[];
  /** Rows kept of the answer; more are cut and `truncated` says so. */
  readonly maxRows: number;
  /** Seconds to wait for the answer, at most 45: there the Data API itself gives up. */
  readonly timeoutSeconds: number;
}

/** The way to a PostgreSQL database behind the RDS Data API. One call, one statement, never retried. */
export interface DataApi {
  run(call: DataApiCall): Promise<TargetOutcome>;
}
