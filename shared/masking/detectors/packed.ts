import { gunzipSync } from 'node:zlib';

/** How a packed text begins in base64 (RFC 1952, 2.3.1): Helm and others keep what they installed so. */
export const GZIP_IN_BASE64 = 'H4sI';

/**
 * Times that a text may grow by unpacking: YAML and JSON grow ten times. What grows more is made to, and is not unpacked: looking
 * through it would cost more than its length says.
 */
const MAX_GROWTH = 32;
/** Head, end and a few bytes between. */
const SHORTEST = 28;
/** Packed runs of one text: beginning to unpack takes 70 µs, however short the run, and a text could be made of beginnings. */
const MOST = 100;

/** What a gzip holds; undefined for anything else. */
export type Unpack = (bytes: Buffer) => Buffer | undefined;

export function unpacker(): Unpack {
  let tried = 0;
  return (bytes) => {
    if (bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes.length < SHORTEST || tried >= MOST) return undefined;
    tried += 1;
    try {
      return gunzipSync(bytes, { maxOutputLength: bytes.length * MAX_GROWTH });
    } catch {
      return undefined;
    }
  };
}
