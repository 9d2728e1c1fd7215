import type { RowBound } from './row-bound.ts';

/** A policy that took part in a decision, with its own words. */
export interface PolicyRef {
  readonly id: string;
  readonly message: string;
}

/** One group that policy wants to hear: `quorum` distinct people of it, within `expiresSeconds`. */
export interface Ask {
  readonly group: string;
  readonly quorum: number;
  readonly expiresSeconds: number;
  /** Distinct people whose no ends it; absent: one. */
  readonly denials?: number;
  /** Present where policy wants nobody reminded. */
  readonly remind?: 'off';
  /** A second group, whose quorum counts as well once it has been asked. */
  readonly escalation?: Escalation;
  /** The longest that people of it may answer for statements of one shape; absent: for this one statement only. */
  readonly leaseSeconds?: number;
}

export interface Escalation {
  readonly group: string;
  /** Seconds after the question was put. */
  readonly afterSeconds: number;
}

/** What policy says of a statement. Every variant names the policy version that said it. */
export type Decision =
  | { readonly verdict: 'allow'; readonly policies: readonly PolicyRef[]; readonly policyVersion: string }
  | {
      readonly verdict: 'approval';
      readonly asks: readonly Ask[];
      /** How many rows a yes is good for, where a policy that asks says so. */
      readonly bound?: RowBound;
      readonly policies: readonly PolicyRef[];
      readonly policyVersion: string;
    }
  | {
      readonly verdict: 'block';
      readonly policies: readonly PolicyRef[];
      readonly policyVersion: string;
      /** Set when no policy spoke: nothing permits it, it was unreadable, or the check itself failed. */
      readonly why?: string;
    };
