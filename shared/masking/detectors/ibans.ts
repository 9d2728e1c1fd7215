import { mod97 } from './checksums.ts';
import { eachMatch } from './each-match.ts';
import type { Detector, Finding } from './finding.ts';
import { IBAN_LENGTHS } from './iban-lengths.ts';

/** Country and check digits, then what could follow (ISO 13616): unbroken, or in pieces. Starts are looked at one by one. */
const START = /(?<![A-Za-z0-9])([A-Za-z]{2})[\s.+-]?[0-9][\s.+-]?[0-9](?=((?:[\s.+-]?[A-Za-z0-9]){11,29}))/g;

/**
 * Accounts of a country's own length whose check digits hold (1 wrong one in 97 does) and that are broken up as they are
 * printed. Lower case too; then a word that only looks like one must hold digits enough to be an account.
 */
export const findIbans: Detector = ({ text }) => {
  const found: Finding[] = [];
  let told = 0;
  eachMatch(START, text, (start) => {
    const length = IBAN_LENGTHS.get((start[1] ?? '').toUpperCase());
    if (start.index < told || length === undefined) return;
    const printed = printedOf(start[0] + (start[2] ?? ''), length);
    const end = start.index + (printed?.length ?? 0);
    if (printed === undefined || /[A-Za-z0-9]/.test(text[end] ?? '') || !isIban(printed)) return;
    told = end;
    found.push({ start: start.index, end, class: 'pii.iban', rule: 'iban' });
  });
  return found;
};

/** As much of a run as has so many letters and digits. */
function printedOf(run: string, length: number): string | undefined {
  let left = length;
  for (let end = 0; end < run.length; end += 1) {
    if (/[A-Za-z0-9]/.test(run[end] ?? '') && (left -= 1) === 0) return run.slice(0, end + 1);
  }
  return undefined;
}

/** Malta's accounts, which have the fewest, have two for the check and five for the bank. */
const LEAST_DIGITS = 7;

function isIban(printed: string): boolean {
  const text = printed.replaceAll(/[\s.+-]/g, '').toUpperCase();
  if (!isBroken(printed) || (text.match(/[0-9]/g) ?? []).length < LEAST_DIGITS) return false;
  return mod97(text.slice(4) + text.slice(0, 4)) === 1;
}

/** As accounts are: by spaces in any way, by another sign in fours. A UUID is not. */
const isBroken = (printed: string): boolean =>
  !/[.+-]/.test(printed) ||
  /^[A-Za-z0-9]{4}(?:([.+-])[A-Za-z0-9]{4})(?:\1[A-Za-z0-9]{4})*(?:\1[A-Za-z0-9]{1,3})?$/.test(printed);
