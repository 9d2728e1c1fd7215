import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestKey, hourAfter, hourOf, hourOfKey, type SignedDigest } from '../../shared/domain/digest.ts';
import { isSigned, readDigest, verifyingKey } from '../../shared/gateway/record/digests/digest-object.ts';
import { writeDigests, type DigestDeps } from '../../shared/gateway/record/digests/write-digests.ts';
import { sha256Hex } from '../../shared/platform/canonical.ts';
import { err, type Result } from '../../shared/platform/result.ts';
import { deliveredObject, localSigner, memoryQueue, SILENT } from '../support/digests.ts';
import { memoryObjects } from '../support/memory-objects.ts';

const signer = localSigner();

function world(at: string) {
  let now = new Date(at);
  const [queue, archive, anchor] = [memoryQueue(), memoryObjects(), memoryObjects()];
  const deps: DigestDeps = { queue, archive, archiveName: 'archive', signer, clock: () => now, log: SILENT };
  return {
    deps,
    queue,
    archive,
    anchor,
    run: (with_: Partial<DigestDeps> = {}) => writeDigests({ ...deps, ...with_ }),
    to: (instant: string) => (now = new Date(instant)),
    digests: (of = archive) =>
      [...of.objects].filter(([key]) => hourOfKey(key) !== undefined).sort(([a], [b]) => (a < b ? -1 : 1)),
  };
}

const signedOf = (bytes: Uint8Array): SignedDigest => {
  const read = readDigest(bytes);
  if (!read.ok) throw new Error(read.error);
  return read.value;
};

describe('an hour', () => {
  test.each([
    ['2026-11-21T07:00:00.000Z', 'digests/2026/11/21/07.json'],
    ['2027-01-01T00:00:00.000Z', 'digests/2027/01/01/00.json'],
  ])('%s has the key %s', (hour, key) => {
    expect(digestKey(hour)).toBe(key);
    expect(hourOfKey(key)).toBe(hour);
  });

  test.each([
    'digests/2026/02/31/07.json',
    'digests/2026/11/21/24.json',
    'digests/2026/11/21/7.json',
    'digests/2026/11/21/07.json.bak',
    'sessions/2026/11/21/07.json',
  ])('is not named by %s', (key) => {
    expect(hourOfKey(key)).toBeUndefined();
  });

  test('holds its first instant and not its last', () => {
    expect(hourOf(new Date('2026-11-21T07:59:59.999Z'))).toBe('2026-11-21T07:00:00.000Z');
    expect(hourAfter('2026-12-31T23:00:00.000Z')).toBe('2027-01-01T00:00:00.000Z');
  });
});

describe('digests', () => {
  test('begin with the last hour that has ended, name what was delivered, and are signed', async () => {
    const { run, queue, digests } = world('2026-11-21T08:02:00.000Z');
    // One was archived in the last second of the hour, one so soon after that it must have ended in it.
    queue.deliver(deliveredObject('b'), '2026-11-21T07:59:59.999Z');
    queue.deliver(deliveredObject('a'), '2026-11-21T08:01:59.999Z');
    queue.deliver(deliveredObject('later'), '2026-11-21T08:02:00.000Z');
    expect(await run()).toEqual({ ok: true, value: { written: 1, objects: 2, newest: '2026-11-21T07:00:00.000Z' } });
    const [[key, bytes] = ['', new Uint8Array()], ...others] = digests();
    expect([key, others.length]).toEqual(['digests/2026/11/21/07.json', 0]);
    const signed = signedOf(bytes);
    expect(signed.digest).toMatchObject({ hour: '2026-11-21T07:00:00.000Z', previous: null, total: 2 });
    expect(signed.digest.objects.map((one) => one.key.slice(-11, -10))).toEqual(['a', 'b']);
    const verifying = verifyingKey(signer.pem);
    expect(verifying.ok && isSigned(signed, verifying.value)).toBe(true);
    const stranger = verifyingKey(localSigner().pem);
    expect(stranger.ok && isSigned(signed, stranger.value)).toBe(false);
    expect([...queue.waiting.keys()]).toEqual(['later']);
  });

  test.each(['2026-11-21T08:00:00.000Z', '2026-11-21T08:01:59.999Z'])(
    'of an hour wait until it is over: %s',
    async (at) => {
      const { run, queue, digests } = world(at);
      queue.deliver(deliveredObject('a'), '2026-11-21T07:30:00.000Z');
      await run();
      expect(digests().map(([key]) => key)).toEqual(['digests/2026/11/21/06.json']);
      expect(queue.waiting.size).toBe(1);
    },
  );

  test('are written for empty hours, and for those that were missed, each naming the one before', async () => {
    const { run, queue, digests, to } = world('2026-11-21T08:05:00.000Z');
    await run();
    queue.deliver(deliveredObject('a'), '2026-11-21T10:30:00.000Z');
    to('2026-11-21T13:05:00.000Z');
    expect(await run()).toEqual({ ok: true, value: { written: 5, objects: 1, newest: '2026-11-21T12:00:00.000Z' } });
    expect(await run()).toEqual({ ok: true, value: { written: 0, objects: 0, newest: '2026-11-21T12:00:00.000Z' } });
    const all = digests();
    expect(all.map(([key]) => key.slice(-7, -5))).toEqual(['07', '08', '09', '10', '11', '12']);
    expect(all.map(([, bytes]) => signedOf(bytes).digest.total)).toEqual([0, 0, 0, 1, 1, 1]);
    for (const [index, [, bytes]] of all.entries()) {
      const before = all[index - 1];
      expect(signedOf(bytes).digest.previous).toEqual(
        before === undefined ? null : { key: before[0], sha256: sha256Hex(before[1]) },
      );
    }
  });

  test('make up two days in one run and the rest in the next', async () => {
    const { run, digests, to } = world('2026-11-21T08:05:00.000Z');
    await run();
    to('2026-11-24T08:05:00.000Z');
    expect(await run()).toMatchObject({ value: { written: 48 } });
    expect(await run()).toMatchObject({ value: { written: 24 } });
    expect(digests()).toHaveLength(73);
  });

  test('find the last one after more than a month without any', async () => {
    const { run, digests, to } = world('2026-01-01T08:05:00.000Z');
    await run();
    to('2026-11-21T08:05:00.000Z');
    await run();
    expect(digests()[1]?.[0]).toBe('digests/2026/01/01/08.json');
  });

  test('do not go on from one that cannot be read, and do not begin anew', async () => {
    const { run, archive, digests, to } = world('2026-11-21T08:05:00.000Z');
    await run();
    archive.objects.set('digests/2026/11/21/07.json', new TextEncoder().encode('{}'));
    to('2026-11-21T09:05:00.000Z');
    expect(await run()).toMatchObject({ ok: false, error: { message: expect.stringContaining('07.json') as string } });
    expect(digests()).toHaveLength(1);
  });

  test('are not written with a signature that does not verify', async () => {
    const { run, digests } = world('2026-11-21T08:05:00.000Z');
    const other = localSigner();
    expect(await run({ signer: { ...signer, sign: (hash) => other.sign(hash) } })).toMatchObject({ ok: false });
    expect(digests()).toEqual([]);
  });

  test('are anchored before the next is written, and made up for when the anchor was away', async () => {
    const { run, anchor, digests, to, queue } = world('2026-11-21T08:05:00.000Z');
    await run({ anchor });
    expect(digests(anchor)).toEqual(digests());
    const away = {
      ...anchor,
      create: () => Promise.resolve(err({ code: 'record_unavailable', message: 'away' } as const)),
    };
    to('2026-11-21T11:05:00.000Z');
    queue.deliver(deliveredObject('a'), '2026-11-21T08:30:00.000Z');
    expect(await run({ anchor: away })).toMatchObject({ ok: false });
    expect(await run({ anchor: away })).toMatchObject({ ok: false });
    expect(await run({ anchor })).toMatchObject({ ok: true });
    expect(digests().map(([key]) => key.slice(-7, -5))).toEqual(['07', '08', '09', '10']);
    expect(digests(anchor)).toEqual(digests());
  });

  test('lie beside the public key that signed them', async () => {
    const { run, archive } = world('2026-11-21T08:05:00.000Z');
    await run();
    const key = await signer.publicKey();
    const name = key.ok ? key.value.fingerprint : '';
    expect(Buffer.from(archive.objects.get(`keys/${name}.pem`) ?? []).toString()).toBe(signer.pem);
  });
});

