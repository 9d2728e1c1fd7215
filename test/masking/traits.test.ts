import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ID_RULES } from '../../shared/masking/detectors/ids/index.ts';
import { createScanner } from '../../shared/masking/detectors/index.ts';
import { SECRET_RULES } from '../../shared/masking/detectors/secrets.ts';
import { traitsOf } from '../../shared/masking/detectors/traits.ts';

const scanner = createScanner({ on: [], off: [] });

/** Texts of a shape: without what stands beside it, and with a repeated separator written out. */
const ofShape = ({ source }: RegExp): fc.Arbitrary<string> =>
  fc.stringMatching(
    new RegExp(
      `^${source
        .replaceAll(/\(\?<?![^()]*\)/g, '')
        .replace('([- ])', '-')
        .replaceAll('\\1', '-')}$`,
    ),
  );

describe('what a text must have before it is searched', () => {
  test.each(ID_RULES.map((rule) => [rule.id, rule] as const))(
    'is had by every text of the shape of %s',
    (_id, rule) => {
      fc.assert(
        fc.property(ofShape(rule.shape), (text) => {
          const has = traitsOf(text);
          expect(has.run).toBeGreaterThanOrEqual(rule.least.run ?? 0);
          expect(has.chain).toBeGreaterThanOrEqual(rule.least.chain ?? 0);
          expect(has.word).toBeGreaterThanOrEqual(rule.least.word ?? 0);
        }),
        { numRuns: 50 },
      );
    },
  );

  test.each(SECRET_RULES.filter(({ word }) => word !== undefined).map((rule) => [rule.id, rule] as const))(
    'is had by every text of the pattern of %s',
    (_id, rule) => {
      fc.assert(
        fc.property(fc.stringMatching(new RegExp(`^(?:${rule.pattern})$`)), (text) => {
          expect(traitsOf(text).word).toBeGreaterThanOrEqual(rule.word ?? 0);
        }),
        { numRuns: 50 },
      );
    },
  );

  test('is counted over gaps as the rules break numbers up', () => {
    expect(traitsOf('12 34-56--78---9')).toMatchObject({ run: 2, chain: 6, loose: 9 });
    expect(traitsOf('ab_12/x y')).toMatchObject({ word: 7, base64: 7, letter: true, escape: false, at: false });
    expect(traitsOf('a:b|c@d')).toMatchObject({ word: 1, key: 7, at: true, sign: true, colon: true });
    for (const text of ['%41', '&amp;', '\\u0041', 'é', '\0']) expect(traitsOf(text).escape, text).toBe(true);
  });
});

describe('a UUID', () => {
  const random = '51121117-8112-4987-a111-446655440009';
  test('is no number of anything, by the bits of its version and variant', () => {
    expect(scanner.value(random, 'id').value).toBe(random);
  });
  test('is a secret under a name that says so', () => {
    expect(scanner.value(random, 'heroku_api_key').value).toBe('[masked:secret.token]');
  });
  test('has no version and variant where digits of a card were put into its form', () => {
    const made = '41111111-1111-1111-0000-abcdefabcdef';
    expect(scanner.value(made, 'id').value).not.toBe(made);
  });
});
