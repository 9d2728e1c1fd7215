import { gzipSync } from 'node:zlib';
import { GetObjectRetentionCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startS3 } from '../../infra/local/services/s3/server.ts';
import { createArchive, createBlobStore, createObjectStore } from '../../shared/aws/object-store.ts';
import type { Archive } from '../../shared/gateway/ports/archive.ts';
import type { BlobStore } from '../../shared/gateway/ports/blob-store.ts';
import { sha256Hex } from '../../shared/platform/canonical.ts';
import { embedded, givenEndpoint, outside, type Endpoint } from '../local/endpoint.ts';
import { makeArchiveBucket } from '../support/deployed.ts';
import { memoryArchive, memoryBlobs } from '../support/memory-objects.ts';

interface Opened {
  readonly blobs: BlobStore;
  readonly archive: Archive;
  close(): Promise<void>;
}

const UNTIL = new Date(Date.now() + 86_400_000);
const KEEPING = { until: UNTIL, legalHold: false };
const bytesOf = (text: string) => Buffer.from(text);

function contract(name: string, open: () => Promise<Opened>): void {
  describe(`blobs and archive: ${name}`, () => {
    let opened: Opened;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());
    const create = (key: string, text: string) => opened.archive.create(key, bytesOf(text), KEEPING);
    const facts = (text: string) => ({ sha256: sha256Hex(text), bytes: Buffer.byteLength(text) });

    test.each(['', 'x', '\u0000é😀', 'x'.repeat(1_000_000)])(
      'gives back what was put, named by what it is',
      async (text) => {
        const put = await opened.blobs.put(bytesOf(text));
        expect(put).toEqual({ ok: true, value: { sha256: sha256Hex(text), bytes: Buffer.byteLength(text) } });
        const got = put.ok ? await opened.blobs.get(put.value) : put;
        expect(got.ok && Buffer.from(got.value).toString()).toBe(text);
      },
    );

    test('puts the same twice, and at the same time, without a fault', async () => {
      const puts = await Promise.all(Array.from({ length: 5 }, () => opened.blobs.put(bytesOf('same'))));
      expect(puts.every(({ ok }) => ok)).toBe(true);
    });

    test('has no bytes for a name that nobody put', async () => {
      expect(await opened.blobs.get({ sha256: sha256Hex('never'), bytes: 5 })).toMatchObject({
        ok: false,
        error: { code: 'record_unavailable' },
      });
    });

    test('creates an archived session once: the same again is there already, other bytes are a fault', async () => {
      expect(await create('sessions/2026/11/21/a', 'one')).toEqual({
        ok: true,
        value: { kind: 'created', ...facts('one') },
      });
      expect(await create('sessions/2026/11/21/a', 'one')).toEqual({
        ok: true,
        value: { kind: 'already', ...facts('one') },
      });
      expect(await create('sessions/2026/11/21/a', 'two')).toMatchObject({
        ok: false,
        error: { code: 'record_unavailable' },
      });
    });

    test('lengthens nothing that is not there, and calls that a success', async () => {
      expect(await opened.archive.keepAsLong('blobs/nobody', KEEPING)).toMatchObject({ ok: true });
    });

    test('of two deliveries at once one creates it', async () => {
      const both = await Promise.all([create('sessions/x', 'same'), create('sessions/x', 'same')]);
      expect(both.map((one) => one.ok && one.value.kind).sort()).toEqual(['already', 'created']);
    });
  });
}

const over = (open: () => Promise<Endpoint>) => async () => {
  const endpoint = await open();
  const bucket = await makeArchiveBucket(endpoint.settings);
  return { blobs: createBlobStore(bucket), archive: createArchive(bucket), bucket, close: () => endpoint.close() };
};
const here = over(embedded((stateDir) => startS3({ stateDir })));

contract('in memory', () =>
  Promise.resolve({ blobs: memoryBlobs(), archive: memoryArchive(), close: () => Promise.resolve() }),
);
contract('embedded S3', here);
const given = givenEndpoint('AWS_ENDPOINT_URL_S3');
if (given !== undefined) contract(given, over(outside(given)));

describe('a part of a bucket on S3', () => {
  let opened: Awaited<ReturnType<typeof here>>;
  beforeAll(async () => {
    opened = await here();
  });
  afterAll(() => opened.close());

  test('is listed in the order of keys over all pages, from where it is asked, and read as it was written', async () => {
    const store = createObjectStore(opened.bucket);
    const keys = Array.from({ length: 1_005 }, (_, index) => `digests/${String(index).padStart(4, '0')}`);
    for (let at = 0; at < keys.length; at += 50)
      await Promise.all(keys.slice(at, at + 50).map((key) => store.create(key, bytesOf(key))));
    const list = async (prefix: string, after?: string) => {
      const found: string[] = [];
      for await (const object of store.list(prefix, after)) found.push(object.ok ? object.value.key : 'fault');
      return found;
    };
    expect(await list('digests/')).toEqual(keys);
    expect(await list('digests/', keys[1_003])).toEqual(keys.slice(1_004));
    expect(await list('nothing/')).toEqual([]);
    expect(await store.create(keys[0] ?? '', bytesOf('other'))).toEqual({ ok: true, value: 'already' });
    expect(await store.read(keys[0] ?? '')).toEqual({ ok: true, value: new Uint8Array(bytesOf(keys[0] ?? '')) });
    expect(await store.size(keys[0] ?? '')).toEqual({ ok: true, value: 12 });
    expect([await store.read('nothing'), await store.size('nothing')]).toEqual([
      { ok: true, value: undefined },
      { ok: true, value: undefined },
    ]);
  });

  test('that cannot be reached is a fault, and never an empty one', async () => {
    const store = createObjectStore({ client: opened.bucket.client, name: 'no-such-bucket' });
    for await (const object of store.list('')) expect(object.ok).toBe(false);
    expect([(await store.read('x')).ok, (await store.create('x', bytesOf('x'))).ok]).toEqual([false, false]);
  });
});