/** Every call of a port may fail before it did anything, or after it did all of it: what a crash leaves behind. */
function failing<T extends object>(port: T, faults: () => 'none' | 'before' | 'after', turn: () => Promise<void>): T {
  const fault = err({ code: 'record_unavailable', message: 'injected' } as const);
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function' || name === 'list') return member;
      return async (...words: unknown[]) => {
        await turn();
        const how = faults();
        if (how === 'before') return fault;
        const answer = (await Reflect.apply(member, target, words)) as Result<unknown, unknown>;
        return how === 'after' ? fault : answer;
      };
    },
  });
}

test('every archived object is in exactly one digest, whatever fails, is delivered late, or runs twice at once', async () => {
  const step = fc.record({
    deliver: fc.array(fc.record({ id: fc.integer({ min: 0, max: 30 }), late: fc.integer({ min: 0, max: 200 }) }), {
      maxLength: 5,
    }),
    minutes: fc.integer({ min: 1, max: 150 }),
    runs: fc.integer({ min: 0, max: 3 }),
    faults: fc.array(fc.constantFrom('none', 'none', 'none', 'before', 'after'), { maxLength: 30 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.scheduler(), async (steps, scheduler) => {
      const { deps, queue, archive, digests, to } = world('2026-11-21T08:05:00.000Z');
      let at = Date.parse('2026-11-21T08:05:00.000Z');
      const delivered = new Set<string>();
      for (const { deliver, minutes, runs, faults } of steps) {
        at += minutes * 60_000;
        to(new Date(at).toISOString());
        for (const { id, late } of deliver) {
          delivered.add(deliveredObject(String(id)).key);
          queue.deliver(deliveredObject(String(id)), new Date(at - late * 60_000).toISOString());
        }
        let call = 0;
        const fault = () => faults[(call += 1)] ?? 'none';
        const turn = () => scheduler.schedule(Promise.resolve());
        const shaky = { ...deps, queue: failing(deps.queue, fault, turn), archive: failing(archive, fault, turn) };
        const all = Promise.all(Array.from({ length: runs }, () => writeDigests(shaky)));
        await scheduler.waitFor(all);
      }
      to(new Date(at + 3 * 3_600_000).toISOString());
      expect(await writeDigests(deps)).toMatchObject({ ok: true });
      const named = digests().flatMap(([, bytes]) => signedOf(bytes).digest.objects.map(({ key }) => key));
      expect(named.toSorted()).toEqual([...delivered].toSorted());
      expect(queue.waiting.size).toBe(0);
      const hours = digests().map(([key]) => hourOfKey(key) ?? '');
      for (const [index, hour] of hours.slice(1).entries()) expect(hour).toBe(hourAfter(hours[index] ?? ''));
    }),
    { numRuns: 150 },
  );
});
