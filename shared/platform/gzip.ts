import { crc32, gzipSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod';

/** Gzip (RFC 1952) without a name or a time, so that the same text is the same bytes. */
export const pack = (text: string): Uint8Array => gzipSync(text, { level: 9 });

const HEADER = 10;
const TRAILER = 8;

/** What `info: true` adds to the answer, which the types of Node.js do not tell. */
const inflated = z.object({ buffer: z.instanceof(Uint8Array), engine: z.object({ bytesWritten: z.int() }) });

/**
 * What `pack` packed; `undefined` for anything else. Stricter than gunzip, which skips what is appended, joins a second
 * member to the first and ignores the fields of a header: room for bytes that nobody would see.
 */
export function unpack(packed: Uint8Array, maxBytes: number): Uint8Array | undefined {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  // Magic, deflate, no flags, no time. The last two bytes of a header tell how and where it was packed.
  if (bytes.byteLength < HEADER + TRAILER || bytes.toString('hex', 0, 8) !== '1f8b080000000000') return undefined;
  try {
    const body = bytes.subarray(HEADER);
    const { buffer, engine } = inflated.parse(inflateRawSync(body, { info: true, maxOutputLength: maxBytes }));
    const end = engine.bytesWritten;
    if (end !== body.byteLength - TRAILER) return undefined;
    const whole = body.readUInt32LE(end) === crc32(buffer) && body.readUInt32LE(end + 4) === buffer.byteLength;
    return whole ? buffer : undefined;
  } catch {
    return undefined;
  }
}
