import type { DataApiStatement } from '../data-api.ts';

export interface TransactionLimits {
  /** For each statement of the transaction. */
  readonly statementSeconds: number;
  /** How long it may wait for somebody else's lock before it gives up. */
  readonly lockSeconds: number;
}

/**
 * PostgreSQL ends a session that sits idle inside a transaction this long: locks of a gateway that died between two calls
 * are gone then, where the Data API itself would wait for three minutes.
 */
const IDLE_SECONDS = 15;

/** The first statement of a transaction of ours: limits that end with it (PostgreSQL, "Client Connection Defaults"). */
export function settingsOf({ statementSeconds, lockSeconds }: TransactionLimits): DataApiStatement {
  const set = (name: string, seconds: number): string => `set_config('${name}', '${String(seconds * 1_000)}', true)`;
  const settings = [
    set('statement_timeout', statementSeconds),
    set('lock_timeout', lockSeconds),
    set('idle_in_transaction_session_timeout', IDLE_SECONDS),
  ];
  return { sql: `SELECT ${settings.join(', ')}`, parameters: [], maxRows: 1, timeoutSeconds: 5 };
}
