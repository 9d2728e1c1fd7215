import { randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectRetentionCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  PutObjectRetentionCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { GetObjectCommandInput, PutObjectCommandInput } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Endpoint } from './endpoint.ts';

const named = (name: string): unknown => expect.objectContaining({ name });
const status = (code: number): unknown =>
  expect.objectContaining({ $metadata: expect.objectContaining({ httpStatusCode: code }) as unknown });

/** What archive and configuration rely on. Runs against the embedded S3, LocalStack's, or AWS's. */
export function s3Contract(name: string, open: () => Promise<Endpoint>): void {
  describe(`S3 contract: ${name}`, () => {
    const Bucket = `contract-${randomUUID()}`;
    const plain = `contract-${randomUUID()}`;
    let endpoint: Endpoint;
    let client: S3Client;
    const put = (
      Key: string,
      Body: NonNullable<PutObjectCommandInput['Body']>,
      more: Partial<PutObjectCommandInput> = {},
    ) => client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
    const text = async (Key: string, more: Partial<GetObjectCommandInput> = {}): Promise<string | undefined> =>
      (await client.send(new GetObjectCommand({ Bucket, Key, ...more }))).Body?.transformToString();

    beforeAll(async () => {
      endpoint = await open();
      client = new S3Client({ ...endpoint.settings, forcePathStyle: true });
      await client.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
      await client.send(new CreateBucketCommand({ Bucket: plain }));
    });
    afterAll(async () => {
      await client.send(new DeleteBucketCommand({ Bucket: plain }));
      client.destroy();
      await endpoint.close();
    });

    test('a bucket with Object Lock is versioned, listed and found', async () => {
      await client.send(new HeadBucketCommand({ Bucket }));
      expect((await client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled');
      expect((await client.send(new GetBucketVersioningCommand({ Bucket: plain }))).Status).toBeUndefined();
      expect((await client.send(new ListBucketsCommand({}))).Buckets?.map((one) => one.Name)).toEqual(
        expect.arrayContaining([Bucket, plain]),
      );
      await expect(client.send(new HeadBucketCommand({ Bucket: `not-${Bucket}` }))).rejects.toThrow(status(404));
    });

    test('bytes, metadata and headers come back as they were put', async () => {
      const body = randomBytes(100_000);
      const stored = await put('a/bytes', body, {
        ContentType: 'application/x-test',
        ContentEncoding: 'gzip',
        Metadata: { session: '01J', seal: 'abc' },
      });
      const got = await client.send(new GetObjectCommand({ Bucket, Key: 'a/bytes' }));
      expect(Buffer.from((await got.Body?.transformToByteArray()) ?? [])).toEqual(body);
      expect(got).toMatchObject({
        ContentType: 'application/x-test',
        ContentEncoding: 'gzip',
        ContentLength: 100_000,
        Metadata: { session: '01J', seal: 'abc' },
        ETag: stored.ETag,
        VersionId: stored.VersionId,
      });
      const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'a/bytes' }));
      expect([head.ContentLength, head.ETag]).toEqual([100_000, stored.ETag]);
    });

    test.each(['CRC32', 'SHA256', 'SHA1'] as const)(
      'a %s checksum is checked, kept and given back',
      async (ChecksumAlgorithm) => {
        await put(`sum-${ChecksumAlgorithm}`, 'content', { ChecksumAlgorithm });
        const got = await client.send(
          new GetObjectCommand({ Bucket, Key: `sum-${ChecksumAlgorithm}`, ChecksumMode: 'ENABLED' }),
        );
        expect(got[`Checksum${ChecksumAlgorithm}`]).toMatch(/=$/);
        expect(await got.Body?.transformToString()).toBe('content');
      },
    );

    test('a checksum that does not fit is refused and nothing is stored', async () => {
      await expect(put('damaged', 'content', { ChecksumSHA256: Buffer.alloc(32).toString('base64') })).rejects.toThrow(
        status(400),
      );
      await expect(text('damaged')).rejects.toThrow(named('NoSuchKey'));
    });

    test('a streamed body of many chunks arrives whole', async () => {
      const chunks = Array.from({ length: 20 }, () => randomBytes(10_007));
      await put('streamed', Readable.from(chunks), { ContentLength: 200_140, ContentEncoding: 'gzip' });
      const got = await client.send(new GetObjectCommand({ Bucket, Key: 'streamed' }));
      expect(Buffer.from((await got.Body?.transformToByteArray()) ?? [])).toEqual(Buffer.concat(chunks));
      expect(got.ContentEncoding).toBe('gzip');
    });

    test('an empty object is an object', async () => {
      await put('empty', '');
      expect(await text('empty')).toBe('');
    });

    test('of many creates of one key at the same time exactly one wins', async () => {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 12 }, (_, writer) => put('race', `writer ${writer}`, { IfNoneMatch: '*' })),
      );
      const won = outcomes.flatMap((outcome, writer) => (outcome.status === 'fulfilled' ? [writer] : []));
      expect(won).toHaveLength(1);
      expect(await text('race')).toBe(`writer ${won[0] ?? ''}`);
      await expect(put('race', 'later', { IfNoneMatch: '*' })).rejects.toThrow(named('PreconditionFailed'));
    });

    test('If-Match replaces only what it names', async () => {
      const { ETag } = await put('swap', 'one');
      await put('swap', 'two', { IfMatch: ETag });
      await expect(put('swap', 'three', { IfMatch: ETag })).rejects.toThrow(status(412));
      await expect(put('swap-missing', 'x', { IfMatch: ETag })).rejects.toThrow(status(404));
      expect(await text('swap')).toBe('two');
    });

    test('what has not changed is not sent again', async () => {
      const { ETag } = await put('cached', 'content');
      await expect(text('cached', { IfNoneMatch: ETag })).rejects.toThrow(status(304));
      await expect(text('cached', { IfMatch: '"other"' })).rejects.toThrow(status(412));
    });

    test.each([
      ['bytes=0-3', '0123', 'bytes 0-3/10'],
      ['bytes=4-', '456789', 'bytes 4-9/10'],
      ['bytes=-2', '89', 'bytes 8-9/10'],
      ['bytes=8-100', '89', 'bytes 8-9/10'],
    ])('the range %s gives %s', async (Range, expected, ContentRange) => {
      await put('ranged', '0123456789');
      const got = await client.send(new GetObjectCommand({ Bucket, Key: 'ranged', Range }));
      expect(await got.Body?.transformToString()).toBe(expected);
      expect(got.ContentRange).toBe(ContentRange);
    });

    test('a range behind the end is refused', async () => {
      await put('ranged', '0123456789');
      await expect(text('ranged', { Range: 'bytes=10-' })).rejects.toThrow(status(416));
    });

    test('a listing folds at the delimiter and goes on from page to page, in the order of the bytes', async () => {
      const keys = ['a', 'b/1', 'b/2', 'b/c/3', 'c', 'd/x', 'ü', '\uffee', '\u{1f600}'].map((key) => `list/${key}`);
      for (const key of keys) await put(key, key);
      const pages: unknown[] = [];
      let ContinuationToken: string | undefined;
      do {
        const listed = await client.send(
          new ListObjectsV2Command({ Bucket, Prefix: 'list/', Delimiter: '/', MaxKeys: 2, ContinuationToken }),
        );
        pages.push(
          ...(listed.Contents ?? []).map((one) => one.Key),
          ...(listed.CommonPrefixes ?? []).map((one) => one.Prefix),
        );
        expect(listed.KeyCount).toBeLessThanOrEqual(2);
        ContinuationToken = listed.NextContinuationToken;
      } while (ContinuationToken !== undefined && pages.length < 20);
      expect(pages).toHaveLength(7);
      expect(new Set(pages)).toEqual(
        new Set(['list/a', 'list/b/', 'list/c', 'list/d/', 'list/ü', 'list/\uffee', 'list/\u{1f600}']),
      );
      const all = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'list/' }));
      expect(all.Contents?.map((one) => one.Key)).toEqual(keys);
      const later = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'list/', StartAfter: 'list/c' }));
      expect(later.Contents?.[0]?.Key).toBe('list/d/x');
    });

    test.each([
      '../../escape',
      'a//b',
      './x',
      'sp ace+plus',
      'q?mark=1&x',
      'per%25cent',
      'line\nbreak',
      '<&>"\'',
      'end/',
    ])('the key %j is a name like any other', async (Key) => {
      await put(`odd/${Key}`, Key);
      expect(await text(`odd/${Key}`)).toBe(Key);
      const listed = await client.send(new ListObjectsV2Command({ Bucket, Prefix: `odd/${Key}` }));
      expect(listed.Contents?.map((one) => one.Key)).toEqual([`odd/${Key}`]);
    });

    test('a delete hides an object and keeps its versions', async () => {
      const first = await put('versions', 'one');
      const second = await put('versions', 'two');
      const marker = await client.send(new DeleteObjectCommand({ Bucket, Key: 'versions' }));
      expect(marker.DeleteMarker).toBe(true);
      await expect(text('versions')).rejects.toThrow(named('NoSuchKey'));
      expect(await text('versions', { VersionId: first.VersionId })).toBe('one');
      const listed = await client.send(new ListObjectVersionsCommand({ Bucket, Prefix: 'versions' }));
      expect(listed.Versions?.map((one) => [one.VersionId, one.IsLatest])).toEqual([
        [second.VersionId, false],
        [first.VersionId, false],
      ]);
      expect(listed.DeleteMarkers?.map((one) => one.IsLatest)).toEqual([true]);
      await client.send(new DeleteObjectCommand({ Bucket, Key: 'versions', VersionId: marker.VersionId }));
      expect(await text('versions')).toBe('two');
    });

    test('a hidden object can be created again, since nothing is current', async () => {
      await put('again', 'one', { IfNoneMatch: '*' });
      await client.send(new DeleteObjectCommand({ Bucket, Key: 'again' }));
      await put('again', 'two', { IfNoneMatch: '*' });
      expect(await text('again')).toBe('two');
    });

    test('a locked version is not deleted, and its retention only grows', async () => {
      const until = new Date(Date.now() + 60_000);
      const { VersionId } = await put('locked', 'kept', {
        ObjectLockMode: 'GOVERNANCE',
        ObjectLockRetainUntilDate: until,
        ChecksumAlgorithm: 'SHA256',
      });
      const remove = (more: object = {}): Promise<unknown> =>
        client.send(new DeleteObjectCommand({ Bucket, Key: 'locked', VersionId, ...more }));
      const retain = (RetainUntilDate: Date): Promise<unknown> =>
        client.send(
          new PutObjectRetentionCommand({ Bucket, Key: 'locked', Retention: { Mode: 'GOVERNANCE', RetainUntilDate } }),
        );
      await expect(remove()).rejects.toThrow(named('AccessDenied'));
      await expect(retain(new Date(until.getTime() - 30_000))).rejects.toThrow(named('AccessDenied'));
      await retain(new Date(until.getTime() + 60_000));
      const { Retention } = await client.send(new GetObjectRetentionCommand({ Bucket, Key: 'locked' }));
      expect(Retention).toEqual({ Mode: 'GOVERNANCE', RetainUntilDate: new Date(until.getTime() + 60_000) });
      expect(await text('locked')).toBe('kept');
      await remove({ BypassGovernanceRetention: true });
      await expect(text('locked')).rejects.toThrow(named('NoSuchKey'));
    });

    test.each([
      ['a key above 1,024 bytes', () => put('k'.repeat(1_025), 'x'), 400],
      ['metadata above 2 KB', () => put('meta', 'x', { Metadata: { big: 'x'.repeat(2_100) } }), 400],
      [
        'a lock in the past',
        () => put('past', 'x', { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: new Date(0) }),
        400,
      ],
      ['a bucket name with capitals', () => client.send(new CreateBucketCommand({ Bucket: 'Capital-Letters' })), 400],
      ['a lock where there is none', () => client.send(new GetObjectRetentionCommand({ Bucket, Key: 'empty' })), 404],
    ])('%s is refused', async (_, act, code) => {
      await expect(act()).rejects.toThrow(status(code));
    });
  });
}
