import type { JsonValue } from './json-value.ts';

/**
 * Structured log. Facts are ids, counts, codes and durations: never a token, a statement, a parameter or a row, which
 * belong in the record, where they are masked and access is governed.
 */
export interface Log {
  info(message: string, facts?: Readonly<Record<string, JsonValue>>): void;
  warn(message: string, facts?: Readonly<Record<string, JsonValue>>): void;
  error(message: string, facts?: Readonly<Record<string, JsonValue>>): void;
}
