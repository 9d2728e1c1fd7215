import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createScanner } from '../../shared/masking/detectors/index.ts';
import type { JsonValue } from '../../shared/platform/json-value.ts';

const scanner = createScanner({ on: [], off: [] });
const card = '4111111111111111';
const mail = 'ada@example.com';
const token = ['ghp_', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('');

const each = (text: string, change: (character: string) => string) => Array.from(text, change).join('');
const codes = (text: string, one: (code: number) => string) =>
  each(text, (character) => one(character.codePointAt(0) ?? 0));
const hex = (code: number, width = 2) => code.toString(16).padStart(width, '0');

const FILLER = 'lorem ipsum dolor sit amet, '.repeat(3);
/** No text, in any alphabet. */
const BYTES = Buffer.from([0x0a, 0x92, 0x01, 0xff, 0x10]);
const inLines = (text: string, width: number) =>
  (text.match(new RegExp(`.{1,${String(width)}}`, 'g')) ?? []).join('\r\n');
function base32(text: string) {
  const bits = Array.from(Buffer.from(text), (byte) => byte.toString(2).padStart(8, '0')).join('');
  const fives = bits.match(/.{1,5}/g) ?? [];
  return fives
    .map((five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(five.padEnd(5, '0'), 2)] ?? '')
    .join('');
}

/** Ways to write the same text so that a reader, a browser or a parser still gets it back. */
const DISGUISES: readonly (readonly [string, (text: string) => string])[] = [
  ['as it is', (text) => text],
  ['in full width', (text) => codes(text, (code) => String.fromCodePoint(code + 0xfe_e0))],
  ['with zero-width spaces', (text) => each(text, (character) => `${character}\u200b`)],
  ['with joiners', (text) => each(text, (character) => `${character}\u2060`)],
  ['with soft hyphens', (text) => each(text, (character) => `\u00ad${character}`)],
  ['with direction marks', (text) => `\u202e${each(text, (character) => `${character}\u200f`)}`],
  ['with variation selectors', (text) => each(text, (character) => `${character}\ufe0f`)],
  ["in JSON's escapes", (text) => codes(text, (code) => `\\u${hex(code, 4)}`)],
  ["in JavaScript's escapes", (text) => codes(text, (code) => `\\x${hex(code)}`)],
  ["in XML's references", (text) => codes(text, (code) => `&#${code};`)],
  ["in XML's references in hex", (text) => codes(text, (code) => `&#x${hex(code)};`)],
  ['in percent octets', (text) => codes(text, (code) => `%${hex(code)}`)],
  ['in percent octets of percent octets', (text) => codes(text, (code) => `%25${hex(code)}`)],
  ['in base64', (text) => Buffer.from(text).toString('base64')],
  ['in base64 for addresses', (text) => Buffer.from(text).toString('base64url')],
  ['in base64 of base64', (text) => Buffer.from(Buffer.from(text).toString('base64')).toString('base64')],
  ['in hex', (text) => Buffer.from(text).toString('hex')],
  ['in hex, byte by byte', (text) => (Buffer.from(text).toString('hex').match(/../g) ?? []).join(':')],
  [
    'in a dump',
    (text) =>
      (
        Buffer.from(text)
          .toString('hex')
          .match(/.{1,4}/g) ?? []
      ).join(' '),
  ],
  ['in base64 behind a word', (text) => `user_${Buffer.from(text).toString('base64')}`],
  ['in base64 for addresses behind words', (text) => `a-long-prefix-${Buffer.from(text).toString('base64url')}`],
  ['in base64 before a word', (text) => `${Buffer.from(text).toString('base64url')}-v2_copy`],
  ['in base64 of a path', (text) => `/files/${Buffer.from(text).toString('base64')}/meta`],
  ['in base64 right after letters', (text) => `v1${Buffer.from(text).toString('base64')}`],
  ['in base64 of lines', (text) => inLines(Buffer.from(`${FILLER}${text} ${FILLER}`).toString('base64'), 76)],
  ['in base64 of short lines', (text) => inLines(Buffer.from(`${FILLER}${text} ${FILLER}`).toString('base64'), 32)],
  ['in base64 of other bytes', (text) => Buffer.concat([BYTES, Buffer.from(text), BYTES]).toString('base64')],
  ['in hex of other bytes', (text) => Buffer.concat([BYTES, Buffer.from(text), BYTES]).toString('hex')],
  ['in base64 of UTF-16', (text) => Buffer.from(text, 'utf16le').toString('base64')],
  ['in hex of UTF-16', (text) => Buffer.from(text, 'utf16le').swap16().toString('hex')],
  ['as bytes of UTF-16', (text) => each(text, (character) => `${character}\0`)],
  ['packed, in base64', (text) => gzipSync(`${FILLER}${text} ${FILLER}`).toString('base64')],
  ['packed, in hex', (text) => gzipSync(`${FILLER}${text} ${FILLER}`).toString('hex')],
  [
    'packed, in base64 twice, as Helm keeps it',
    (text) => Buffer.from(gzipSync(`{"v":"${text}"}`).toString('base64')).toString('base64'),
  ],
  ['in base32', base32],
  ['in quoted-printable', (text) => codes(text, (code) => `=${hex(code).toUpperCase()}`)],
  ['over lines of quoted-printable', (text) => (text.match(/.{1,6}/g) ?? []).join('=\r\n')],
  ["in octal, as PostgreSQL's bytea", (text) => codes(text, (code) => `\\${code.toString(8).padStart(3, '0')}`)],
  ["in PostgreSQL's U&", (text) => codes(text, (code) => `\\${hex(code, 4)}`)],
  ["in Python's escapes", (text) => codes(text, (code) => `\\U${hex(code, 8)}`)],
  ['in percent units', (text) => codes(text, (code) => `%u${hex(code, 4)}`)],
  ["in XML's references with zeros", (text) => codes(text, (code) => `&#${String(code).padStart(9, '0')};`)],
  ["in HTML's references without an end", (text) => `${codes(text, (code) => `&#${String(code)}`)};`],
  ['with marks of HTML', (text) => (text.match(/.{1,4}/g) ?? []).join('<wbr>')],
  ['partly bold in HTML', (text) => `${text.slice(0, 4)}<b class="x">${text.slice(4, 9)}</b>${text.slice(9)}`],
  ['in colours of a terminal', (text) => (text.match(/.{1,3}/g) ?? []).join('\u001b[1;31m')],
  ['with accents', (text) => each(text, (character) => `${character}\u0301`)],
  ["in PostgreSQL's hex", (text) => `\\x${Buffer.from(text).toString('hex')}`],
  ['as a string of JSON', (text) => JSON.stringify(text)],
  ['as a member of JSON in JSON', (text) => JSON.stringify({ a: JSON.stringify({ b: text }) })],
  [
    'as JSON in JSON in XML',
    (text) => `<a b="${JSON.stringify(JSON.stringify({ c: text })).replaceAll('"', '&quot;')}"/>`,
  ],
  ['in an element of XML', (text) => `<row><v>${text}</v></row>`],
  ['in CDATA', (text) => `<v><![CDATA[${text}]]></v>`],
  ['in an address', (text) => `https://example.org/?q=${encodeURIComponent(text)}&x=1`],
  ['in CSV', (text) => `1,"${text}",x`],
  ['in a row of PostgreSQL', (text) => `(1,"${text}",t)`],
  ['in an array of PostgreSQL', (text) => `{${text},NULL}`],
  ['in a huge text', (text) => `${'lorem ipsum 12 '.repeat(20_000)}${text} ${'dolor 7 '.repeat(20_000)}`],
];

describe.each([
  ['a card', card],
  ['an e-mail address', mail],
  ['a token', token],
  ['an IBAN', 'DE89370400440532013000'],
])('%s is masked', (_what, value) => {
  test.each(DISGUISES)('%s', (_how, disguise) => {
    const text = disguise(value);
    const shown = scanner.text(`see ${text} there`).value;
    expect(shown).toContain('[masked:');
    expect(shown.startsWith('see ') && shown.endsWith(' there')).toBe(true);
    expect(shown).not.toContain(text);
    // Nothing of the value is left to put together from what still shows.
    const rest = shown.replaceAll(/\[masked:[^\]]*\]/g, '').normalize('NFKC');
    for (let at = 0; at + 8 <= value.length; at += 1) expect(rest).not.toContain(value.slice(at, at + 8));
  });
});

describe('digits of every script are digits', () => {
  test.each([
    ['Arabic', 0x06_60],
    ['Persian', 0x06_f0],
    ['Devanagari', 0x09_66],
    ['Bengali', 0x09_e6],
    ['Thai', 0x0e_50],
    ['Khmer', 0x17_e0],
    ['full width', 0xff_10],
    ['mathematical bold', 0x1_d7_ce],
    ['mathematical monospace', 0x1_d7_f6],
    ['segmented', 0x1_fb_f0],
  ])('%s', (_script, zero) => {
    const text = each(card, (digit) => String.fromCodePoint(zero + Number(digit)));
    expect(scanner.text(text).value).toBe('[masked:pci.card]');
  });

  test.each(['‐', '‑', '–', '—', '−', '・', '·', '\u00a0', '\u2009', '\u3000'])('broken up by %j', (sign) => {
    expect(scanner.text((card.match(/.{4}/g) ?? []).join(sign)).value).toBe('[masked:pci.card]');
  });
});

describe('spaces of a form', () => {
  test.each([
    ['a card', 'card=4111+1111+1111+1111&x=1', 'card=[masked:pci.card]&x=1'],
    ['an account', 'iban=DE89+3704+0044+0532+0130+00', 'iban=[masked:pii.iban]'],
    ['a telephone', 'q=%2B49+30+12345678&x=1', 'q=[masked:pii.phone]&x=1'],
  ])('%s', (_what, text, expected) => {
    expect(scanner.text(text).value).toBe(expected);
  });
});

describe('in values of JSON', () => {
  test.each<[string, JsonValue, JsonValue]>([
    ['a number', 4_111_111_111_111_111, '[masked:pci.card]'],
    ['a list in a list', [[mail]], [['[masked:pii.email]']]],
    ['a member', { a: { b: mail } }, { a: { b: '[masked:pii.email]' } }],
    ['the name of a member', { [mail]: 1 }, { '[masked:pii.email]': 1 }],
    ['two names', { [mail]: 1, 'b@x.io': 2 }, { '[masked:pii.email]': 1, '[masked:pii.email] (2)': 2 }],
    [
      'a member called __proto__',
      JSON.parse(`{"__proto__":"${mail}"}`) as JsonValue,
      JSON.parse('{"__proto__":"[masked:pii.email]"}') as JsonValue,
    ],
    ['JSON in text stays JSON', `{"card": ${card}, "n": [1, 2]}`, '{"card": "[masked:pci.card]", "n": [1, 2]}'],
    ['and keeps what else it says', `[-${card}.50,"x"]`, '["[masked:pci.card]","x"]'],
  ])('%s', (_what, value, expected) => {
    expect(scanner.value(value).value).toEqual(expected);
  });

  test('what is too deep to look at is not shown', () => {
    let deep: JsonValue = mail;
    for (let depth = 0; depth < 200; depth += 1) deep = [deep];
    expect(JSON.stringify(scanner.value(deep).value)).not.toContain(mail);
  });

  test('JSON with a find in it is JSON afterwards', () => {
    const leaf = fc.oneof(fc.constantFrom<JsonValue>(mail, card, Number(card), token, -1.5, null, true), fc.string());
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('a', 'b"', 'c\\', mail), fc.array(leaf)), (document) => {
        const shown = scanner.text(JSON.stringify(document)).value;
        expect(() => JSON.parse(shown) as unknown).not.toThrow();
        expect(shown).not.toContain(mail);
        expect(shown).not.toContain(card);
      }),
      { numRuns: 300 },
    );
  });
});

test('a packed text that was made to grow is left packed', () => {
  const bomb = gzipSync(`${mail} `.repeat(100_000)).toString('base64');
  expect(scanner.text(bomb).value).toBe(bomb);
});

test('a text without a find comes back as it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      const scanned = scanner.text(text);
      if (scanned.found.length === 0) expect(scanned.value).toBe(text);
    }),
    { numRuns: 2_000 },
  );
});
