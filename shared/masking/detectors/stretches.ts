/** ASCII that people write, among bytes that are something else: offsets in bytes, `to` exclusive. */
export interface Stretch {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** Characters that stand together by chance once in some thousand random bytes. */
const LEAST = 8;
/** Stretches that are looked at of one run: a picture has some hundred of them by chance. */
const MOST = 1_000;

/** Zeros are passed over, one between two letters: so UTF-16 is written. */
export function stretchesIn(bytes: Buffer): readonly Stretch[] {
  const found: Stretch[] = [];
  let [from, count, last] = [0, 0, -3];
  const close = (): void => {
    if (count >= LEAST && found.length < MOST)
      found.push({ text: bytes.toString('latin1', from, last + 1).replaceAll('\0', ''), from, to: last + 1 });
    count = 0;
  };
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (isAscii(byte)) {
      if (count === 0) from = at;
      count += 1;
      last = at;
    } else if (byte !== 0 || last !== at - 1) close();
  }
  close();
  return found;
}

const isAscii = (byte: number): boolean => (byte >= 32 && byte < 127) || (byte >= 9 && byte <= 13);

/**
 * Is there a stretch in what a run of base64 stands for, read from any of its first four characters? Without decoding, and looking
 * at every eighth byte alone where that is none of text: nearly every run of an ordinary text ends here.
 */
export const hasStretch = (run: string): boolean =>
  hasStretchFrom(run, 0) || hasStretchFrom(run, 1) || hasStretchFrom(run, 2) || hasStretchFrom(run, 3);

function hasStretchFrom(run: string, skipped: number): boolean {
  const length = Math.floor(((run.length - skipped) * 6) / 8);
  let end = LEAST - 1;
  while (end < length) {
    let at = end;
    while (at > end - LEAST && mayBeText(byteOf(run, skipped, at))) at -= 1;
    if (at === end - LEAST) return true;
    end = at + LEAST;
  }
  return false;
}

const mayBeText = (byte: number): boolean => byte === 0 || isAscii(byte);

/** Six bits of each character of base64, of either alphabet; of what is none, 0. */
const SIX = Uint8Array.from({ length: 128 }, (_, code) => {
  const one = String.fromCodePoint(code).replace('-', '+').replace('_', '/');
  return Math.max(0, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'.indexOf(one));
});

/** A byte of what a run of base64 stands for, from its character `skipped` on. */
export function byteOf(run: string, skipped: number, index: number): number {
  const place = skipped + Math.floor(index / 3) * 4 + (index % 3);
  const shift = (index % 3) * 2;
  const [first, second] = [SIX[run.charCodeAt(place)] ?? 0, SIX[run.charCodeAt(place + 1)] ?? 0];
  return ((first << (2 + shift)) | (second >> (4 - shift))) & 0xff;
}
