import type { DetectedClass } from '../../contracts/config/detected-classes.ts';

/** What was found: its class, and the rule that found it, for the answer to tell. */
export interface Found {
  readonly class: DetectedClass;
  readonly rule: string;
}

export interface Scanned<T> {
  readonly value: T;
  /** Empty: the value is as it was. */
  readonly found: readonly Found[];
}

/** What a masked value looks like: recognisable, so that writing it back can be refused. */
export const placeholder = (className: string): string => `[masked:${className}]`;
