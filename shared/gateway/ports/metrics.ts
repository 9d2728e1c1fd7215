import type { Measures } from '../../contracts/metrics.ts';

/** Where measures go. Never throws and is never waited for: what cannot be counted must not stop what is counted. */
export interface Metrics {
  /** `facts` are ids, names and codes beside the numbers, as in a log: never a token, a statement, a parameter or a row. */
  record(measures: Measures, facts?: Readonly<Record<string, string>>): void;
}