describe('the archive on S3', () => {
  let opened: Awaited<ReturnType<typeof here>>;
  let client: S3Client;
  beforeAll(async () => {
    opened = await here();
    client = opened.bucket.client;
  });
  afterAll(() => opened.close());

  test('keeps what a session refers to as long as the session, whoever put it there before, and never shorter', async () => {
    const day = 86_400_000;
    const put = await opened.blobs.put(bytesOf('answered long ago'));
    const Key = `blobs/${put.ok ? put.value.sha256 : ''}`;
    const lock = async (days: number, legalHold = false) => {
      const until = new Date(Math.floor(Date.now() / 1_000) * 1_000 + days * day);
      expect(await opened.archive.keepAsLong(Key, { until, legalHold })).toMatchObject({ ok: true });
      const head = await client.send(new HeadObjectCommand({ Bucket: opened.bucket.name, Key }));
      return { head, until };
    };
    const long = await lock(4_000);
    expect(long.head).toMatchObject({ ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: long.until });
    expect(long.head.ObjectLockLegalHoldStatus).toBeUndefined();
    const short = await lock(10, true);
    expect(short.head).toMatchObject({ ObjectLockRetainUntilDate: long.until, ObjectLockLegalHoldStatus: 'ON' });
    expect((await lock(11)).head).toMatchObject({
      ObjectLockRetainUntilDate: long.until,
      ObjectLockLegalHoldStatus: 'ON',
    });
  });

  test('locks each object until the date that it was given', async () => {
    await opened.archive.create('sessions/locked', bytesOf('x'), KEEPING);
    const { Retention } = await client.send(
      new GetObjectRetentionCommand({ Bucket: opened.bucket.name, Key: 'sessions/locked' }),
    );
    expect(Retention).toEqual({ Mode: 'COMPLIANCE', RetainUntilDate: UNTIL });
  });

  test.each([true, false])('puts an object under legal hold when it is asked to: %s', async (legalHold) => {
    const key = `sessions/held-${String(legalHold)}`;
    await opened.archive.create(key, bytesOf('x'), { ...KEEPING, legalHold });
    const head = await client.send(new HeadObjectCommand({ Bucket: opened.bucket.name, Key: key }));
    expect(head.ObjectLockLegalHoldStatus).toBe(legalHold ? 'ON' : undefined);
  });

  test('takes what unpacks to the same text for the same session, and answers the hash of what lies there', async () => {
    const [packed, other] = [gzipSync('text', { level: 1 }), gzipSync('text'.padEnd(4), { level: 9 })];
    const stored = Buffer.from(packed);
    // The byte that names the operating system: not part of what is packed.
    stored[9] = 7;
    await client.send(new PutObjectCommand({ Bucket: opened.bucket.name, Key: 'sessions/zlib', Body: stored }));
    expect(await opened.archive.create('sessions/zlib', other, KEEPING)).toEqual({
      ok: true,
      value: { kind: 'already', sha256: sha256Hex(stored), bytes: stored.byteLength },
    });
    expect(await opened.archive.create('sessions/zlib', gzipSync('other'), KEEPING)).toMatchObject({ ok: false });
  });

  test('refuses a blob whose bytes are not what its name says', async () => {
    const sha256 = sha256Hex('real');
    await client.send(new PutObjectCommand({ Bucket: opened.bucket.name, Key: `blobs/${sha256}`, Body: 'forged' }));
    expect(await opened.blobs.get({ sha256, bytes: 4 })).toMatchObject({
      ok: false,
      error: { code: 'record_unavailable' },
    });
  });

  test('finds its own object when the reply to creating it was lost and it was sent again', async () => {
    client.middlewareStack.add(
      (next) => async (call) => {
        await next(call);
        return next(call);
      },
      { step: 'finalizeRequest', priority: 'low', name: 'twice' },
    );
    try {
      expect(await opened.archive.create('sessions/twice', bytesOf('x'), KEEPING)).toEqual({
        ok: true,
        value: { kind: 'already', sha256: sha256Hex('x'), bytes: 1 },
      });
    } finally {
      client.middlewareStack.remove('twice');
    }
  });
});
