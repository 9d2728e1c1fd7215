import { luhn } from './checksums.ts';
import { runsOf, type Group } from './digit-runs.ts';
import type { Detector, Finding } from './finding.ts';
import { speaksOf } from './topics.ts';

/** ISO/IEC 7812-1: Maestro has 12 digits at least, nothing has more than 19. */
const LEAST = 12;
const MOST = 19;

/** First digits of the schemes, and the lengths that they issue. */
const SCHEMES: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^4/, [13, 16]],
  [/^5[1-5]|^2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)/, [16]],
  [/^3[47]/, [15]],
  [/^3(?:0[0-5]|095|[689])/, [14, 15, 16, 17, 18, 19]],
  [/^(?:6011|64[4-9]|65|62)/, [16, 17, 18, 19]],
  [/^35(?:2[89]|[3-8])/, [16, 17, 18, 19]],
  [/^(?:1800|2131)/, [15]],
  [/^220[0-4]/, [16, 17, 18, 19]],
  [/^(?:5018|5020|5038|506|5[678]|6304|6390|67|60|81|82|508|9792)/, [16]],
];

/**
 * Cards by scheme, length and check digit; beside a word that speaks of cards, any number that checks. Looks at every
 * span of whole groups that can be one: at most 19 a group, whatever the run.
 */
export const findCards: Detector = ({ text, near }) => {
  const found: Finding[] = [];
  for (const run of runsOf(text, LEAST)) {
    for (let first = 0; first < run.length; first += 1) {
      const last = lastOfCard(run, first, text, near);
      const [begins, ends] = [run[first], run[last ?? -1]];
      if (last === undefined || begins === undefined || ends === undefined) continue;
      found.push({ start: begins.start, end: ends.end, class: 'pci.card', rule: 'card' });
      first = last;
    }
  }
  return /[eE]/.test(text) ? [...found, ...findMantissas(text)] : found;
};

/** The last group of the longest card that begins with group `first`. */
function lastOfCard(run: readonly Group[], first: number, text: string, near: string): number | undefined {
  let digits = '';
  let found: number | undefined;
  for (let last = first; last < run.length && digits.length <= MOST; last += 1) {
    digits += run[last]?.digits ?? '';
    if (digits.length < LEAST || digits.length > MOST || isFraction(run, first, last)) continue;
    if (!luhn(digits)) continue;
    const groups = run.slice(first, last + 1);
    if (broken(groups) && isCard(digits, groups, text, near)) found = last;
  }
  return found;
}

function isCard(digits: string, groups: readonly Group[], text: string, near: string): boolean {
  const [start, end] = [groups[0]?.start ?? 0, groups.at(-1)?.end ?? 0];
  return ofScheme(digits) || (isTold(digits) && speaksOf('card', near, text, start, end));
}

const ofScheme = (digits: string): boolean =>
  SCHEMES.some(([begins, lengths]) => begins.test(digits) && lengths.includes(digits.length));

/** Not 0000…: zeros check too. */
const isTold = (digits: string): boolean => /[1-9]/.test(digits);

/** Decimals of a fraction: `0.4111…` is a measure. */
const isFraction = (run: readonly Group[], first: number, last: number): boolean =>
  first === last && run[first]?.separator === '.' && (run[first - 1]?.digits.length ?? 9) <= 3;

/**
 * Groups as a card is broken up: by single spaces and hyphens; or by any one sign throughout, into pieces of one length
 * (the last may be shorter) or those of American Express and Diners. Else every date and time would be tried.
 */
function broken(groups: readonly Group[]): boolean {
  const [, ...rest] = groups;
  const separators = new Set(rest.map((group) => group.separator));
  if ([...separators].every((separator) => separator === ' ' || separator === '-')) return true;
  if (separators.size > 1) return false;
  const sizes = groups.map((group) => group.digits.length);
  if (/^4,6,[45]$/.test(sizes.join())) return true;
  const [size = 0] = sizes;
  return sizes.slice(0, -1).every((other) => other === size) && (sizes.at(-1) ?? 0) <= size;
}

/** `4.111111111111111e+15`: what a float prints of a card. */
const MANTISSA = /(?<![0-9.])([1-9])\.([0-9]{11,18})[eE]\+?(1[1-8])(?![0-9])/g;

function findMantissas(text: string): Finding[] {
  const found: Finding[] = [];
  for (const { 0: whole, 1: lead = '', 2: decimals = '', 3: exponent, index } of text.matchAll(MANTISSA)) {
    const digits = (lead + decimals).padEnd(Number(exponent) + 1, '0');
    if (digits.length === Number(exponent) + 1 && luhn(digits) && ofScheme(digits))
      found.push({ start: index, end: index + whole.length, class: 'pci.card', rule: 'card' });
  }
  return found;
}
