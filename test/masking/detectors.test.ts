import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createScanner } from '../../shared/masking/detectors/index.ts';
import { ID_RULES } from '../../shared/masking/detectors/ids/index.ts';
import { SECRET_RULES } from '../../shared/masking/detectors/secrets.ts';
import { DETECTED_CLASSES, type DetectedClass } from '../../shared/contracts/config/detected-classes.ts';

const usual = createScanner({ on: [], off: [] });
const masked = (text: string, ...names: string[]) => usual.text(text, ...names).value;
const only = (...classes: DetectedClass[]) =>
  createScanner({ on: classes, off: DETECTED_CLASSES.filter((name) => !classes.includes(name)) });

const KEY = ['MIIEvQIBADANBg', 'kqhkiG9w0BAQEF', 'AASCBKcwggSjAgEA'];
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';
const card = '4111111111111111';
/** A word that speaks of the topic, where it is not the topic's own name. */
const WORDS: Readonly<Record<string, string>> = { none: 'x', personal: 'national id' };
const real = (example: string) => example.replace('·', '');

describe('value detectors find', () => {
  test.each<[string, string, string]>([
    ['an address', 'ada@example.com', '[pii.email]'],
    ['an address in a sentence', 'mail <ada.l+x@mail.example.co.uk>, now', 'mail <[pii.email]>, now'],
    ['addresses side by side', 'a@x.io,b@y.io;c@z.io', '[pii.email],[pii.email];[pii.email]'],
    ['an address of another script', 'müller@exämple.de', '[pii.email]'],
    ['an address with a quoted name', '"ada lovelace"@example.com', '[pii.email]'],
    ['a long local part, whole', `${'a'.repeat(200)}@example.com`, '[pii.email]'],

    ['a card', card, '[pci.card]'],
    ['a card in fours', '4111 1111 1111 1111', '[pci.card]'],
    ['a card with hyphens', '4111-1111-1111-1111', '[pci.card]'],
    ['a card with dots', '4111.1111.1111.1111', '[pci.card]'],
    ['a card with slashes', '4111/1111/1111/1111', '[pci.card]'],
    ['a card over lines', '4111\n1111\n1111\n1111', '[pci.card]'],
    ['a card with wide gaps', '4111 - 1111 - 1111 - 1111', '[pci.card]'],
    ['a card digit by digit', card.split('').join(' '), '[pci.card]'],
    ['a card digit by digit, with commas', card.split('').join(','), '[pci.card]'],
    ['a card of 15 digits', '3782 822463 10005', '[pci.card]'],
    ['a card of 12 digits where cards are spoken of', 'card number 630427373398', 'card number [pci.card]'],
    ['a card beside its expiry date', `${card} 12/27`, '[pci.card] 12/27'],
    ['a card beside its check number', `${card} 123`, '[pci.card] 123'],
    ['a card in fours beside its expiry date', '5500 0000 0000 0004 12-27', '[pci.card] 12-27'],
    ['a card after another number', `7 ${card}`, '7 [pci.card]'],
    ['two cards', `${card} 5500000000000004`, '[pci.card] [pci.card]'],
    ['a card joined to a word', `visa_${card}x`, 'visa_[pci.card]x'],
    ['a card as a float', '4.111111111111111e+15', '[pci.card]'],
    ['a card with decimals', `${card}.00`, '[pci.card].00'],

    ['an IBAN', 'DE89370400440532013000', '[pii.iban]'],
    ['an IBAN in fours', 'GB82 WEST 1234 5698 7654 32', '[pii.iban]'],
    ['an IBAN in lower case', 'gb82west12345698765432', '[pii.iban]'],
    ['an IBAN before a year', 'ES91 2100 0418 4502 0005 1332 2024', '[pii.iban] 2024'],
    ['an IBAN before a word', 'DE89 3704 0044 0532 0130 00 PAID LATE', '[pii.iban] PAID LATE'],
    ['an IBAN after what looks like one', 'AB12 DE89370400440532013000', 'AB12 [pii.iban]'],
    ['an IBAN in a sentence', 'to NL91ABNA0417164300.', 'to [pii.iban].'],

    ['a number with its country', '+49 30 1234567', '[pii.phone]'],
    ['a number with its country, unbroken', 'tel:+442079460958', 'tel:[pii.phone]'],
    ['a number with a trunk zero', '+41 (0)96 471 07 95', '[pii.phone]'],
    ['a number of North America', '(415) 555-2671', '[pii.phone]'],
    ['a number with its extension', '415-555-2671 x12', '[pii.phone]'],
    ['a national number after a word', 'call me at 0490 75 40 81', 'call me at [pii.phone]'],
    ['two numbers', '+49 30 1234567 / +49 30 1234568', '[pii.phone] / [pii.phone]'],

    ['a token', JWT, '[secret.jwt]'],
    ['a token in a header', `X-Token: Bearer ${JWT}`, 'X-Token: Bearer [secret.jwt]'],
    ['a token behind a name', `session-${JWT}`, '[secret.jwt]'],
    ['a token of 40 KB', `eyJhbGciOiJIUzI1NiJ9.${'eyJ4'.repeat(10_000)}.c2ln`, '[secret.jwt]'],
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

    ['a password in an address', 'postgres://app:hunter2@db/x', 'postgres://app:[secret.password]@db/x'],
    ['a password of a setting', 'DB_PASSWORD=hunter2;', 'DB_PASSWORD=[secret.password];'],
    ['a password of JSON', '{"password":"correct horse"}', '{"password":"[secret.password]"}'],
    ['a password of XML', '<password>hunter2</password>', '<password>[secret.password]</password>'],
    [
      'a password of an attribute',
      '<add key="dbPassword" value="hunter 2"/>',
      '<add key="dbPassword" value="[secret.password]"/>',
    ],
    ['a password of YAML', 'password: s3cr3t\nuser: app', 'password: [secret.password]\nuser: app'],
    ['a password of a block', 'password: |\n  correct-horse\n', 'password: |\n  [secret.password]\n'],
    [
      'a password in a list',
      '- name: DB_PASSWORD\n  value: correct-horse\n',
      '- name: DB_PASSWORD\n  value: [secret.password]\n',
    ],
    ['a password in Portuguese', 'senha=correct-horse', 'senha=[secret.password]'],
    ['a password in Chinese', '密码：correct-horse', '密码：[secret.password]'],
    [
      'what looks random under a telling name',
      'api_key = "Zf3D0LXCM3EIMbgJpUNnkRtOfOueHznB"',
      'api_key = "[secret.generic]"',
    ],
    [
      'an id under the name of a service',
      'heroku_api_key = "832d2129-a846-4e27-99f4-7004b6ad53ef"',
      'heroku_api_key = "[secret.token]"',
    ],
  ])('%s', (_what, text, expected) => {
    expect(masked(text).replaceAll('[masked:', '[')).toBe(expected);
  });

  test.each(SECRET_RULES.flatMap((rule) => rule.finds.map((example) => [rule.id, example] as const)))(
    '%s: %s',
    (id, example) => {
      const text = real(example);
      for (const around of [text, `x ${text} y`, `"${text}"`, `k=${text}\n`])
        expect(
          usual.text(around).found.map(({ rule }) => rule),
          around,
        ).toContain(id);
    },
  );

  test.each(ID_RULES.flatMap((rule) => rule.finds.map((example) => [rule, example] as const)))(
    '$id: %s',
    (rule, example) => {
      const word = WORDS[rule.topic ?? 'none'] ?? rule.topic;
      const findings = usual.text(`${word} ${example}`).found.map((found) => found.rule);
      expect(findings).toContain(rule.id);
      expect(masked(`${word} ${example}`)).not.toContain(example);
    },
  );
});

