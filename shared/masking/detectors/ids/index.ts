import { eachMatch } from '../each-match.ts';
import type { Detector, Finding } from '../finding.ts';
import { EUROPE } from './europe.ts';
import type { IdRule } from './id-rule.ts';
import { WORLD } from './world.ts';
import { speaksOf } from '../topics.ts';

export const ID_RULES: readonly IdRule[] = [...EUROPE, ...WORLD];

/** Shapes of fixed length behind a look at what stands before: a character is looked at a bounded number of times. */
export const findIds: Detector = (passage) => ID_RULES.flatMap((rule) => findOf(rule, passage.text, passage.near));

function findOf(rule: IdRule, text: string, near: string): Finding[] {
  const found: Finding[] = [];
  eachMatch(rule.shape, text, ({ 0: written, index }) => {
    const bare = written.replaceAll(/[-+. ]/g, '').toUpperCase();
    if (rule.check !== undefined && !rule.check(bare)) return;
    const end = index + written.length;
    if (rule.topic !== undefined && !speaksOf(rule.topic, near, text, index, end)) return;
    found.push({ start: index, end, class: 'pii.national_id', rule: rule.id });
  });
  return found;
}
