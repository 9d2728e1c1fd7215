import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { s3Client } from '../../../shared/aws/clients.ts';
import { createObjectStore } from '../../../shared/aws/object-store.ts';
import type { Bucket } from '../../../shared/aws/objects.ts';
import type { ObjectReader } from '../../../shared/gateway/ports/object-store.ts';
import { ok } from '../../../shared/platform/result.ts';
import { runningStack } from '../running-stack.ts';
import { UsageError } from '../usage-error.ts';
import { createFolderReader } from './folder-reader.ts';

/** An archive and what to call it when talking to people. */
export interface OpenArchive {
  readonly name: string;
  readonly reader: ObjectReader;
}

/**
 * A folder, `s3://bucket` or `s3://bucket/prefix` (with the credentials that the AWS SDK finds), or without a place the
 * archive of the stack that runs here.
 */
export function openArchive(place: string | undefined, state?: string): OpenArchive {
  const found = place === undefined ? bucketOfStack(state) : bucketAt(place);
  if (found !== undefined) {
    const store = createObjectStore(found.bucket);
    const name = `s3://${found.bucket.name}/${found.prefix}`;
    return { name, reader: found.prefix === '' ? store : under(store, found.prefix) };
  }
  const folder = resolve(place ?? '.');
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new UsageError(`${folder} is no folder. Name a copy of the archive, or s3://bucket/prefix.`);
  return { name: folder, reader: createFolderReader(folder) };
}

export interface Place {
  readonly bucket: Bucket;
  readonly prefix: string;
}

export function bucketAt(place: string): Place | undefined {
  if (!place.startsWith('s3://')) return undefined;
  const [, bucket, prefix = ''] = /^s3:\/\/([a-z0-9.-]{3,63})(?:\/(.*))?$/.exec(place) ?? [];
  if (bucket === undefined) throw new UsageError(`${place} names no bucket: s3://bucket or s3://bucket/prefix.`);
  return {
    bucket: { client: s3Client(), name: bucket },
    prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`,
  };
}

/** The bucket of the stack that runs on a state folder; from here on the AWS SDK of this process talks to that stack. */
export function bucketOfStack(state: string | undefined): Place {
  const { environment } = runningStack(state);
  useStack(environment);
  return { bucket: { client: s3Client(), name: environment['ARCHIVE_BUCKET'] ?? '' }, prefix: '' };
}

/** The functions' own environment: endpoints and made-up credentials, so that nothing of the person's AWS is touched. */
export function useStack(environment: Readonly<Record<string, string>>): void {
  Object.assign(process.env, environment);
}

/** A copy of the archive that lies deeper in a bucket. */
function under(store: ObjectReader, prefix: string): ObjectReader {
  return {
    read: (key) => store.read(prefix + key),
    size: (key) => store.size(prefix + key),
    async *list(within, after) {
      for await (const object of store.list(prefix + within, after === undefined ? undefined : prefix + after))
        yield object.ok ? ok({ ...object.value, key: object.value.key.slice(prefix.length) }) : object;
    },
  };
}
