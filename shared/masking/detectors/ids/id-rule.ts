import type { Topic } from '../topics.ts';

/**
 * A number that a state gives to a person. `shape` has a fixed form (its proof of linear time: no repetition without a
 * bound, see the test), and `check` takes it without separators, in upper case. Digits that so many other numbers share
 * count only beside a word of `topic`.
 */
export interface IdRule {
  readonly id: string;
  readonly shape: RegExp;
  readonly check?: (bare: string) => boolean;
  readonly topic?: Topic;
  /** Values it finds and values it leaves, as tests read them; `topic`'s word goes before. */
  readonly finds: readonly string[];
  readonly leaves: readonly string[];
}
