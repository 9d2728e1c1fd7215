import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { archiveBytes, archiveKey, archivedText } from '../../shared/gateway/record/archive-object.ts';
import type { HourRange } from '../../shared/gateway/record/verify/check-digests.ts';
import type { VerifyReport } from '../../shared/gateway/record/verify/verify-archive.ts';
import { body, chainOf, newId, sessionFrom } from '../support/chains.ts';
import { localSigner } from '../support/digests.ts';
import { BEGIN, generateInMemory, type GeneratedArchive } from '../support/generated-archive.ts';
import type { memoryObjects } from '../support/memory-objects.ts';
import { verifyObjects, type Objects } from '../support/verify.ts';

let original: GeneratedArchive<ReturnType<typeof memoryObjects>>;
beforeAll(async () => {
  original = await generateInMemory();
});

const copy = (): Objects => new Map([...original.store.objects].map(([key, bytes]) => [key, Uint8Array.from(bytes)]));

const verify = (
  objects: Objects,
  range: HourRange = {},
  pem = original.pem,
  now = original.now,
): Promise<VerifyReport> => verifyObjects(objects, { pems: [pem], now, range });

const keys = (prefix: string): string[] =>
  [...original.store.objects.keys()].filter((key) => key.startsWith(prefix)).sort();
const first = (report: VerifyReport) => report.findings[0];
const hour = (hours: number): string => new Date(BEGIN + hours * 3_600_000).toISOString();

describe('an archive that nobody touched', () => {
  test('is intact, and the report says what was read', async () => {
    expect(await verify(copy())).toEqual({
      intact: true,
      findings: [],
      wrong: 0,
      digests: 5,
      sessions: 12,
      blobs: 1,
      archive: 'archive',
      loose: 0,
      looseObjects: [],
      unproven: 0,
      bytes: expect.any(Number) as number,
      from: hour(0),
      until: hour(5),
    });
  });

  test.each<[string, HourRange, number]>([
    ['from the third hour on', { from: hour(2) }, 7],
    ['of the first two hours', { to: hour(2) }, 5],
    ['of one hour', { from: hour(1), to: hour(2) }, 2],
  ])('is intact %s', async (_range, range, sessions) => {
    expect(await verify(copy(), range)).toMatchObject({ intact: true, sessions });
  });

  test('counts a session whose hour is not over, and does not call it proven', async () => {
    const objects = copy();
    const late = sessionFrom(chainOf(newId(), [body.submitted(), body.refused], new Date(BEGIN + 5 * 3_600_000)));
    objects.set(archiveKey(late), archiveBytes(late));
    expect(await verify(objects)).toMatchObject({ intact: true, sessions: 12, unproven: 1 });
  });

  test('is not proven by another key', async () => {
    expect(first(await verify(copy(), {}, localSigner().pem))).toMatchObject({
      what: 'altered',
      key: keys('digests/')[0],
    });
  });
});

