import type { DetectedClass } from '../../../contracts/config/detected-classes.ts';

/**
 * A kind of secret, as data. `pattern` is in RE2's syntax and is run by an RE2 engine, so no pattern that anyone adds
 * here can take more than linear time. Its first group, where it has one, is the secret; it is looked for only where one of
 * `keywords` (lower case) stands in the text.
 */
export interface Rule {
  readonly id: string;
  readonly class: DetectedClass;
  readonly keywords: readonly string[];
  readonly pattern: string;
  /** Letters, digits and `_+/=~.-` that stand together in every match: given where the keyword stands in every other text. */
  readonly word?: number;
  /** Characters that cannot stand right before, and right after, as the inside of a bracket expression; by default letters and digits. */
  readonly lead?: string;
  readonly tail?: string;
  /** Least bits a character (Shannon): keeps `xxxx…` and words out. Without one, eight X in a row do. */
  readonly entropy?: number;
  /** First 16 hex digits of the SHA-256 of values that vendors publish as samples: they open nothing. */
  readonly published?: readonly string[];
  /** Read by tests. `·` is taken out first: it keeps made-up tokens from looking real to those who scan this repository. */
  readonly finds: readonly string[];
  readonly leaves?: readonly string[];
}

/** Of tokens in URL-safe base64. */
export const URL_SAFE = 'A-Za-z0-9_-';