describe('value detectors leave alone', () => {
  test.each([
    'hello world',
    'a@b',
    '@example.com',
    'user@localhost',
    'lodash@4.17.21',
    '4111111111111112',
    '1234567890123',
    '0000000000000000',
    '9111111111111111',
    '0.4111111111111111',
    '41111111111111111111111111',
    '2026-11-21 10:00:00.123456',
    '2026-11-21T10:00:00Z/2026-11-22T10:00:00Z',
    '550e8400-e29b-41d4-a716-446655440000',
    '192.168.100.101',
    '1732838400000',
    'DE00370400440532013000',
    'GB82',
    'AB12 CDEF GHIJ KLMN OPQR',
    '-----BEGIN CERTIFICATE-----',
    'orders-2026-11-29-000123',
    'arn:aws:rds:eu-west-1:123456789012:cluster:orders',
    'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'call 2026-11-21',
    'the desk costs 1234567.89',
    'password: required',
    'Please reset your password before you sign in.',
    'password = ${DB_PASSWORD}',
    'password: "********"',
    'token_count=4096',
    'primary_key: customers_id_seq',
    'idempotency_key=550e8400-e29b-41d4-a716-446655440000',
    '{"key":"value","author":"Ada"}',
    'https://example.com:8443/path?page=2',
    '[masked:pii.email]',
    'https://cdn.shop.example/logo@2x.png',
    "found in '@smithy.rules'",
    'arn:aws:sns:eu-west-1:123456789012:on-call',
    'password: z.string()',
    "password_encryption = 'scram-sha-256'",
  ])('%s', (text) => {
    expect(masked(text)).toBe(text);
  });

  test.each(SECRET_RULES.flatMap((rule) => (rule.leaves ?? []).map((example) => [rule.id, example] as const)))(
    '%s: %s',
    (id, example) => {
      expect(usual.text(real(example)).found.map(({ rule }) => rule)).not.toContain(id);
    },
  );

  test.each(ID_RULES.flatMap((rule) => rule.leaves.map((example) => [rule.id, example] as const)))(
    '%s: %s',
    (id, example) => {
      expect(usual.text(`x ${example}`).found.map(({ rule }) => rule)).not.toContain(id);
    },
  );
});

