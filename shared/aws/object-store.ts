import type { Archive, Archived } from '../gateway/ports/archive.ts';
import type { BlobStore } from '../gateway/ports/blob-store.ts';
import type { ObjectStore } from '../gateway/ports/object-store.ts';
import type { StoreFault } from '../gateway/ports/session-store.ts';
import { archivedText } from '../gateway/record/archive-object.ts';
import { sha256Hex } from '../platform/canonical.ts';
import { err, ok, type Result } from '../platform/result.ts';
import { lengthenLock } from './object-lock.ts';
import { createOnly, listObjects, readObject, sizeOfObject, type Bucket } from './objects.ts';

/** Large bytes, each once, at `blobs/<sha256>`: the name is the content, so a second write has nothing to change. */
export function createBlobStore(bucket: Bucket): BlobStore {
  return {
    put: async (bytes) => {
      const sha256 = sha256Hex(bytes);
      const put = await createOnly(bucket, { key: `blobs/${sha256}`, bytes, sha256 });
      return put.ok ? ok({ sha256, bytes: bytes.byteLength }) : put;
    },
    get: async (ref) => {
      const bytes = await readPresent(bucket, `blobs/${ref.sha256}`);
      if (!bytes.ok) return bytes;
      return sha256Hex(bytes.value) === ref.sha256 ? bytes : fault(`blob ${ref.sha256} is not what its name says`);
    },
  };
}

/** Finished sessions: create-only, checksummed, under Object Lock until their retention ends. */
export function createArchive(bucket: Bucket): Archive {
  return {
    create: async (key, bytes, { until, legalHold }) => {
      const sha256 = sha256Hex(bytes);
      const put = await createOnly(bucket, { key, bytes, sha256, retainUntil: until, legalHold });
      if (!put.ok) return put;
      if (put.value === 'created') return ok({ kind: 'created', sha256, bytes: bytes.byteLength });
      const there = await readPresent(bucket, key);
      return there.ok ? sameText(key, bytes, there.value) : there;
    },
    keepAsLong: (key, keeping) => lengthenLock(bucket, key, keeping),
  };
}

/**
 * It is what it unpacks to: another release of zlib may pack the same text otherwise, and a delivery that is repeated
 * after such an update must find its own. What lies there is what counts, so its hash is the one that is answered.
 */
function sameText(key: string, ours: Uint8Array, theirs: Uint8Array): Result<Archived, StoreFault> {
  const found = { kind: 'already' as const, sha256: sha256Hex(theirs), bytes: theirs.byteLength };
  if (Buffer.compare(ours, theirs) === 0) return ok(found);
  const [packed, there] = [archivedText(ours), archivedText(theirs)];
  if (packed !== undefined && packed === there) return ok(found);
  return fault(`${key} is in the archive with another content`);
}

/** Any part of a bucket, create-only: digests, and what is read of the archive. */
export function createObjectStore(bucket: Bucket): ObjectStore {
  return {
    list: (prefix, after) => listObjects(bucket, prefix, after),
    read: (key) => readObject(bucket, key),
    size: (key) => sizeOfObject(bucket, key),
    create: (key, bytes) => createOnly(bucket, { key, bytes, sha256: sha256Hex(bytes) }),
  };
}

async function readPresent(bucket: Bucket, key: string): Promise<Result<Uint8Array, StoreFault>> {
  const found = await readObject(bucket, key);
  if (!found.ok) return found;
  return found.value === undefined ? fault(`${key} is not there`) : ok(found.value);
}

const fault = (message: string): { ok: false; error: StoreFault } => err({ code: 'record_unavailable', message });
