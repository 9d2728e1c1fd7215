import type { MaskedResult } from './result-set.ts';

/** How many rows a statement would change, and how that is known. */
export type RowCount =
  /** The statement itself was run in a transaction that was rolled back. */
  | { readonly basis: 'measured'; readonly rows: number }
  /** Counted by reading, without running it: the most that it can change. */
  | { readonly basis: 'counted'; readonly rows: number; readonly why: string }
  /** The target's planner thinks so. `why`: why nothing better was to be had. */
  | { readonly basis: 'estimated'; readonly rows: number; readonly why: string }
  | { readonly basis: 'unknown'; readonly why: string };

/** What a statement would touch, found out before people are asked, without keeping anything. */
export interface Impact {
  readonly rows: RowCount;
  /** What is not in that number: rows that triggers and cascades change. */
  readonly uncounted: readonly string[];
  /** A few of the rows, as they are and as they would be; masked as the agent's own answer would be. */
  readonly sample?: MaskedResult;
}

/** The number, when it is more than an estimate. */
export function knownRows({ rows }: Impact): number | undefined {
  return rows.basis === 'measured' || rows.basis === 'counted' ? rows.rows : undefined;
}

/** In words, for people: `3 rows (measured: it was run and rolled back)`. */
export function describeRows(count: RowCount): string {
  switch (count.basis) {
    case 'measured':
      return `${inWords(count.rows)} (measured: it was run and rolled back)`;
    case 'counted':
      return `${inWords(count.rows)} (${count.why})`;
    case 'estimated':
      return `about ${inWords(count.rows)} (estimated by the planner: ${count.why})`;
    case 'unknown':
      return `could not be measured: ${count.why}`;
  }
}

const inWords = (rows: number): string => `${rows.toLocaleString('en-US')} ${rows === 1 ? 'row' : 'rows'}`;
