import type { Topic } from '../topics.ts';
import type { Traits } from '../traits.ts';

/**
 * A number that a state gives to a person. `shape` has a fixed form (`test/masking/linear-time.test.ts` counts its steps), and
 * `check` takes it without separators, in upper case. Digits that so many other numbers share count only beside a word of
 * `topic`.
 */
export interface IdRule {
  readonly id: string;
  readonly shape: RegExp;
  /** What any text of this shape has: most texts have less, and are not searched for it. */
  readonly least: Partial<Pick<Traits, 'run' | 'chain' | 'word'>>;
  readonly check?: (bare: string) => boolean;
  readonly topic?: Topic;
  /** Values it finds and values it leaves, as tests read them; `topic`'s word goes before. */
  readonly finds: readonly string[];
  readonly leaves: readonly string[];
}
