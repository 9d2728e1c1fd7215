import { isUtf8 } from 'node:buffer';
import { base32 } from './base32.ts';
import { GZIP_IN_BASE64, unpacker, type Unpack } from './packed.ts';
import { eachMatch } from './each-match.ts';
import { byteOf, hasStretch, stretchesIn } from './stretches.ts';
import type { Traits } from './traits.ts';

/** A piece of text that stands for other text, by an encoding that leaves its reader no key to have. */
export interface Encoded {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Base64 of both alphabets (RFC 4648, 4 and 5) and hex, from 8 bytes on: what is shorter hides nothing that we look for. */
const SHORTEST_ENCODED = 11;
/** Every byte of printable ASCII has a digit in hex, but for five. */
const DIGITS_OF_PAIRS = 8;

export const mayEncode = ({ base64, loose }: Traits): boolean => base64 >= SHORTEST_ENCODED || loose >= DIGITS_OF_PAIRS;

const BASE64 = /[A-Za-z0-9+/_-]{11,}={0,2}/g;
/** In lines, as MIME, PEM and PostgreSQL's `encode` break it (RFC 2045, 6.8). */
const BASE64_LINES = /(?:[A-Za-z0-9+/]{16,76}\r?\n){1,2000}[A-Za-z0-9+/]{1,76}={0,2}/g;
const SHORTEST_BASE32 = 18;
const BASE32 = /(?<![0-9A-Za-z])[A-Z2-7]{18,}(?![0-9A-Za-z])/g;
const SHORTEST_HEX = 16;
const HEX_RUN = /(?<![0-9A-WYZa-wyz])(?:[0-9a-fA-F]{2}){8,}(?![0-9A-Za-z])/g;
/** As programs print bytes: by ones and twos, with a sign between. */
const HEX_PAIRS = /(?<![0-9A-Za-z])(?:(?:[0-9a-fA-F]{2}){1,2}[ :-]){3,}(?:[0-9a-fA-F]{2}){1,2}(?![0-9A-Za-z])/g;

/**
 * Runs that decode to text that people or programs write, and stretches of such text in bytes that do not. Each run is decoded
 * a bounded number of times, and the result is shorter than it.
 */
export function encodedIn(text: string, { base64, loose }: Traits): readonly Encoded[] {
  const found: Encoded[] = [];
  const unpack = unpacker();
  const look = (pattern: RegExp, decoded: (run: string) => Buffer): void => {
    eachMatch(pattern, text, ({ 0: run, index }) => {
      const end = index + run.length;
      for (const piece of textsOf(decoded(run), unpack)) found.push({ start: index, end, text: piece });
    });
  };
  if (loose >= DIGITS_OF_PAIRS) look(HEX_PAIRS, bytesOf);
  if (base64 < SHORTEST_ENCODED) return found;
  if (text.includes('\n')) look(BASE64_LINES, (run) => Buffer.from(run, 'base64'));
  eachMatch(BASE64, text, ({ 0: run, index }) => {
    if (run.startsWith(GZIP_IN_BASE64) || beginsLikeText(run) || hasStretch(run))
      found.push(...inBase64(run, index, unpack));
  });
  if (base64 >= SHORTEST_HEX) look(HEX_RUN, (run) => Buffer.from(run, 'hex'));
  if (base64 >= SHORTEST_BASE32) look(BASE32, base32);
  return found;
}

function textsOf(given: Buffer, unpack: Unpack): readonly string[] {
  const bytes = unpack(given) ?? given;
  const plain = legible(bytes) ?? legible(withoutZeros(bytes));
  return plain === undefined ? stretchesIn(bytes).map(({ text }) => text) : [plain];
}

const bytesOf = (pairs: string): Buffer => Buffer.from(pairs.replaceAll(/[ :-]/g, ''), 'hex');

/** Letters of UTF-16 are bytes with zeros between. */
const withoutZeros = (bytes: Buffer): Buffer =>
  bytes.includes(0) ? Buffer.from(bytes.filter((byte) => byte !== 0)) : EMPTY;
const EMPTY = Buffer.alloc(0);

/**
 * The run as a whole, where it begins like text; else what of it is text, wherever in the run that begins: signs of base64
 * join it to words (`user_…`, `…-suffix`, `/files/…`), and bytes of other kinds may stand before it.
 */
function inBase64(run: string, index: number, unpack: Unpack): readonly Encoded[] {
  if (beginsLikeText(run)) {
    const plain = legible(Buffer.from(run, 'base64'));
    if (plain !== undefined) return [{ start: index, end: index + run.length, text: plain }];
  }
  if (run.startsWith(GZIP_IN_BASE64))
    return textsOf(Buffer.from(run, 'base64'), unpack).map((text) => ({ start: index, end: index + run.length, text }));
  return [0, 1, 2, 3].flatMap((skipped) => {
    const bytes = Buffer.from(run.slice(skipped), 'base64');
    return stretchesIn(bytes).map(({ text, from, to }) => ({
      start: index + skipped + Math.floor((from * 4) / 3),
      end: Math.min(index + run.length, index + skipped + Math.ceil((to * 4) / 3) + PADDING),
      text,
    }));
  });
}

const PADDING = 2;

/** The first eight bytes, without decoding: most words end here, since a byte in ten is a control character and half are not ASCII. */
function beginsLikeText(run: string): boolean {
  let before = 0;
  for (let index = 0; index < 8; index += 1) {
    const byte = byteOf(run, 0, index);
    if (!isLegible(byte) || (byte >= 0x80 && byte < 0xc0 && before < 0x80)) return false;
    before = byte;
  }
  return true;
}

const isLegible = (byte: number): boolean => byte >= 9 && (byte <= 13 || byte >= 32) && byte !== 127;

/** As text, when all of it is: random bytes are not UTF-8 without control characters, one in some thousands of 12. */
function legible(bytes: Buffer): string | undefined {
  if (bytes.length < 8 || !isPrintable(bytes, Math.min(bytes.length, 24)) || !isUtf8(bytes)) return undefined;
  return isPrintable(bytes, bytes.length) ? bytes.toString('utf8') : undefined;
}

function isPrintable(bytes: Buffer, length: number): boolean {
  for (let index = 0; index < length; index += 1) {
    if (!isLegible(bytes[index] ?? 0)) return false;
  }
  return true;
}
