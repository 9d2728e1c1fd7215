import { eachMatch } from '../each-match.ts';
import type { Detector, Finding, Passage } from '../finding.ts';
import { EUROPE } from './europe.ts';
import type { IdRule } from './id-rule.ts';
import type { Traits } from '../traits.ts';
import { WORLD } from './world.ts';
import { speaksOf } from '../topics.ts';

export const ID_RULES: readonly IdRule[] = [...EUROPE, ...WORLD];

/** Shapes of fixed length behind a look at what stands before: a character is looked at a bounded number of times. */
export const findIds: Detector = (passage) => {
  const found: Finding[] = [];
  for (const rule of ID_RULES) if (hasEnough(passage.traits, rule.least)) search(rule, passage, found);
  return found;
};

const hasEnough = (has: Traits, { run = 0, chain = 0, word = 0 }: IdRule['least']): boolean =>
  has.run >= run && has.chain >= chain && has.word >= word;

function search(rule: IdRule, { text, near }: Passage, found: Finding[]): void {
  eachMatch(rule.shape, text, ({ 0: written, index }) => {
    const bare = written.replaceAll(/[-+. ]/g, '').toUpperCase();
    if (rule.check !== undefined && !rule.check(bare)) return;
    const end = index + written.length;
    if (written.includes(' ') && isInRow(text, index, end)) return;
    if (rule.topic !== undefined && !speaksOf(rule.topic, near, text, index, end)) return;
    found.push({ start: index, end, class: 'pii.national_id', rule: rule.id });
  });
}

/** One of a row of numbers that are set apart by spaces, which any three of its pieces could be. */
const isInRow = (text: string, start: number, end: number): boolean =>
  /[0-9] $/.test(text.slice(Math.max(0, start - 2), start)) || /^ [0-9]/.test(text.slice(end, end + 2));
