import { describe, expect, test } from 'vitest';
import { lookAlikes, secretsAndPeople } from '../bench/mask/detectors/generated/measure.ts';

/** Numbers that check digits alone tell from others: one in ten of the wrong ones checks, so some are masked. */
const BY_CHANCE: ReadonlyMap<string, number> = new Map([
  ['number of 13 digits', 0.03],
  ['number of 18 digits', 0.02],
  ['number of a parcel', 0.06],
  ['reference of a payment', 0.02],
  ['number of a trader', 0.02],
]);
/** Of other forms: one in a hundred. */
const RARE = 0.01;
const EACH = 100;

/** Another seed with every run: what is said here is said of the forms, not of some values. */
const seed = Math.floor(Math.random() * 1_000_000);

describe(`made from seed ${String(seed)}`, () => {
  test('secrets in the forms of their vendors and numbers of people are masked whole, wherever they stand', () => {
    const all = secretsAndPeople(seed, EACH);
    // A text of random letters has no digit now and then, and is a word to us.
    expect(all.filter(({ wrong }) => wrong > 3 * RARE * EACH)).toEqual([]);
    expect(all.reduce((sum, { wrong }) => sum + wrong, 0)).toBeLessThan(0.001 * EACH * all.length);
  });

  test('what looks like them is left alone', () => {
    const all = lookAlikes(seed, EACH);
    // Chance has its spread: no form goes over three times its share, and all of them together not over half a percent.
    const over = all.filter(({ what, wrong }) => wrong > 3 * (BY_CHANCE.get(what) ?? RARE) * EACH);
    expect(over).toEqual([]);
    expect(all.reduce((sum, { wrong }) => sum + wrong, 0)).toBeLessThan(0.005 * EACH * all.length);
  });
});
