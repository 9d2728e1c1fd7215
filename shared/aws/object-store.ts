import { GetObjectCommand, PutObjectCommand, S3ServiceException, type S3Client } from '@aws-sdk/client-s3';
import type { Archive } from '../gateway/ports/archive.ts';
import type { BlobStore } from '../gateway/ports/blob-store.ts';
import type { StoreFault } from '../gateway/ports/session-store.ts';
import { sha256Hex } from '../platform/canonical.ts';
import { err, ok, type Result } from '../platform/result.ts';

interface Bucket {
  readonly client: S3Client;
  readonly name: string;
}

/** Large bytes, each once, at `blobs/<sha256>`: the name is the content, so a second write has nothing to change. */
export function createBlobStore(bucket: Bucket): BlobStore {
  return {
    put: async (bytes) => {
      const sha256 = sha256Hex(bytes);
      const put = await createOnly(bucket, { key: `blobs/${sha256}`, bytes, sha256 });
      return put.ok ? ok({ sha256, bytes: bytes.byteLength }) : put;
    },
    get: async (ref) => {
      const bytes = await read(bucket, `blobs/${ref.sha256}`);
      if (!bytes.ok) return bytes;
      return sha256Hex(bytes.value) === ref.sha256 ? bytes : fault(`blob ${ref.sha256} is not what its name says`);
    },
  };
}

/** Finished sessions: create-only, checksummed, under Object Lock until their retention ends. */
export function createArchive(bucket: Bucket): Archive {
  return {
    create: async (key, bytes, sha256, retainUntil) => {
      const put = await createOnly(bucket, { key, bytes, sha256, retainUntil });
      if (!put.ok || put.value === 'created') return put;
      const there = await read(bucket, key);
      if (!there.ok) return there;
      return sha256Hex(there.value) === sha256 ? ok('already') : fault(`${key} is in the archive with other bytes`);
    },
  };
}

interface NewObject {
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly retainUntil?: Date;
}

/** `If-None-Match: *`: S3 itself refuses to replace (S3 user guide, "Conditional writes"). */
async function createOnly(
  bucket: Bucket,
  object: NewObject,
  tries = 3,
): Promise<Result<'created' | 'already', StoreFault>> {
  try {
    await bucket.client.send(
      new PutObjectCommand({
        Bucket: bucket.name,
        Key: object.key,
        Body: object.bytes,
        IfNoneMatch: '*',
        ChecksumSHA256: Buffer.from(object.sha256, 'hex').toString('base64'),
        ...(object.retainUntil === undefined
          ? {}
          : { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: object.retainUntil }),
      }),
    );
    return ok('created');
  } catch (error) {
    if (error instanceof S3ServiceException && error.name === 'PreconditionFailed') return ok('already');
    // 409: somebody is creating the same key right now; who comes second learns it by asking again.
    if (error instanceof S3ServiceException && error.name === 'ConditionalRequestConflict' && tries > 1)
      return createOnly(bucket, object, tries - 1);
    return fault(describe(error));
  }
}

async function read(bucket: Bucket, key: string): Promise<Result<Uint8Array, StoreFault>> {
  try {
    const found = await bucket.client.send(new GetObjectCommand({ Bucket: bucket.name, Key: key }));
    return found.Body === undefined ? fault(`${key} is empty`) : ok(await found.Body.transformToByteArray());
  } catch (error) {
    return fault(describe(error));
  }
}

const fault = (message: string): { ok: false; error: StoreFault } => err({ code: 'record_unavailable', message });
const describe = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error';
