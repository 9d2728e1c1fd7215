import type { Span } from './effect.ts';
import type { SourceColumn } from './lineage.ts';

/** Actions of the gateway itself on a classified column; beside them there is `reveal`, which shows its values. */
export const INFER = 'infer';
export const DECLASSIFY = 'declassify';

/**
 * Ways to find out what is in a column without being shown it. Masks hide values; which rows come back, in what order,
 * how many, and whether the target refuses, they cannot hide.
 */
export const INFERENCE_WAYS = [
  /** WHERE, HAVING, FILTER, a condition of MERGE: which rows there are. */
  'predicate',
  /** ON, USING, NATURAL: which rows meet. */
  'join',
  /** GROUP BY, DISTINCT, PARTITION BY: which values are equal, and how often. */
  'grouping',
  /** ORDER BY, of windows too (their rows come out sorted), and ties of a limit. */
  'ordering',
  /** UNION, INTERSECT, EXCEPT: which rows of two queries are equal. */
  'comparison',
  /** A number of rows made of a value: a set-returning function, LIMIT. */
  'rows',
  /** A computation that some values make fail: an error answers a question as well as a row does. */
  'failure',
  /** A write that a unique or foreign key refuses for some values, or ON CONFLICT passes over. */
  'constraint',
  /** Code that no rule reads: a block, a function in another language than SQL as it is made, a query in a text. It may tell of any column. */
  'code',
] as const;
export type InferenceWay = (typeof INFERENCE_WAYS)[number];

/** What a statement would let its caller find out of one column; the connector does not know which are classified. */
export interface Inference {
  /** Absent: the values may come from anywhere. */
  readonly column?: SourceColumn;
  readonly way: InferenceWay;
  /** It compares the column itself for equality with one bound parameter, and does nothing else. */
  readonly equalityByParameter: boolean;
  readonly at?: Span;
}

/** Values that a statement would put where other classes, or none, are expected of them. */
export interface Move {
  /** Absent: the values may come from anywhere. */
  readonly column?: SourceColumn;
  /** The columns that the place is known as; none when it is out of the database's reach (a file, a program). */
  readonly into: readonly SourceColumn[];
  /** The place in words, for policies and people. */
  readonly place: string;
  readonly at?: Span;
}

/** The attributes that these effects carry, with the defaults that all other effects have in policies. */
export const INFERENCE_ATTRIBUTES = {
  inference: { type: 'string', default: '' },
  equalityByParameter: { type: 'boolean', default: false },
  /** Where a value would be put, e.g. `public.notes.body`. */
  into: { type: 'string', default: '' },
} as const;
