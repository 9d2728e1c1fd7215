import { isUtf8 } from 'node:buffer';
import { eachMatch } from './each-match.ts';

/** A piece of text that stands for other text, by an encoding that leaves its reader no key to have. */
export interface Encoded {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Base64 of both alphabets (RFC 4648, 4 and 5) and hex, from 8 bytes on: what is shorter hides nothing that we look for. */
export const SHORTEST_ENCODED = 11;
const BASE64 = /[A-Za-z0-9+/_-]{11,}={0,2}/g;
/** In lines, as MIME and PostgreSQL's `encode` break it (RFC 2045, 6.8). */
const BASE64_LINES = /(?:[A-Za-z0-9+/]{60,76}\r?\n){1,2000}[A-Za-z0-9+/]{1,76}={0,2}/g;
const HEX_RUN = /(?<![0-9A-WYZa-wyz])(?:[0-9a-fA-F]{2}){8,}(?![0-9A-Za-z])/g;

/** Runs that decode to text that people or programs write. Each is decoded once; the result is shorter than the run. */
export function encodedIn(text: string): readonly Encoded[] {
  const found: Encoded[] = [];
  const look = (pattern: RegExp, encoding: 'base64' | 'hex'): void => {
    eachMatch(pattern, text, ({ 0: run, index }) => {
      if (encoding === 'base64' && !beginsLikeText(run)) return;
      const plain = legible(Buffer.from(run, encoding));
      if (plain !== undefined) found.push({ start: index, end: index + run.length, text: plain });
    });
  };
  if (text.includes('\n')) look(BASE64_LINES, 'base64');
  look(BASE64, 'base64');
  look(HEX_RUN, 'hex');
  return found;
}

/** Six bits of each character of base64; of `=` and what is none, 0. */
const SIX = Uint8Array.from({ length: 128 }, (_, code) => {
  const one = String.fromCodePoint(code).replace('-', '+').replace('_', '/');
  return Math.max(0, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'.indexOf(one));
});

/** The first eight bytes, without decoding: most words end here, since a byte in ten is a control character and half are not ASCII. */
function beginsLikeText(run: string): boolean {
  let before = 0;
  for (let index = 0; index < 8; index += 1) {
    const place = Math.floor(index / 3) * 4 + (index % 3);
    const shift = (index % 3) * 2;
    const [first, second] = [SIX[run.charCodeAt(place)] ?? 0, SIX[run.charCodeAt(place + 1)] ?? 0];
    const byte = ((first << (2 + shift)) | (second >> (4 - shift))) & 0xff;
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
