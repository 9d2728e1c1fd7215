import { gunzipSync } from 'node:zlib';

/** How a packed text begins in base64 (RFC 1952, 2.3.1): Helm and others keep what they installed so. */
export const GZIP_IN_BASE64 = 'H4sI';

/**
 * Times that a text may grow by unpacking: YAML and JSON grow ten times. What grows more is made to, and is not unpacked: looking
 * through it would cost more than its length says.
 */
const MAX_GROWTH = 32;

/** What a gzip holds; undefined for anything else. */
export function unpacked(bytes: Buffer): Buffer | undefined {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return undefined;
  try {
    return gunzipSync(bytes, { maxOutputLength: bytes.length * MAX_GROWTH });
  } catch {
    return undefined;
  }
}