describe('what somebody did to it is told in one word, with the object', () => {
  const session = (index: number): string => keys('sessions/')[index] ?? '';
  const digest = (index: number): string => keys('digests/')[index] ?? '';
  const swap = (objects: Objects, a: string, b: string): void => {
    const [one, other] = [objects.get(a) ?? new Uint8Array(), objects.get(b) ?? new Uint8Array()];
    objects.set(a, other).set(b, one);
  };
  const change = (objects: Objects, key: string, edit: (text: string) => string): void => {
    objects.set(key, gzipSync(edit(archivedText(objects.get(key) ?? new Uint8Array()) ?? ''), { level: 9 }));
  };

  test.each<[string, string, () => string, (objects: Objects) => unknown]>([
    [
      'a statement was changed',
      'altered',
      () => session(4),
      (all) => {
        change(all, session(4), (text) => text.replace('SELECT', 'DELETE'));
      },
    ],
    [
      'an event was taken out',
      'altered',
      () => session(4),
      (all) => {
        change(all, session(4), (text) => text.split('\n').toSpliced(1, 1).join('\n'));
      },
    ],
    [
      'a session was packed anew',
      'altered',
      () => session(4),
      (all) => all.set(session(4), gzipSync(archivedText(all.get(session(4)) ?? new Uint8Array()) ?? '', { level: 1 })),
    ],
    [
      'a session was cut short',
      'altered',
      () => session(4),
      (all) => all.set(session(4), (all.get(session(4)) ?? new Uint8Array()).slice(0, -9)),
    ],
    ['a session was emptied', 'altered', () => session(4), (all) => all.set(session(4), new Uint8Array())],
    ['a session was deleted', 'deleted', () => session(4), (all) => all.delete(session(4))],
    ['the last session was deleted', 'deleted', () => session(11), (all) => all.delete(session(11))],
    ['a blob was deleted', 'deleted', () => keys('blobs/')[0] ?? '', (all) => all.delete(keys('blobs/')[0] ?? '')],
    [
      'a blob was changed',
      'altered',
      () => keys('blobs/')[0] ?? '',
      (all) => all.set(keys('blobs/')[0] ?? '', new Uint8Array(9)),
    ],
    [
      'the last digest was written with other blanks',
      'altered',
      () => digest(4),
      (all) => all.set(digest(4), Buffer.from(` ${Buffer.from(all.get(digest(4)) ?? []).toString()}`)),
    ],
    ['a digest was deleted', 'deleted', () => digest(2), (all) => all.delete(digest(2))],
    ['the first digest was deleted', 'deleted', () => digest(0), (all) => all.delete(digest(0))],
    ['the last digest was deleted', 'deleted', () => digest(4), (all) => all.delete(digest(4))],
    [
      'all digests were deleted',
      'deleted',
      () => digest(4),
      (all) => {
        for (const key of keys('digests/')) all.delete(key);
      },
    ],
    [
      'the exported key was deleted',
      'deleted',
      () => keys('keys/')[0] ?? '',
      (all) => all.delete(keys('keys/')[0] ?? ''),
    ],
    [
      'two sessions were swapped',
      'reordered',
      () => session(3),
      (all) => {
        swap(all, session(3), session(4));
      },
    ],
    [
      'two digests were swapped',
      'reordered',
      () => digest(1),
      (all) => {
        swap(all, digest(1), digest(3));
      },
    ],
    ['a file was added', 'added', () => 'notes.txt', (all) => all.set('notes.txt', Buffer.from('hello'))],
    [
      'a file was added among the sessions',
      'added',
      () => 'sessions/2026/11/20/x.ndjson.gz',
      (all) => all.set('sessions/2026/11/20/x.ndjson.gz', gzipSync('x')),
    ],
    [
      'a file was added among the digests',
      'added',
      () => 'digests/x.json',
      (all) => all.set('digests/x.json', Buffer.from('{}')),
    ],
    [
      'a session was copied to another day',
      'added',
      () => session(0).replace('/20/', '/22/'),
      (all) => all.set(session(0).replace('/20/', '/22/'), all.get(session(0)) ?? new Uint8Array()),
    ],
    [
      'a session was renamed',
      'deleted',
      () => session(4),
      (all) => {
        all.set(`${session(4).slice(0, -10)}0.ndjson.gz`, all.get(session(4)) ?? new Uint8Array());
        all.delete(session(4));
      },
    ],
  ])('%s: %s', async (_what, word, key, harm) => {
    const objects = copy();
    harm(objects);
    const report = await verify(objects);
    expect(report.intact).toBe(false);
    expect(first(report)).toMatchObject({ what: word, key: key() });
  });

  test('a whole session was forged into an hour that was signed: backdated', async () => {
    const objects = copy();
    const forged = sessionFrom(chainOf(newId(), [body.submitted(), body.refused], new Date(BEGIN + 1_800_000)));
    objects.set(archiveKey(forged), archiveBytes(forged));
    expect(first(await verify(objects))).toMatchObject({ what: 'backdated', key: archiveKey(forged) });
  });

  test('an archive that ends early is taken for cut off, unless its end is named', async () => {
    const later = new Date(original.now.getTime() + 2 * 3_600_000);
    expect(first(await verify(copy(), {}, original.pem, later))).toMatchObject({ what: 'deleted' });
    expect(await verify(copy(), { to: hour(5) }, original.pem, later)).toMatchObject({ intact: true });
  });

  test('more than a hundred findings are counted and not all listed', async () => {
    const objects = copy();
    for (let index = 0; index < 150; index += 1) objects.set(`junk/${String(index)}`, new Uint8Array());
    const report = await verify(objects);
    expect([report.wrong, report.findings.length]).toEqual([150, 100]);
  });
});

test('every one of a thousand random bit flips, deletions, swaps and renamings is found', async () => {
  const all = keys('');
  const harm = fc.oneof(
    fc.record({ kind: fc.constant('flip' as const), at: fc.nat(), bit: fc.nat() }),
    fc.record({ kind: fc.constant('name' as const), at: fc.nat(), bit: fc.nat() }),
    fc.record({ kind: fc.constant('delete' as const), at: fc.nat(), bit: fc.nat() }),
    fc.record({ kind: fc.constant('swap' as const), at: fc.nat(), bit: fc.nat() }),
  );
  await fc.assert(
    fc.asyncProperty(harm, async ({ kind, at, bit }) => {
      const key = all[at % all.length] ?? '';
      const objects = copy();
      const bytes = objects.get(key) ?? new Uint8Array();
      if (kind === 'flip') {
        const place = bit % (bytes.length * 8);
        bytes[place >> 3] = (bytes[place >> 3] ?? 0) ^ (1 << (place & 7));
      } else if (kind === 'swap') {
        const other = all[(at + 1 + (bit % (all.length - 1))) % all.length] ?? '';
        objects.set(key, objects.get(other) ?? new Uint8Array()).set(other, bytes);
      } else {
        objects.delete(key);
        if (kind === 'name') objects.set(flipped(key, bit), bytes);
      }
      expect((await verify(objects)).intact).toBe(false);
    }),
    { numRuns: 1_000 },
  );
}, 120_000);

/** The name with one bit of one character changed, among those that leave it a name. */
function flipped(key: string, bit: number): string {
  const bytes = Buffer.from(key, 'latin1');
  const place = bit % bytes.length;
  bytes[place] = (bytes[place] ?? 0) ^ (1 << (bit % 7));
  return bytes.toString('latin1');
}
