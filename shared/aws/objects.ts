import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  S3ServiceException,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { ObjectFacts } from '../gateway/ports/object-store.ts';
import type { StoreFault } from '../gateway/ports/session-store.ts';
import { err, ok, type Result } from '../platform/result.ts';

export interface Bucket {
  readonly client: S3Client;
  readonly name: string;
}

export interface NewObject {
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly retainUntil?: Date;
  readonly legalHold?: boolean;
}

/** `If-None-Match: *`: S3 itself refuses to replace (S3 user guide, "Conditional writes"). */
export async function createOnly(
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
        ...lockOf(object),
      }),
    );
    return ok('created');
  } catch (error) {
    if (error instanceof S3ServiceException && error.name === 'PreconditionFailed') return ok('already');
    // 409: somebody is creating the same key right now; who comes second learns it by asking again.
    if (error instanceof S3ServiceException && error.name === 'ConditionalRequestConflict' && tries > 1)
      return createOnly(bucket, object, tries - 1);
    return unavailable(error);
  }
}

const lockOf = ({ retainUntil, legalHold }: NewObject) => ({
  ...(retainUntil === undefined
    ? {}
    : { ObjectLockMode: 'COMPLIANCE' as const, ObjectLockRetainUntilDate: retainUntil }),
  ...(legalHold === true ? { ObjectLockLegalHoldStatus: 'ON' as const } : {}),
});

export async function readObject(bucket: Bucket, key: string): Promise<Result<Uint8Array | undefined, StoreFault>> {
  try {
    const found = await bucket.client.send(new GetObjectCommand({ Bucket: bucket.name, Key: key }));
    return ok(found.Body === undefined ? new Uint8Array() : await found.Body.transformToByteArray());
  } catch (error) {
    return error instanceof NoSuchKey ? ok(undefined) : unavailable(error);
  }
}

export async function sizeOfObject(bucket: Bucket, key: string): Promise<Result<number | undefined, StoreFault>> {
  try {
    const found = await bucket.client.send(new HeadObjectCommand({ Bucket: bucket.name, Key: key }));
    return ok(found.ContentLength ?? 0);
  } catch (error) {
    return error instanceof NotFound ? ok(undefined) : unavailable(error);
  }
}

/** Pages of a thousand, asked for as they are needed. */
export async function* listObjects(
  bucket: Bucket,
  prefix: string,
  after?: string,
): AsyncGenerator<Result<ObjectFacts, StoreFault>> {
  let token: string | undefined;
  do {
    const page = await listPage(bucket, { prefix, after, token });
    if (!page.ok) {
      yield page;
      return;
    }
    for (const { Key, Size } of page.value.Contents ?? []) yield ok({ key: Key ?? '', bytes: Size ?? 0 });
    token = page.value.NextContinuationToken;
  } while (token !== undefined);
}

interface PageOf {
  readonly prefix: string;
  readonly after: string | undefined;
  readonly token: string | undefined;
}

async function listPage(bucket: Bucket, { prefix, after, token }: PageOf) {
  try {
    const from =
      token === undefined ? { ...(after === undefined ? {} : { StartAfter: after }) } : { ContinuationToken: token };
    return ok(await bucket.client.send(new ListObjectsV2Command({ Bucket: bucket.name, Prefix: prefix, ...from })));
  } catch (error) {
    return unavailable(error);
  }
}

export function unavailable(error: unknown): { ok: false; error: StoreFault } {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error';
  return err({ code: 'record_unavailable', message });
}
