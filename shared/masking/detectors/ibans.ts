import { mod97 } from './checksums.ts';
import { eachMatch } from './each-match.ts';
import type { Detector, Finding } from './finding.ts';

/** Country and check digits, then what could follow (ISO 13616): unbroken, or in fours. Starts are looked at one by one. */
const START = /(?<![A-Za-z0-9])[A-Za-z]{2}[0-9]{2}(?=((?:[ .-]?[A-Za-z0-9]){11,36}))/g;
const LEAST = 15;
const MOST = 34;

/**
 * Accounts whose check digits hold (1 wrong one in 97 does) and that are broken up as they are printed. Lower case too;
 * then a word that only looks like one must hold digits enough to be an account.
 */
export const findIbans: Detector = ({ text }) => {
  const found: Finding[] = [];
  let told = 0;
  eachMatch(START, text, (start) => {
    if (start.index < told) return;
    const run = start[0] + (start[1] ?? '');
    const length = lengthOfIban(run, text[start.index + run.length]);
    if (length === undefined) return;
    told = start.index + length;
    found.push({ start: start.index, end: told, class: 'pii.iban', rule: 'iban' });
  });
  return found;
};

/** Length of the longest account that the run begins with. It ends with a word, or before a sign. */
function lengthOfIban(run: string, after: string | undefined): number | undefined {
  for (let end = run.length; end >= LEAST; end -= 1) {
    const next = end === run.length ? after : run[end];
    if (next !== undefined && /[A-Za-z0-9]/.test(next)) continue;
    if (isIban(run.slice(0, end))) return end;
  }
  return undefined;
}

function isIban(printed: string): boolean {
  const text = printed.replaceAll(/[ .-]/g, '').toUpperCase();
  if (text.length < LEAST || text.length > MOST || (text.match(/[0-9]/g) ?? []).length < 8) return false;
  return mod97(text.slice(4) + text.slice(0, 4)) === 1;
}
