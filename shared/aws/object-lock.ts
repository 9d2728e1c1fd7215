import {
  HeadObjectCommand,
  NotFound,
  PutObjectLegalHoldCommand,
  PutObjectRetentionCommand,
  type HeadObjectCommandOutput,
} from '@aws-sdk/client-s3';
import type { Keeping } from '../gateway/ports/archive.ts';
import type { StoreFault } from '../gateway/ports/session-store.ts';
import { ok, type Result } from '../platform/result.ts';
import { unavailable, type Bucket } from './objects.ts';

/** Compliance mode: once locked, an object's time can be lengthened and nothing else (S3 user guide, "Object Lock"). */
export async function lengthenLock(
  bucket: Bucket,
  key: string,
  { until, legalHold }: Keeping,
): Promise<Result<void, StoreFault>> {
  const { client, name: Bucket } = bucket;
  const object = { Bucket, Key: key, ChecksumAlgorithm: 'SHA256' as const };
  try {
    const there = await headOf(bucket, key);
    if (there === undefined) return ok(undefined);
    const { ObjectLockRetainUntilDate: locked, ObjectLockLegalHoldStatus: held } = there;
    if (locked === undefined || locked < until)
      await client.send(
        new PutObjectRetentionCommand({ ...object, Retention: { Mode: 'COMPLIANCE', RetainUntilDate: until } }),
      );
    if (legalHold && held !== 'ON')
      await client.send(new PutObjectLegalHoldCommand({ ...object, LegalHold: { Status: 'ON' } }));
    return ok(undefined);
  } catch (error) {
    return unavailable(error);
  }
}

async function headOf({ client, name: Bucket }: Bucket, Key: string): Promise<HeadObjectCommandOutput | undefined> {
  try {
    return await client.send(new HeadObjectCommand({ Bucket, Key }));
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}
