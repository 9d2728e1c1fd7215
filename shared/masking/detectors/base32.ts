const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Bytes of base32 (RFC 4648, 6), without padding; bits that make no byte are left. */
export function base32(run: string): Buffer {
  const bytes = Buffer.alloc(Math.floor((run.length * 5) / 8));
  let [bits, held, at] = [0, 0, 0];
  for (const character of run) {
    bits = ((bits << 5) | ALPHABET.indexOf(character)) & 0xfff;
    held += 5;
    if (held < 8) continue;
    held -= 8;
    bytes[at] = (bits >> held) & 0xff;
    at += 1;
  }
  return bytes;
}
