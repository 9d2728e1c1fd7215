import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Result } from '../../../../shared/platform/result.ts';
import { ok } from '../../../../shared/platform/result.ts';
import type { S3Error } from './answer.ts';
import { notImplemented, refuse } from './answer.ts';

/** What is computed here. crc32c and crc64nvme need the CRT in the SDK as well, and are refused. */
const algorithms: Readonly<Record<string, (bytes: Buffer) => string>> = {
  crc32: (bytes) => {
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(bytes));
    return sum.toString('base64');
  },
  sha1: (bytes) => createHash('sha1').update(bytes).digest('base64'),
  sha256: (bytes) => createHash('sha256').update(bytes).digest('base64'),
};

const prefix = 'x-amz-checksum-';

/** What a request says of its checksums beside the values: which algorithm, and in which mode to answer. */
const directives = new Set(['x-amz-checksum-mode', 'x-amz-checksum-algorithm', 'x-amz-checksum-type']);

/**
 * Compares every checksum that came (header or trailer) with the bytes; answers those to store: the ones given, or
 * CRC-32 where none was. One that does not fit means damaged bytes, and nothing is stored.
 */
export function verifyChecksums(
  bytes: Buffer,
  given: ReadonlyMap<string, string>,
): Result<Record<string, string>, S3Error> {
  const stored: Record<string, string> = {};
  for (const [name, value] of given) {
    if (!name.startsWith(prefix) || directives.has(name)) continue;
    const algorithm = name.slice(prefix.length);
    const compute = algorithms[algorithm];
    if (compute === undefined) return notImplemented(`the checksum ${algorithm}; send crc32, sha1 or sha256`);
    if (compute(bytes) !== value)
      return refuse(
        400,
        'BadDigest',
        `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
      );
    stored[algorithm] = value;
  }
  if (Object.keys(stored).length === 0) stored['crc32'] = algorithms['crc32']?.(bytes) ?? '';
  return ok(stored);
}

/** Content-MD5 and x-amz-content-sha256, the two older ways to say what the bytes must be. */
export function verifyDigests(
  bytes: Buffer,
  md5: string | undefined,
  sha256: string | undefined,
): Result<null, S3Error> {
  if (md5 !== undefined && createHash('md5').update(bytes).digest('base64') !== md5)
    return refuse(400, 'BadDigest', 'The Content-MD5 you specified did not match what we received.');
  const signed = sha256 !== undefined && /^[0-9a-f]{64}$/.test(sha256);
  if (signed && createHash('sha256').update(bytes).digest('hex') !== sha256)
    return refuse(400, 'XAmzContentSHA256Mismatch', "The provided 'x-amz-content-sha256' header does not match.");
  return ok(null);
}

export const checksumHeaders = (checksums: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(checksums).map(([name, value]) => [prefix + name, value]));
