import type { Archive } from '../../shared/gateway/ports/archive.ts';
import type { ObjectStore } from '../../shared/gateway/ports/object-store.ts';
import type { BlobStore } from '../../shared/gateway/ports/blob-store.ts';
import type { SpareBlobs } from '../../shared/gateway/ports/spare-blobs.ts';
import { sha256Hex } from '../../shared/platform/canonical.ts';
import { err, ok } from '../../shared/platform/result.ts';

const fault = (message: string) => err({ code: 'record_unavailable', message } as const);

export function memoryBlobs(): BlobStore & { readonly objects: Map<string, Uint8Array> } {
  const objects = new Map<string, Uint8Array>();
  return {
    objects,
    put: (bytes) => {
      const sha256 = sha256Hex(bytes);
      if (!objects.has(sha256)) objects.set(sha256, Uint8Array.from(bytes));
      return Promise.resolve(ok({ sha256, bytes: bytes.byteLength }));
    },
    get: (ref) => {
      const found = objects.get(ref.sha256);
      return Promise.resolve(
        found !== undefined && sha256Hex(found) === ref.sha256 ? ok(found) : fault('no such blob'),
      );
    },
  };
}

export function memorySpare(): SpareBlobs & { readonly parts: Map<string, Uint8Array> } {
  const parts = new Map<string, Uint8Array>();
  return {
    parts,
    put: (bytes) => {
      const sha256 = sha256Hex(bytes);
      parts.set(sha256, Uint8Array.from(bytes));
      return Promise.resolve(ok({ sha256, bytes: bytes.byteLength }));
    },
    get: ({ sha256 }) => Promise.resolve(ok(parts.get(sha256))),
    delivered: ({ sha256 }) => {
      parts.delete(sha256);
      return Promise.resolve(ok(undefined));
    },
  };
}

export function memoryArchive(): Archive & { readonly objects: Map<string, { bytes: Uint8Array; until: Date }> } {
  const objects = new Map<string, { bytes: Uint8Array; until: Date }>();
  return {
    objects,
    keepAsLong: () => Promise.resolve(ok(undefined)),
    create: (key, bytes, { until }) => {
      const sha256 = sha256Hex(bytes);
      const facts = { sha256, bytes: bytes.byteLength };
      const there = objects.get(key);
      if (there !== undefined)
        return Promise.resolve(
          sha256Hex(there.bytes) === sha256 ? ok({ kind: 'already', ...facts }) : fault('there with other bytes'),
        );
      objects.set(key, { bytes: Uint8Array.from(bytes), until });
      return Promise.resolve(ok({ kind: 'created', ...facts }));
    },
  };
}

/** Part of a bucket as the digests and the readers of the archive know it. */
export function memoryObjects(): ObjectStore & { readonly objects: Map<string, Uint8Array> } {
  const objects = new Map<string, Uint8Array>();
  return {
    objects,
    create: (key, bytes) => {
      if (objects.has(key)) return Promise.resolve(ok('already'));
      objects.set(key, Uint8Array.from(bytes));
      return Promise.resolve(ok('created'));
    },
    read: (key) => Promise.resolve(ok(objects.get(key))),
    size: (key) => Promise.resolve(ok(objects.get(key)?.byteLength)),
    async *list(prefix, after = '') {
      await Promise.resolve();
      for (const [key, bytes] of [...objects].sort(([a], [b]) => (a < b ? -1 : 1)))
        if (key.startsWith(prefix) && key > after) yield ok({ key, bytes: bytes.byteLength });
    },
  };
}
