import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DETECTORS, replaceDetected, type DetectorName } from '../../shared/masking/detectors.ts';

const ALL = Object.keys(DETECTORS) as DetectorName[];
const masked = (text: string, names: readonly DetectorName[] = ALL) =>
  replaceDetected(text, names, (name) => `[${name}]`).text;

const KEY = ['MIIEvQIBADANBg', 'kqhkiG9w0BAQEF', 'AASCBKcwggSjAgEA'];
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';
const card = '4111111111111111';

describe('value detectors find', () => {
  test.each<[string, string, string]>([
    ['an address', 'ada@example.com', '[pii.email]'],
    ['an address in a sentence', 'mail <ada.l+x@mail.example.co.uk>, now', 'mail <[pii.email]>, now'],
    ['addresses side by side', 'a@x.io,b@y.io;c@z.io', '[pii.email],[pii.email];[pii.email]'],
    ['an address of another script', 'müller@exämple.de', '[pii.email]'],
    ['a long local part, whole', `${'a'.repeat(200)}@example.com`, '[pii.email]'],

    ['a card', card, '[pci.card]'],
    ['a card in fours', '4111 1111 1111 1111', '[pci.card]'],
    ['a card with hyphens', '4111-1111-1111-1111', '[pci.card]'],
    ['a card of 15 digits', '3782 822463 10005', '[pci.card]'],
    ['a card beside its expiry date', `${card} 12/27`, '[pci.card] 12/27'],
    ['a card beside its check number', `${card} 123`, '[pci.card] 123'],
    ['a card in fours beside its expiry date', '5500 0000 0000 0004 12-27', '[pci.card] 12-27'],
    ['a card after another number', `7 ${card}`, '7 [pci.card]'],
    ['two cards', `${card} 5500000000000004`, '[pci.card] [pci.card]'],
    ['a card joined to a word', `visa_${card}x`, 'visa_[pci.card]x'],

    ['an IBAN', 'DE89370400440532013000', '[pii.iban]'],
    ['an IBAN in fours', 'GB82 WEST 1234 5698 7654 32', '[pii.iban]'],
    ['an IBAN before a year', 'ES91 2100 0418 4502 0005 1332 2024', '[pii.iban] 2024'],
    ['an IBAN before a word', 'DE89 3704 0044 0532 0130 00 PAID LATE', '[pii.iban] PAID LATE'],
    ['an IBAN after what looks like one', 'AB12 DE89370400440532013000', 'AB12 [pii.iban]'],
    ['an IBAN in a sentence', 'to NL91ABNA0417164300.', 'to [pii.iban].'],

    ['a token', JWT, '[secret.jwt]'],
    ['a token in a header', `Authorization: Bearer ${JWT}`, 'Authorization: Bearer [secret.jwt]'],
    ['a token behind a name', `session-${JWT}`, '[secret.jwt]'],
    ['a token without a signature', `${JWT.split('.').slice(0, 2).join('.')}.`, '[secret.jwt]'],
    ['a token of 40 KB', `eyJhbGciOiJIUzI1NiJ9.${'eyJ4'.repeat(10_000)}.c2ln`, '[secret.jwt]'],

    ['an access key', 'id=AKIAIOSFODNN7EXAMPLE;', 'id=[secret.aws_key];'],
    ['a key', `-----BEGIN PRIVATE KEY-----\n${KEY.join('\n')}\n-----END PRIVATE KEY-----`, '[secret.private_key]'],
    [
      'a key inside JSON',
      `{"k":"-----BEGIN PRIVATE KEY-----\\n${KEY.join('\\n')}\\n-----END PRIVATE KEY-----\\n"}`,
      '{"k":"[secret.private_key]\\n"}',
    ],
    [
      'a key with headers',
      `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n${KEY.join('\n')}\n-----END RSA PRIVATE KEY-----`,
      '[secret.private_key]',
    ],
    ['a key that was cut off', `x -----BEGIN OPENSSH PRIVATE KEY-----\n${KEY.join('\n')}`, 'x [secret.private_key]'],
    [
      'two keys',
      '-----BEGIN PRIVATE KEY-----a-----END PRIVATE KEY----- and -----BEGIN EC PRIVATE KEY-----b-----END EC PRIVATE KEY-----',
      '[secret.private_key] and [secret.private_key]',
    ],
    [
      'a PGP key',
      '-----BEGIN PGP PRIVATE KEY BLOCK-----\nx\n-----END PGP PRIVATE KEY BLOCK-----',
      '[secret.private_key]',
    ],
  ])('%s', (_what, text, expected) => {
    expect(masked(text)).toBe(expected);
  });
});

