import type { Group } from './digit-runs.ts';

/**
 * How a number is broken up. `as printed`: in fours or eights, as American Express and Diners print theirs, or as a UUID of
 * them would be, by a sign that is used so. `in pieces`: by single spaces and hyphens anywhere, or by any one sign into pieces
 * of one length: lists of numbers are written so, too. `by chance`: else every date and time would be tried.
 */
export function brokenUp(groups: readonly Group[]): 'as printed' | 'in pieces' | 'by chance' {
  if (groups.length === 1) return 'as printed';
  const separators = new Set(groups.slice(1).map((group) => group.separator));
  const sizes = groups.map((group) => group.digits.length);
  const [sign = ''] = separators;
  const isOne = separators.size === 1;
  if (isOne && PRINTED.has(sign) && isOfCards(sizes)) return 'as printed';
  if ([...separators].every((separator) => separator === ' ' || separator === '-')) return 'in pieces';
  return isOne && (isEven(sizes) || isOfCards(sizes)) && !isList(sign, sizes) ? 'in pieces' : 'by chance';
}

const PRINTED = new Set([' ', '-', '.', '/', '+', ' - ']);

const isOfCards = (sizes: readonly number[]): boolean =>
  (isEven(sizes) && (sizes[0] === 4 || sizes[0] === 8)) || /^(?:4,6,[45]|8,4,4)$/.test(sizes.join());

/** Of one length; the last may be shorter. */
const isEven = (sizes: readonly number[]): boolean =>
  sizes.slice(0, -1).every((other) => other === sizes[0]) && (sizes.at(-1) ?? 0) <= (sizes[0] ?? 0);

/** `{3920,2586,9843,6867}`: nobody prints a card so. Digit by digit it is no usual list either. */
const isList = (sign: string, sizes: readonly number[]): boolean => sign === ',' && sizes[0] !== 1;
