import type { Random } from '../../../guard/names.ts';

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();
const DIGITS = '0123456789';
const ALPHABETS: Readonly<Record<string, string>> = {
  d: DIGITS,
  hex: '0123456789abcdef',
  HEX: '0123456789ABCDEF',
  an: LOWER + UPPER + DIGITS,
  al: LOWER + UPPER,
  az: LOWER,
  lo: LOWER + DIGITS,
  up: UPPER + DIGITS,
  url: `${LOWER}${UPPER}${DIGITS}-_`,
  b64: `${LOWER}${UPPER}${DIGITS}+/`,
  b32: `${UPPER}234567`,
  age: 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L',
  l32: `${LOWER}234567`,
};

const UUID = '{8:hex}-{4:hex}-4{3:hex}-{1:variant}{3:hex}-{12:hex}';

/** `ghp_{36:an}`: so many characters of an alphabet, each as likely as another; `{3-5:d}` between as many; `{uuid}`, random. */
export const filled = (template: string, random: Random): string =>
  template
    .replaceAll('{uuid}', UUID)
    .replaceAll(/\{(\d+)(?:-(\d+))?:(\w+)\}/g, (_whole, least: string, most: string | undefined, alphabet: string) => {
      const from = alphabet === 'variant' ? '89ab' : (ALPHABETS[alphabet] ?? '?');
      const length = Number(least) + Math.floor(random() * (Number(most ?? least) - Number(least) + 1));
      return Array.from({ length }, () => from[Math.floor(random() * from.length)]).join('');
    });

/** The digit that makes a number check (ISO/IEC 7812-1, annex B); found by trying, not by the product's code. */
export function withLuhn(digits: string): string {
  let sum = 0;
  for (const [index, digit] of Array.from(digits).toReversed().entries()) {
    const value = Number(digit) * (index % 2 === 0 ? 2 : 1);
    sum += Math.floor(value / 10) + (value % 10);
  }
  return digits + String((10 - (sum % 10)) % 10);
}

/** EAN and ISBN of 13 digits, from 12. */
export function withEan(digits: string): string {
  const sum = Array.from(digits).reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3), 0);
  return digits + String((10 - (sum % 10)) % 10);
}

/** An account of a country (ISO 13616): `GB` and `WEST12345698765432` are `GB82WEST12345698765432`. */
export function withIbanCheck(country: string, account: string): string {
  const digits = Array.from(`${account}${country}00`, (one) => String(Number.parseInt(one, 36))).join('');
  return `${country}${String(98n - (BigInt(digits) % 97n)).padStart(2, '0')}${account}`;
}
