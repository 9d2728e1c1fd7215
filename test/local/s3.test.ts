import { appendFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startS3 } from '../../infra/local/services/s3/server.ts';
import type { EmbeddedService } from '../../infra/local/services/service.ts';
import { embedded, givenEndpoint, outside, settingsFor, temporaryFolder } from './endpoint.ts';
import { rawRequest } from './raw-http.ts';
import { s3Contract } from './s3.contract.ts';

s3Contract(
  'embedded',
  embedded((stateDir) => startS3({ stateDir })),
);
const given = givenEndpoint('AWS_ENDPOINT_URL_S3');
if (given !== undefined) s3Contract(given, outside(given));

const Bucket = 'archive';
const signed = { authorization: 'AWS4-HMAC-SHA256 x' };

describe('embedded S3', () => {
  let stateDir: string;
  let service: EmbeddedService;
  let client: S3Client;
  let now: Date;

  // No forcePathStyle: for an endpoint that is an IP address the SDK chooses path style by itself.
  const start = async (): Promise<void> => {
    service = await startS3({ stateDir, clock: () => now });
    client = new S3Client(settingsFor(service.url));
  };
  const put = (Key: string, Body: string, more: object = {}): Promise<unknown> =>
    client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
  const text = async (Key: string): Promise<string | undefined> =>
    (await client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
  const journal = (): string => join(stateDir, 's3', 'journal.jsonl');

  beforeEach(async () => {
    now = new Date('2026-11-21T06:00:00Z');
    stateDir = await temporaryFolder();
    await start();
    await client.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
  });
  afterEach(async () => {
    client.destroy();
    await service.close();
    await rm(stateDir, { recursive: true, force: true });
  });

  test('objects, versions and locks are still there after a restart', async () => {
    const lock = {
      ObjectLockMode: 'COMPLIANCE',
      ObjectLockRetainUntilDate: new Date('2027-01-01'),
      ChecksumAlgorithm: 'SHA256',
    };
    await put('kept', 'one', lock);
    await put('kept', 'two');
    await service.close();
    await start();
    expect(await text('kept')).toBe('two');
    const versions = await client.send(new HeadObjectCommand({ Bucket, Key: 'kept' }));
    expect(versions.ObjectLockMode).toBeUndefined();
    await expect(put('kept', 'three', { IfNoneMatch: '*' })).rejects.toThrow(
      expect.objectContaining({ name: 'PreconditionFailed' }) as Error,
    );
  });

  test('a line that a crash cut off is dropped, with the bytes that it would have named', async () => {
    await put('kept', 'one');
    await service.close();
    await appendFile(journal(), '{"op":"put","bucket":"archive","version":{"key":"half');
    await writeFile(join(stateDir, 's3', 'blobs', 'orphan'), 'bytes');
    await start();
    expect(await text('kept')).toBe('one');
    expect(await readdir(join(stateDir, 's3', 'blobs'))).toHaveLength(1);
    await put('next', 'two');
    await service.close();
    await start();
    expect(await text('next')).toBe('two');
  });

  test('damage in the middle stops the start instead of losing objects', async () => {
    await put('kept', 'one');
    await service.close();
    const lines = (await readFile(journal(), 'utf8')).split('\n');
    await writeFile(journal(), ['{"op":"nonsense"}', ...lines].join('\n'));
    expect(() => startS3({ stateDir })).toThrow('line 1 is damaged');
    await writeFile(journal(), lines.join('\n'));
    await start();
  });

  test('COMPLIANCE cannot be bypassed until its time is over', async () => {
    const lock = {
      ObjectLockMode: 'COMPLIANCE',
      ObjectLockRetainUntilDate: new Date('2026-11-22'),
      ChecksumAlgorithm: 'SHA256',
    };
    const { VersionId } = (await put('locked', 'x', lock)) as { VersionId?: string };
    const remove = (): Promise<unknown> =>
      client.send(new DeleteObjectCommand({ Bucket, Key: 'locked', VersionId, BypassGovernanceRetention: true }));
    await expect(remove()).rejects.toThrow(expect.objectContaining({ name: 'AccessDenied' }) as Error);
    now = new Date('2026-11-22T00:00:01Z');
    await remove();
    await expect(text('locked')).rejects.toThrow(expect.objectContaining({ name: 'NoSuchKey' }) as Error);
  });

  test('the default retention of a bucket locks what is put without one', async () => {
    const Rule = { DefaultRetention: { Mode: 'GOVERNANCE' as const, Days: 7 } };
    const ObjectLockConfiguration = { ObjectLockEnabled: 'Enabled' as const, Rule };
    await client.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration }));
    await put('new', 'x');
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'new' }));
    expect([head.ObjectLockMode, head.ObjectLockRetainUntilDate]).toEqual([
      'GOVERNANCE',
      new Date('2026-11-28T06:00:00Z'),
    ]);
  });

  test.each([
    ['a bucket policy', () => client.send(new PutBucketPolicyCommand({ Bucket, Policy: '{}' }))],
    ['a multipart upload', () => client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'k' }))],
    ['a copy', () => client.send(new CopyObjectCommand({ Bucket, Key: 'k', CopySource: 'archive/x' }))],
    ['a CRC-32C', () => put('k', 'x', { ChecksumCRC32C: 'AAAAAA==' })],
  ])('%s is refused as not implemented', async (_, act) => {
    await expect(act()).rejects.toThrow(expect.objectContaining({ name: 'NotImplemented' }) as Error);
  });

  test('versioning of a locked bucket cannot be suspended', async () => {
    const VersioningConfiguration = { Status: 'Suspended' as const };
    await expect(client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }))).rejects.toThrow(
      expect.objectContaining({ name: 'InvalidBucketState' }) as Error,
    );
  });

  test('a bucket in the host name is the bucket of the path', async () => {
    await put('a/b', 'content');
    const got = await rawRequest(service.url, 'GET', '/a/b', { ...signed, host: 'archive.localhost' });
    expect([got.status, got.body]).toEqual([200, 'content']);
  });

  test.each([
    ['no signature', 'GET', '/archive/x', {}, '', 403, 'AccessDenied'],
    [
      'a page of another site, by a rebound name',
      'GET',
      '/archive/x',
      { ...signed, host: 'evil.example' },
      '',
      403,
      'AccessDenied',
    ],
    ['a path that is not UTF-8', 'GET', '/archive/%ff', signed, '', 400, 'InvalidURI'],
    ['a side it lacks', 'GET', '/archive?acl', signed, '', 501, 'NotImplemented'],
    [
      'a presigned address that is over',
      'GET',
      '/archive/x?X-Amz-Signature=a&X-Amz-Date=20261121T050000Z&X-Amz-Expires=60',
      {},
      '',
      403,
      'AccessDenied',
    ],
    [
      'XML with a doctype',
      'PUT',
      '/archive?versioning',
      signed,
      '<!DOCTYPE x><Status>Enabled</Status>',
      400,
      'MalformedXML',
    ],
    [
      'chunks that end early',
      'PUT',
      '/archive/x',
      { ...signed, 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'x-amz-decoded-content-length': '9' },
      '9\r\nabc',
      400,
      'IncompleteBody',
    ],
    [
      'chunks of another length',
      'PUT',
      '/archive/x',
      { ...signed, 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'x-amz-decoded-content-length': '9' },
      '3\r\nabc\r\n0\r\n\r\n',
      400,
      'IncompleteBody',
    ],
    [
      'a trailer that does not fit',
      'PUT',
      '/archive/x',
      { ...signed, 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'x-amz-decoded-content-length': '3' },
      '3\r\nabc\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n',
      400,
      'BadDigest',
    ],
    [
      'another body than was signed',
      'PUT',
      '/archive/x',
      { ...signed, 'x-amz-content-sha256': '0'.repeat(64) },
      'abc',
      400,
      'XAmzContentSHA256Mismatch',
    ],
    [
      'If-None-Match with a tag on a write',
      'PUT',
      '/archive/x',
      { ...signed, 'if-none-match': '"a"' },
      'abc',
      501,
      'NotImplemented',
    ],
  ])('%s is refused in S3’s error shape, and stores nothing', async (_, method, path, headers, body, status, code) => {
    const length = { 'content-length': String(body.length) };
    const answer = await rawRequest(
      service.url,
      method,
      path,
      { ...length, ...(headers as Record<string, string>) },
      body,
    );
    expect([answer.status, /<Code>(.*)<\/Code>/.exec(answer.body)?.[1]]).toEqual([status, code]);
    await expect(text('x')).rejects.toThrow(expect.objectContaining({ name: 'NoSuchKey' }) as Error);
  });

  test('a body above 64 MiB is refused before it is read', async () => {
    const headers = { ...signed, 'content-length': String(64 * 1024 * 1024 + 1) };
    const answer = await rawRequest(service.url, 'PUT', '/archive/x', headers).catch((error: unknown) => error);
    expect(answer).toMatchObject({ status: 400, body: expect.stringContaining('EntityTooLarge') as string });
  });
});
