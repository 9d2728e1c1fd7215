import { brokenUp } from './card-pieces.ts';
import { luhn, weighted } from './checksums.ts';
import { runsOf, type Group } from './digit-runs.ts';
import type { Detector, Finding, Passage } from './finding.ts';
import { speaksOf } from './topics.ts';

/** ISO/IEC 7812-1: Maestro has 12 digits at least, nothing has more than 19. */
const LEAST = 12;
const MOST = 19;

/**
 * First digits of the schemes, and the lengths that they issue; the longer ones that a standard allows count beside a word.
 * Of 13 digits are the oldest of Visa, and every code of a product.
 */
const SCHEMES: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^4/, [13, 16]],
  [/^5[1-5]|^2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)/, [16]],
  [/^3[47]/, [15]],
  [/^3(?:0[0-5]|095|[689])/, [14, 16]],
  [/^(?:6011|64[4-9]|65)/, [16]],
  [/^62/, [16, 17, 18, 19]],
  [/^35(?:2[89]|[3-8])/, [16]],
  [/^(?:1800|2131)/, [15]],
  [/^220[0-4]/, [16]],
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
    if (luhn(digits) && isCard(digits, run, run.slice(first, last + 1), { text, near })) found = last;
  }
  return found;
}

/** By itself where it is of a scheme, and printed as a card or all of its run; else where a word beside it speaks of cards. */
function isCard(
  digits: string,
  run: readonly Group[],
  groups: readonly Group[],
  { text, near }: Pick<Passage, 'text' | 'near'>,
): boolean {
  const pieces = brokenUp(groups);
  if (pieces === 'by chance') return false;
  const { start, end } = spanOf(groups);
  const alone = pieces === 'as printed' || (groups.length === run.length && !isJoined(text, start, end));
  if (alone && ofScheme(digits) && !isProduct(digits)) return groups.length > 1 || !isInHash(text, start, end);
  return isTold(digits) && speaksOf('card', near, text, start, end);
}

const spanOf = (groups: readonly Group[]): { start: number; end: number } => ({
  start: groups[0]?.start ?? 0,
  end: groups.at(-1)?.end ?? 0,
});

/** Pieces of a UUID or an ETag end in the middle of a word. */
const isJoined = (text: string, start: number, end: number): boolean =>
  /[0-9A-Za-z]/.test((text[start - 1] ?? '') + (text[end] ?? ''));

const ofScheme = (digits: string): boolean =>
  SCHEMES.some(([begins, lengths]) => begins.test(digits) && lengths.includes(digits.length));

/** EAN-13 (GS1 General Specifications, 7.9): those of Germany and Japan begin as the cards of Visa do. */
const isProduct = (digits: string): boolean =>
  digits.length === 13 && weighted(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0;

/** Digits of a hash in hex: 16 together in one of some hundred that are looked at. */
function isInHash(text: string, start: number, end: number): boolean {
  if (!/[0-9a-f]/i.test((text[start - 1] ?? '') + (text[end] ?? ''))) return false;
  const before = /[0-9a-f]{0,128}$/i.exec(text.slice(Math.max(0, start - 128), start))?.[0].length ?? 0;
  const after = /^[0-9a-f]{0,128}/i.exec(text.slice(end, end + 128))?.[0].length ?? 0;
  return HASHES.has(before + end - start + after);
}

/** Hex digits of MD5, SHA-1, SHA-2 and BLAKE. */
const HASHES = new Set([32, 40, 56, 64, 96, 128]);

/** Not 0000…: zeros check too. */
const isTold = (digits: string): boolean => /[1-9]/.test(digits);

/** Decimals of a fraction: `0.4111…` is a measure. A third number makes it no fraction. */
const isFraction = (run: readonly Group[], first: number, last: number): boolean =>
  first === 1 && last === 1 && run.length === 2 && run[1]?.separator === '.';

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