describe('value detectors leave alone', () => {
  test.each([
    'hello world',
    'a@b',
    '@example.com',
    'user@localhost',
    '4111111111111112',
    '1234567890123',
    '0000000000000000',
    '9111111111111111',
    '0.4111111111111111',
    '41111111111111111111111111',
    '2026-11-21 10:00:00.123456',
    '550e8400-e29b-41d4-a716-446655440000',
    'DE00370400440532013000',
    'GB82',
    'AB12 CDEF GHIJ KLMN OPQR',
    'eyJ.eyJ.x',
    'www.eyjafjallajokull.example.com',
    'AKIA',
    'XAKIAIOSFODNN7EXAMPLEX',
    '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----',
    '-----BEGIN CERTIFICATE-----',
    '+49 30 1234567',
  ])('%s', (text) => {
    expect(masked(text)).toBe(text);
  });
});

const digitsWithCheck = fc
  .tuple(fc.integer({ min: 2, max: 6 }), fc.array(fc.nat(9), { minLength: 11, maxLength: 17 }))
  .map(([first, rest]) => {
    const body = [first, ...rest];
    const sum = body
      .toReversed()
      .reduce(
        (total, digit, index) => total + (index % 2 === 0 ? (digit * 2 > 9 ? digit * 2 - 9 : digit * 2) : digit),
        0,
      );
    return [...body, (10 - (sum % 10)) % 10].join('');
  });

test('every number that checks is found, whatever words stand around it', () => {
  const left = fc.constantFrom('', ' ', 'card ', ': ', '7 ', '12-', '\n', 'x');
  const right = fc.constantFrom('', ' ', ' 12', ' 12/27', '-123', '/', '\n', ' USD', 'x');
  fc.assert(
    fc.property(digitsWithCheck, left, right, (digits, before, after) => {
      expect(masked(`${before}${digits}${after}`, ['card'])).not.toContain(digits);
    }),
    { numRuns: 1_000 },
  );
});

test('what is not named is not looked for', () => {
  expect(masked(`a@x.io ${card}`, ['card'])).toBe('a@x.io [pci.card]');
  expect(masked(`a@x.io ${card}`, [])).toBe(`a@x.io ${card}`);
});

describe('hostile text of 1 MiB is read to its end', () => {
  const fill = (piece: string) => piece.repeat(Math.ceil(2 ** 20 / piece.length));
  // Quadratic work on any of these would be 10^12 steps: the test would not end before the runner gives up.
  test.each([
    'a',
    '1',
    '1 ',
    '1-',
    'a@',
    '@',
    'a@a.',
    'a.',
    'eyJ',
    'eyJ-',
    'eyJaaaaaaaa.',
    'eyJaaaaaaaa.a.',
    '-eyJ',
    'AB12',
    'AB12 ',
    'AB12 CDEF ',
    'AKIA',
    '-----BEGIN ',
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN A PRIVATE KEY-----\n-----END ',
    '\u0000',
    '😀',
    ' ',
    '4111 ',
  ])('%j', (piece) => {
    const text = fill(piece);
    expect(masked(text).length).toBeLessThanOrEqual(text.length * 4);
  });
});
