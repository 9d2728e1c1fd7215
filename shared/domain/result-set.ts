import type { JsonValue } from '../platform/json-value.ts';

export interface ResultColumn {
  readonly name: string;
  /** The target's own type name, e.g. `int8`, `text`, `_text`. */
  readonly type: string;
}

/** What a target answered, before masking. Rows are arrays in column order: two columns may share a name. */
export interface ResultSet {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly JsonValue[])[];
  /** Rows returned, or rows changed by a write. */
  readonly rowCount: number;
  /** True when a limit of the gateway cut the rows. */
  readonly truncated: boolean;
}

export interface MaskedColumn extends ResultColumn {
  readonly masked: boolean;
  /** Why: the class and the rule that masked it. Absent when nothing was masked. */
  readonly class?: string;
  readonly rule?: string;
}

/** What leaves the gateway: to the agent, the record, Slack. The unmasked set has no way out. */
export interface MaskedResult {
  readonly columns: readonly MaskedColumn[];
  readonly rows: readonly (readonly JsonValue[])[];
  readonly rowCount: number;
  readonly truncated: boolean;
}

/** How a call to a target ended. `unknown` means it may have run: never retried by a machine. */
export type TargetOutcome =
  | { readonly kind: 'done'; readonly result: ResultSet }
  /** The target itself said no. `code` is its SQLSTATE or API reason; nothing was kept. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  /** It certainly did not run: no connection, throttled, credential refused. */
  | { readonly kind: 'unavailable'; readonly message: string }
  | { readonly kind: 'unknown'; readonly message: string };
