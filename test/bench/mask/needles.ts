import { createHash } from 'node:crypto';
import { canariesOf, type WorldName } from './schema.ts';

/** Letters in a row that tell a canary: three are in any text by chance. */
const WINDOW = 5;

const rot13 = (text: string): string =>
  text.replace(/[a-z]/g, (letter) => String.fromCharCode(((letter.charCodeAt(0) - 97 + 13) % 26) + 97));
const reversed = (text: string): string => Array.from(text).reverse().join('');
const codes = (text: string): string => Array.from(text, (letter) => String(letter.charCodeAt(0))).join(',');

/** Every piece of a text of that length. */
function windows(text: string, length: number): string[] {
  return Array.from({ length: Math.max(0, text.length - length + 1) }, (_, at) => text.slice(at, at + length));
}

/** Base64 of the text at each of the three alignments, without the letters that its neighbours change. */
function base64(text: string): string[] {
  return [0, 1, 2].map((shift) => {
    const encoded = Buffer.from('x'.repeat(shift) + text)
      .toString('base64')
      .replaceAll('=', '');
    return encoded.slice(shift === 0 ? 0 : shift + 1, encoded.length - 1);
  });
}

/** Forms that a value can be undone from, by a computation or by trying out a small domain. */
function formsOf(value: string): string[] {
  const cases = [value, value.toUpperCase(), value.toLowerCase()];
  const hashes = cases.flatMap((text) =>
    ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'].flatMap((name) => {
      const hash = createHash(name).update(text).digest();
      return [hash.toString('hex').slice(0, 16), hash.toString('base64').slice(0, 16).toLowerCase()];
    }),
  );
  const plain = windows(value.toLowerCase(), WINDOW).filter((text) => !/^(exam|xamp|ample|.*(@|\.))/.test(text));
  return [
    ...plain.flatMap((text) => [text, rot13(text), reversed(text)]),
    ...plain.flatMap((text) => [Buffer.from(text).toString('hex'), Buffer.from(text.toUpperCase()).toString('hex')]),
    ...windows(value, WINDOW).map(codes),
    ...[value, value.toUpperCase()]
      .flatMap((text) => windows(text, 9).flatMap(base64))
      .map((text) => text.toLowerCase()),
    ...hashes,
  ].filter((text) => text.length >= WINDOW);
}

const known = new Map<WorldName, ReadonlySet<string>>();

export function needlesOf(world: WorldName): ReadonlySet<string> {
  const made =
    known.get(world) ??
    new Set(Object.values(canariesOf(world)).flatMap((values: readonly string[]) => values.flatMap(formsOf)));
  known.set(world, made);
  return made;
}

/** Lengths of needles, so that a text is looked up piece by piece instead of needle by needle. */
const lengths = new Map<WorldName, readonly number[]>();

/** The first needle in a text, whatever stands between its numbers. */
export function needleIn(text: string, world: WorldName): string | undefined {
  const needles = needlesOf(world);
  const sizes = lengths.get(world) ?? [...new Set([...needles].map((needle) => needle.length))];
  lengths.set(world, sizes);
  const lower = text.toLowerCase();
  const numbers = (text.match(/\d+/g) ?? []).join(',');
  for (const haystack of [lower, numbers]) {
    for (const size of sizes)
      for (let at = 0; at + size <= haystack.length; at += 1) {
        const piece = haystack.slice(at, at + size);
        if (needles.has(piece)) return piece;
      }
  }
  return undefined;
}