describe('names that stand over a value', () => {
  test.each<[string, string, string, string]>([
    ['a phone', 'home_phone', '5551234567', '[masked:pii.phone]'],
    ['a phone in camel case', 'homePhone', '451 5986', '[masked:pii.phone]'],
    ['a social security number', 'ssn', '460899847', '[masked:pii.national_id]'],
    ['a password', 'db_password', 'correct horse', '[masked:secret.password]'],
    ['a hash of one', 'password_hash', '$2b$12$KIXQJ0dQm8n1bP9h9cS3AeX', '[masked:secret.password]'],
    ['an API key', 'api_key', 'Zf3D0LXCM3EIMbgJpUNn', '[masked:secret.generic]'],
    ['an API key that is an id', 'api_key', '832d2129-a846-4e27-99f4-7004b6ad53ef', '[masked:secret.generic]'],
    ['a key of a store', 'azure_storage_key', 'Zf3D0LXCM3EIMbgJpUNn', '[masked:secret.generic]'],
    ['a short secret', 'client_secret', 'hunter2abc', '[masked:secret.generic]'],
    ['a password in Spanish', 'contraseña', 'correct horse', '[masked:secret.password]'],
    ['a password in Russian', 'пароль', 'correct horse', '[masked:secret.password]'],
    ['words to recover', 'seed_phrase', 'abandon ability able', '[masked:secret.password]'],
    ['the number on the back of a card', 'card_cvv', '123', '[masked:pci.card]'],
  ])('make %s of it', (_what, name, value, expected) => {
    expect(usual.value(value, name).value).toBe(expected);
    expect(usual.value({ [name]: value }).value).toEqual({ [name]: expected });
  });

  test('make one of a number, too', () => {
    expect(usual.value(123, 'cvc').value).toBe('[masked:pci.card]');
    expect(usual.value(123, 'password_length').value).toBe(123);
  });

  test('are heard each by itself: an alias takes nothing from the column that it stands for', () => {
    expect(usual.value('correct horse', 'db_password', 'changed_at').value).toBe('[masked:secret.password]');
  });

  test('never take a find away', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(usual.value(card, name).value).toBe('[masked:pci.card]');
      }),
    );
  });

  test('reach the value of a pair, as environments of containers and headers are written', () => {
    const env = [
      { name: 'DB_PASSWORD', value: 'correct horse' },
      { name: 'LOG_LEVEL', value: 'debug' },
    ];
    expect(usual.value(env).value).toEqual([{ name: 'DB_PASSWORD', value: '[masked:secret.password]' }, env[1]]);
  });
});

test('classes are switched on and off', () => {
  expect(only('pci.card').text(`a@x.io ${card}`).value).toBe('a@x.io [masked:pci.card]');
  expect(masked('from 203.0.114.7')).toBe('from 203.0.114.7');
  const withIps = createScanner({ on: ['pii.ip'], off: [] });
  expect(withIps.text('from 203.0.114.7, 10.0.0.1 and 2a00:1450:4001:81b::200e').value).toBe(
    'from [masked:pii.ip], 10.0.0.1 and [masked:pii.ip]',
  );
});
