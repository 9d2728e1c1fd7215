/**
 * Numbers with a check digit: the digit keeps order numbers from being called cards. What stands beside a number in
 * free text (an expiry date, a currency, a year) must not hide it, so the longest part that checks is what is masked.
 */

/** Digits in groups, one space or hyphen between two; not the decimals of a fraction. */
const DIGIT_RUN = /(?<![0-9])(?<![0-9]\.)[0-9]+(?:[ -][0-9]+)*/g;

/** Digits of a payment card (ISO/IEC 7812-1). */
const CARD_DIGITS = { least: 13, most: 19 };

export function maskCards(text: string, mask: () => string): string {
  return text.replace(DIGIT_RUN, (run) => maskGroups(run, mask));
}

/** Looks at every span of whole groups that has the length of a card: at most 19 spans a group, whatever the run. */
function maskGroups(run: string, mask: () => string): string {
  const groups = [...run.matchAll(/[0-9]+/g)].map((found) => ({ digits: found[0], at: found.index }));
  let masked = '';
  let told = 0;
  for (let first = 0; first < groups.length; first += 1) {
    const last = lastOfCard(groups, first);
    const begins = groups[first];
    const ends = last === undefined ? undefined : groups[last];
    if (last === undefined || begins === undefined || ends === undefined) continue;
    masked += run.slice(told, begins.at) + mask();
    told = ends.at + ends.digits.length;
    first = last;
  }
  return masked + run.slice(told);
}

/** The last group of the longest card that begins with group `first`. */
function lastOfCard(groups: readonly { digits: string }[], first: number): number | undefined {
  let digits = '';
  let found: number | undefined;
  for (let last = first; last < groups.length; last += 1) {
    digits += groups[last]?.digits ?? '';
    if (digits.length > CARD_DIGITS.most) break;
    if (digits.length >= CARD_DIGITS.least && isCard(digits)) found = last;
  }
  return found;
}

/** Luhn check (ISO/IEC 7812-1 annex B) over digits that begin as payment cards do. */
function isCard(digits: string): boolean {
  if (!/^[2-6]/.test(digits)) return false;
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** Country and check digits, then up to 30 more characters (ISO 13616), printed in fours or unbroken. */
const IBAN_START = /(?<![A-Z0-9])[A-Z]{2}[0-9]{2}(?=((?: ?[A-Z0-9]){11,30}))/g;

/** Starts are looked at one by one, since a word that only looks like one may stand right before the real one. */
export function maskIbans(text: string, mask: () => string): string {
  let masked = '';
  let told = 0;
  for (const start of text.matchAll(IBAN_START)) {
    if (start.index < told) continue;
    const run = start[0] + (start[1] ?? '');
    const end = endOfIban(run, text[start.index + run.length]);
    if (end === undefined) continue;
    masked += text.slice(told, start.index) + mask();
    told = start.index + end;
  }
  return masked + text.slice(told);
}

/** Where the longest IBAN that the run begins with ends. It ends with a word, or before a space. */
function endOfIban(run: string, after: string | undefined): number | undefined {
  for (let end = run.length; end >= 15; end -= 1) {
    const next = end === run.length ? after : run[end];
    if (next !== undefined && /[A-Za-z0-9]/.test(next)) continue;
    if (isIban(run.slice(0, end).replaceAll(' ', ''))) return end;
  }
  return undefined;
}

/** Check digits of an IBAN: rearranged and read as a number it is 1 modulo 97. */
function isIban(text: string): boolean {
  if (text.length < 15 || text.length > 34) return false;
  let remainder = 0;
  for (const character of text.slice(4) + text.slice(0, 4)) {
    for (const digit of String(Number.parseInt(character, 36))) remainder = (remainder * 10 + Number(digit)) % 97;
  }
  return remainder === 1;
}
