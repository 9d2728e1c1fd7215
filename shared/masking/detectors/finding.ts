import type { DetectedClass } from '../../contracts/config/detected-classes.ts';
import type { Traits } from './traits.ts';

/** One value that a detector named: UTF-16 positions in the text it was found in, `end` exclusive. */
export interface Finding {
  readonly start: number;
  readonly end: number;
  readonly class: DetectedClass;
  /** Id of the rule, told in the answer. */
  readonly rule: string;
}

/** What is looked at: the text, the names that stand over it (column, member names) in lower case, what the text is made of. */
export interface Passage {
  readonly text: string;
  readonly near: string;
  readonly traits: Traits;
}

/** Looks for one family of values. Linear in the text. */
export type Detector = (passage: Passage) => readonly Finding[];

/**
 * Findings in order and apart. Where two overlap, both spans are masked, under the class of the one that begins first
 * (of the longer, where they begin together): nothing that any detector named stays readable.
 */
export function apart(findings: readonly Finding[]): readonly Finding[] {
  const sorted = findings.toSorted((one, other) => one.start - other.start || other.end - one.end);
  const result: Finding[] = [];
  for (const finding of sorted) {
    const last = result.at(-1);
    if (last === undefined || finding.start >= last.end) result.push(finding);
    else if (finding.end > last.end) result[result.length - 1] = { ...last, end: finding.end };
  }
  return result;
}
