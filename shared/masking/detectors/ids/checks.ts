import { isDay, luhn, mod1110, weighted } from '../checksums.ts';

const num = (text: string, from: number, to: number): number => Number(text.slice(from, to));
const sameDigits = (bare: string): boolean => /^(.)\1+$/.test(bare);
const CF_ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/** Position of a letter or digit: A and 0 are 0. */
const place = (character: string): number =>
  /[0-9]/.test(character) ? Number(character) : character.charCodeAt(0) - 65;

export function codiceFiscale(bare: string): boolean {
  let sum = 0;
  for (let index = 0; index < 15; index += 1) {
    const value = place(bare[index] ?? '');
    sum += index % 2 === 0 ? (CF_ODD[value] ?? 0) : value;
  }
  return sum % 26 === place(bare[15] ?? '');
}

export function cpf(bare: string): boolean {
  const check = (length: number): number => {
    const rest =
      (weighted(
        bare,
        Array.from({ length }, (_, index) => length + 1 - index),
      ) *
        10) %
      11;
    return rest === 10 ? 0 : rest;
  };
  return !sameDigits(bare) && check(9) === Number(bare[9]) && check(10) === Number(bare[10]);
}

/** Two check digits modulo 11 (Norway). */
export const norwegian = (bare: string): boolean =>
  isDay(num(bare, 2, 4) % 40, num(bare, 0, 2) % 40) &&
  weighted(bare, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 === 0 &&
  weighted(bare, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;

export const belgian = (bare: string): boolean => {
  const [rest, check] = [bare.slice(0, 9), num(bare, 9, 11)];
  return (
    isDay(num(bare, 2, 4) % 20, num(bare, 4, 6)) &&
    (97 - (Number(rest) % 97) === check || 97 - (Number(`2${rest}`) % 97) === check)
  );
};

/** One digit two or three times, as the rule of the German tax office for the first ten says (since 2016). */
export const steuerId = (bare: string): boolean => {
  const counts = Array.from({ length: 10 }, (_, digit) => bare.slice(0, 10).split(String(digit)).length - 1).filter(
    (count) => count > 1,
  );
  return counts.length === 1 && (counts[0] ?? 9) <= 3 && mod1110(bare);
};

export const frenchKey = (bare: string): boolean => 97 - Number(BigInt(bare.slice(0, 13)) % 97n) === num(bare, 13, 15);

/** ISO 7064, MOD 11-2 (China). */
export const chinese = (bare: string): boolean =>
  isDay(num(bare, 10, 12), num(bare, 12, 14)) &&
  '10X98765432'[weighted(bare, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11] === bare[17];

export const spanish = (bare: string): boolean =>
  'TRWAGMYFPDXBNJZSQVHLCKE'[
    Number(bare.slice(0, -1).replace(/^[XYZ]/, (first) => String('XYZ'.indexOf(first)))) % 23
  ] === bare.at(-1);

export const finnish = (bare: string): boolean =>
  isDay(num(bare, 2, 4), num(bare, 0, 2)) &&
  '0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(bare.slice(0, 6) + bare.slice(-4, -1)) % 31] === bare.at(-1);

export const pesel = (bare: string): boolean =>
  isDay(num(bare, 2, 4) % 20, num(bare, 4, 6)) && weighted(bare, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0;

export const bsn = (bare: string): boolean =>
  !sameDigits(bare) && weighted(bare, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0;

export const swedish = (bare: string): boolean => {
  const ten = bare.slice(-10);
  return isDay(num(ten, 2, 4), num(ten, 4, 6) % 60) && luhn(ten);
};

export const singapore = (bare: string): boolean => {
  const sum = weighted(bare.slice(1), [2, 7, 6, 5, 4, 3, 2]) + (/^[TG]/.test(bare) ? 4 : 0);
  return (/^[ST]/.test(bare) ? 'JZIHGFEDCBA' : 'XWUTRQPNMLK')[sum % 11] === bare[8];
};

export const ahv = (bare: string): boolean =>
  (10 - (weighted(bare, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) % 10)) % 10 === Number(bare[12]);

export const ssn = (bare: string): boolean =>
  !/^(?:000|666)|^...00|0000$/.test(bare) && !sameDigits(bare) && bare !== '123456789';

/** Is the digit pair at `month` a month and that at `day` one of its days? Some add 20 or 40 to the month, or to the day. */
export const isDated = (bare: string, month: number, day: number): boolean =>
  isDay(num(bare, month, month + 2), num(bare, day, day + 2));
