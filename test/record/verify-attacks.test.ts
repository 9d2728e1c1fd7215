import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { digestKey, type SignedDigest } from '../../shared/domain/digest.ts';
import type { EventBody } from '../../shared/domain/event.ts';
import type { Session } from '../../shared/domain/session.ts';
import { archiveBytes, archiveKey, archivedText } from '../../shared/gateway/record/archive-object.ts';
import { digestBytes, readDigest, signedText } from '../../shared/gateway/record/digests/digest-object.ts';
import { canonicalJson, digestOf, sha256Hex } from '../../shared/platform/canonical.ts';
import { toJson } from '../../shared/platform/json-value.ts';
import { body, chainOf, newId, sessionFrom } from '../support/chains.ts';
import { localSigner } from '../support/digests.ts';
import { BEGIN, generateInMemory, type GeneratedArchive } from '../support/generated-archive.ts';
import type { memoryObjects } from '../support/memory-objects.ts';
import { verifyObjects, type Objects, type Verification } from '../support/verify.ts';

const HOUR = 3_600_000;
const hour = (hours: number): string => new Date(BEGIN + hours * HOUR).toISOString();
const signer = localSigner();
const OTHER_RESULT = Buffer.from('{"columns":[],"rows":[],"rowCount":7,"truncated":false}');

const sessionAt = (at: number, bodies: readonly EventBody[] = [body.submitted(), body.refused]): Session =>
  sessionFrom(chainOf(newId(), bodies, new Date(at)));

function answeredBy(blob: { sha256: string; bytes: number }, at: number): Session {
  const result = { blob, columns: [], rowCount: 7, truncated: false };
  const outcome: EventBody = { type: 'outcome', data: { kind: 'succeeded', result, targetMs: 3 } };
  return sessionAt(at, [body.submitted(), { ...body.decided }, body.intent, outcome]);
}

let original: GeneratedArchive<ReturnType<typeof memoryObjects>>;
/** Two blobs, two days, digests of five hours. */
beforeAll(async () => {
  const blob = { sha256: sha256Hex(OTHER_RESULT), bytes: OTHER_RESULT.byteLength };
  original = await generateInMemory({ signer, also: [answeredBy(blob, BEGIN + HOUR)] });
  await original.store.create(`blobs/${blob.sha256}`, OTHER_RESULT);
});

const copy = (): Objects => new Map([...original.store.objects].map(([key, bytes]) => [key, Uint8Array.from(bytes)]));
const keys = (prefix: string): string[] =>
  [...original.store.objects.keys()].filter((key) => key.startsWith(prefix)).sort();
const last = (prefix: string): string => keys(prefix).at(-1) ?? '';
const get = (all: Objects, key: string): Uint8Array => all.get(key) ?? new Uint8Array();

function namedBy(digest: string): string[] {
  const read = readDigest(get(copy(), digest));
  return read.ok ? read.value.digest.objects.map(({ key }) => key) : [];
}

function signatureOf(digest: string): string {
  const read = readDigest(get(copy(), digest));
  return read.ok ? read.value.signature : '';
}

const verify = (objects: Objects, more: Partial<Verification> = {}) =>
  verifyObjects(objects, { pems: [signer.pem], now: original.now, ...more });

/** What the first finding is, in a form to compare; `intact` where there is none. */
async function told(objects: Objects, more: Partial<Verification> = {}): Promise<string> {
  const { findings, intact } = await verify(objects, more);
  const [first] = findings;
  expect(intact).toBe(first === undefined);
  return first === undefined ? 'intact' : `${first.what} ${first.key}`;
}

test('the archive that is attacked is intact', async () => {
  expect(await verify(copy())).toMatchObject({ intact: true, sessions: 13, blobs: 2, loose: 0, archive: 'archive' });
});

/** Not signed for yet, so that nothing but the reading of it stands between it and "holds together". */
describe('a session of the running hour that was packed or written otherwise is no object of the archive', () => {
  const odd = body.submitted({ statement: { text: 'SELECT 1' }, reason: 'why \uFFFD' });
  const session = sessionAt(BEGIN + 5 * HOUR + 60_000, [odd, body.refused]);
  const text = archivedText(archiveBytes(session)) ?? '';
  const [first = '', second = ''] = text.trimEnd().split('\n');
  const rehashed = (line: string, change: (event: Record<string, unknown>) => unknown): string => {
    const { hash: _hash, ...event } = JSON.parse(line) as Record<string, unknown>;
    const changed = toJson(change(event)) as Record<string, unknown>;
    return canonicalJson(toJson({ ...changed, hash: digestOf(toJson(changed)) }));
  };
  const pack = (content: string) => gzipSync(content, { level: 9 });
  const withHeader = (place: number, value: number): Uint8Array => {
    const bytes = archiveBytes(session);
    bytes[place] = value;
    return bytes;
  };

  test.each<[string, Uint8Array]>([
    ['bytes after the end', Buffer.concat([archiveBytes(session), Buffer.from([0])])],
    ['a second member', Buffer.concat([archiveBytes(session), pack('')])],
    ['an empty member before it', Buffer.concat([pack(''), archiveBytes(session)])],
    ['half of it in a second member', Buffer.concat([pack(`${first}\n`), pack(`${second}\n`)])],
    ['a time in the header', withHeader(4, 1)],
    ['flags in the header', withHeader(3, 1)],
    ['another method', withHeader(2, 7)],
    [
      'a wrong checksum',
      (() => {
        const bytes = archiveBytes(session);
        bytes[bytes.length - 8] = (bytes.at(-8) ?? 0) ^ 1;
        return bytes;
      })(),
    ],
    [
      'a wrong length',
      (() => {
        const bytes = archiveBytes(session);
        bytes[bytes.length - 4] = (bytes.at(-4) ?? 0) ^ 1;
        return bytes;
      })(),
    ],
    ['not packed', Buffer.from(text)],
    ['packed twice', gzipSync(archiveBytes(session))],
    ['a bomb', gzipSync(Buffer.alloc(64 * 1024 * 1024))],
    ['a byte order mark', pack(`\uFEFF${text}`)],
    ['CR LF', pack(text.replaceAll('\n', '\r\n'))],
    ['a blank line', pack(`${text}\n`)],
    ['no end of the last line', pack(text.slice(0, -1))],
    ['a member twice', pack(text.replace('"seq":0', '"seq":0,"seq":0'))],
    ['a member twice, the other value first', pack(text.replace('"seq":0', '"seq":9,"seq":0'))],
    ['blanks', pack(text.replace('"seq":0', '"seq": 0'))],
    ['a number written otherwise', pack(text.replace('"seq":0', '"seq":0e0'))],
    ['a letter written otherwise', pack(text.replace('"SELECT 1"', '"\\u0053ELECT 1"'))],
    ['its events in another order', pack(`${second}\n${first}\n`)],
    ['an event twice', pack(`${first}\n${first}\n${second}\n`)],
    ['an event of another version', pack(`${rehashed(first, (event) => ({ ...event, v: 2 }))}\n`)],
    [
      'an event of another session',
      pack(`${first}\n${rehashed(second, (event) => ({ ...event, session: newId() }))}\n`),
    ],
    ['an event of another number', pack(`${first}\n${rehashed(second, (event) => ({ ...event, seq: 7 }))}\n`)],
    ['no hash', pack(`${JSON.stringify({ ...(JSON.parse(first) as object), hash: undefined })}\n`)],
    ['an event that is a list', pack('[]\n')],
    ['an instant that is none', pack(`${rehashed(first, (event) => ({ ...event, at: 'yesterday' }))}\n`)],
    ['bytes that are not UTF-8', gzipSync(Buffer.concat([Buffer.from([0xff]), Buffer.from(text)]))],
    [
      'a byte that is no UTF-8 and reads as the letter that was there',
      gzipSync(Buffer.from(Buffer.from(text).toString('latin1').replace('\u00ef\u00bf\u00bd', '\u00ff'), 'latin1')),
    ],
    ['nothing', new Uint8Array()],
  ])('%s', async (_what, bytes) => {
    const objects = copy();
    const key = archiveKey(session);
    expect(await told(objects.set(key, archiveBytes(session)))).toBe('intact');
    expect(await told(objects.set(key, bytes))).toBe(`added ${key}`);
  });
});

describe('what is taken away is missed', () => {
  const without = (...prefixes: string[]): Objects => {
    const objects = copy();
    for (const key of objects.keys()) if (prefixes.some((prefix) => key.startsWith(prefix))) objects.delete(key);
    return objects;
  };

  test('a whole day of sessions', async () => {
    const [gone] = keys('sessions/2026/11/21');
    expect(await told(without('sessions/2026/11/21'))).toBe(`deleted ${gone ?? ''}`);
  });

  test('all sessions', async () => {
    expect(await verify(without('sessions/'))).toMatchObject({ intact: false, wrong: 13 });
  });

  test.each([1, 2, 3])('the last %i hours: digests, and all that they named', async (hours) => {
    const objects = copy();
    for (const key of keys('digests/').slice(-hours)) {
      for (const named of namedBy(key)) objects.delete(named);
      objects.delete(key);
    }
    const cut = keys('digests/').at(-hours) ?? '';
    expect(await told(objects)).toBe(`deleted ${cut}`);
    // As soon as the digest is overdue, which is long before the next hour ends.
    expect(await told(objects, { now: new Date(BEGIN + 5 * HOUR + 20 * 60_000) })).toBe(`deleted ${cut}`);
  });

  test('the first digests, with all that they named', async () => {
    const objects = copy();
    const [first = '', second = ''] = keys('digests/');
    for (const named of namedBy(first)) objects.delete(named);
    objects.delete(first);
    expect(second).not.toBe('');
    expect(await told(objects)).toBe(`deleted ${first}`);
  });

  test('everything', async () => {
    expect(await told(new Map())).toBe(`deleted ${last('digests/')}`);
  });

  test('a blob, in words that name who refers to it', async () => {
    const [gone = ''] = keys('blobs/');
    const { findings } = await verify(without(gone));
    expect(findings).toEqual([
      { what: 'deleted', key: gone, message: expect.stringMatching(/^ses_.* refers to it$/) as string },
    ]);
  });
});

describe('what was put elsewhere or in the place of something else is found', () => {
  test('two blobs that were swapped', async () => {
    const objects = copy();
    const [one = '', other = ''] = keys('blobs/');
    const bytes = get(objects, one);
    objects.set(one, get(objects, other)).set(other, bytes);
    expect(await verify(objects)).toMatchObject({
      wrong: 2,
      findings: [{ what: 'altered', key: one }, { key: other }],
    });
  });

  test('a digest that was copied to the hour after the last', async () => {
    const later = digestKey(hour(5));
    const objects = copy().set(later, get(copy(), last('digests/')));
    expect(await told(objects)).toBe(`reordered ${later}`);
  });

  test('a session in the place of another day', async () => {
    const objects = copy();
    const key = last('sessions/').replace('/21/', '/19/');
    expect(await told(objects.set(key, get(objects, last('sessions/'))))).toBe(`added ${key}`);
  });

  test('a session that is genuine, in the place of one that has no digest yet', async () => {
    const objects = copy();
    const key = archiveKey(sessionAt(BEGIN + 5 * HOUR));
    expect(await told(objects.set(key, get(objects, last('sessions/'))))).toBe(`added ${key}`);
  });

  test('a session that says it is of tomorrow', async () => {
    const forged = sessionAt(original.now.getTime() + 24 * HOUR);
    expect(await told(copy().set(archiveKey(forged), archiveBytes(forged)))).toBe(`added ${archiveKey(forged)}`);
  });
});

test.each<[string, (signed: SignedDigest) => SignedDigest]>([
  ['says something else', ({ digest, ...rest }) => ({ ...rest, digest: { ...digest, total: digest.total + 1 } })],
  [
    'names one object less',
    ({ digest, ...rest }) => ({ ...rest, digest: { ...digest, objects: digest.objects.slice(1) } }),
  ],
  ['has the signature of another', (signed) => ({ ...signed, signature: signatureOf(keys('digests/')[0] ?? '') })],
  ['has no signature', (signed) => ({ ...signed, signature: '' })],
])('the last digest, which nothing else vouches for, is altered when it %s', async (_what, change) => {
  const key = last('digests/');
  const read = readDigest(get(copy(), key));
  if (!read.ok) throw new Error(read.error);
  expect(await told(copy().set(key, digestBytes(change(read.value))))).toBe(`altered ${key}`);
});

describe('another installation', () => {
  const strange = localSigner();
  const elsewhere = generateInMemory({ signer: strange, name: 'elsewhere' });
  const theirs = async (key: string) => get((await elsewhere).store.objects, key);

  test('cannot lend a digest, not even where its key is trusted as well', async () => {
    const key = keys('digests/')[2] ?? '';
    const objects = copy().set(key, await theirs(key));
    expect(await told(objects)).toBe(`altered ${key}`);
    expect(await told(objects, { pems: [signer.pem, strange.pem] })).toBe(`added ${key}`);
  });

  test('cannot lend its key: neither under its own name nor under ours', async () => {
    const [ours = ''] = keys('keys/');
    const name = [...(await elsewhere).store.objects.keys()].find((key) => key.startsWith('keys/')) ?? '';
    expect(await told(copy().set(name, await theirs(name)))).toBe(`added ${name}`);
    expect(await told(copy().set(ours, await theirs(name)))).toBe(`altered ${ours}`);
  });

  test('does not pass for this one as a whole: its key is not trusted, and the report says whose it is', async () => {
    const { store } = await elsewhere;
    expect((await verify(store.objects)).intact).toBe(false);
    expect(await verify(store.objects, { pems: [signer.pem, strange.pem] })).toMatchObject({ archive: 'elsewhere' });
  });
});

describe('whoever may sign', () => {
  const resigned = async (
    objects: Objects,
    key: string,
    change: (digest: SignedDigest['digest']) => SignedDigest['digest'],
  ) => {
    const read = readDigest(get(objects, key));
    if (!read.ok) throw new Error(read.error);
    const digest = change(read.value.digest);
    const signature = await signer.sign(Buffer.from(sha256Hex(signedText(digest)), 'hex'));
    if (!signature.ok) throw new Error(signature.error.message);
    return objects.set(key, digestBytes({ ...read.value, digest, signature: signature.value }));
  };

  test.each<[string, (digest: SignedDigest['digest']) => SignedDigest['digest'], string, () => string]>([
    ['begins anew in the middle', (digest) => ({ ...digest, previous: null }), 'altered', () => last('digests/')],
    [
      'names another digest as the one before',
      (digest) => ({ ...digest, previous: { key: digestKey(hour(0)), sha256: '0'.repeat(64) } }),
      'altered',
      () => last('digests/'),
    ],
    [
      'gives the one before another hash',
      ({ previous, ...digest }) => ({ ...digest, previous: previous && { ...previous, sha256: '0'.repeat(64) } }),
      'altered',
      () => keys('digests/').at(-2) ?? '',
    ],
    ['counts otherwise', (digest) => ({ ...digest, total: digest.total + 1 }), 'altered', () => last('digests/')],
    [
      'names an object a second time',
      (digest) => ({
        ...digest,
        total: digest.total + 1,
        objects: [...digest.objects, ...digest.objects.slice(0, 1)],
      }),
      'added',
      () => namedBy(last('digests/'))[0] ?? '',
    ],
    ['dates it otherwise', (digest) => ({ ...digest, hour: hour(9) }), 'reordered', () => last('digests/')],
  ])('and %s, is found out', async (_how, change, word, key) => {
    const finding = await told(await resigned(copy(), last('digests/'), change));
    expect(finding.startsWith(`${word} ${key()}`)).toBe(true);
  });

  const anchorOf = (from = 0, to?: number): Objects =>
    new Map(
      keys('digests/')
        .slice(from, to)
        .map((key) => [key, get(copy(), key)]),
    );

  test.each<[string, () => Objects]>([
    ['whole', () => anchorOf()],
    ['without the newest, which is being copied', () => anchorOf(0, -1)],
    ['of a later beginning', () => anchorOf(2)],
  ])('agrees with an anchor that is %s', async (_what, anchor) => {
    expect(await told(copy(), { anchor: anchor() })).toBe('intact');
  });

  test('and writes another past, is found out by the anchor alone', async () => {
    const { store, now } = await generateInMemory({ signer });
    expect(await told(store.objects, { now })).toBe('intact');
    expect(await told(store.objects, { now, anchor: anchorOf() })).toBe(`altered ${keys('digests/')[0] ?? ''}`);
  });

  test('and cuts off the end, is found out by the anchor at once', async () => {
    const objects = copy();
    objects.delete(last('digests/'));
    const now = new Date(BEGIN + 5 * HOUR);
    expect(await told(objects, { now, range: { to: hour(4) } })).toBe('intact');
    expect(await told(objects, { now, range: { to: hour(5) }, anchor: anchorOf() })).toBe(
      `deleted ${last('digests/')}`,
    );
    expect((await verify(objects, { now, anchor: anchorOf() })).intact).toBe(false);
  });

  test.each<[string, () => Objects, () => string]>([
    ['is empty', () => new Map(), () => 'deleted digests/'],
    [
      'lacks one in the middle',
      () => {
        const anchor = anchorOf();
        anchor.delete(keys('digests/')[2] ?? '');
        return anchor;
      },
      () => `added ${keys('digests/')[2] ?? ''}`,
    ],
  ])('is not believed where the anchor %s', async (_what, anchor, finding) => {
    expect(await told(copy(), { anchor: anchor() })).toBe(finding());
  });
});

test('a chain whose times run backwards is backdated, though its hashes hold and it was signed for', async () => {
  const [first, second] = sessionAt(BEGIN + HOUR).events;
  if (first === undefined || second === undefined) throw new Error('two events');
  const { hash: _hash, ...unhashed } = { ...second, at: new Date(BEGIN).toISOString() };
  const turned = [first, { ...unhashed, hash: digestOf(toJson(unhashed)) }];
  const wrong = sessionFrom(turned);
  const { store, now } = await generateInMemory({ signer, also: [wrong] });
  expect(await told(store.objects, { now })).toBe(`backdated ${archiveKey(wrong)}`);
});

describe('a part of the archive, whose first sessions are named by the digest before it', () => {
  // Ended in the first second of the second hour, and was delivered before the first was closed.
  const early = sessionAt(BEGIN + HOUR);
  const part = generateInMemory({ signer, also: [early] });
  const from = hour(1);
  const range = { from };

  test.each([true, false])('is intact with that digest at hand: %s', async (there) => {
    const { store, now } = await part;
    const objects = new Map(store.objects);
    if (!there) objects.delete(digestKey(hour(0)));
    expect(await told(objects, { now, range })).toBe('intact');
  });

  test('has no room for a session that was forged into that moment', async () => {
    const { store, now } = await part;
    const forged = sessionAt(BEGIN + HOUR + 1);
    const objects = new Map(store.objects).set(archiveKey(forged), archiveBytes(forged));
    expect(await told(objects, { now, range })).toBe(`backdated ${archiveKey(forged)}`);
  });
});

describe('what nothing signed refers to', () => {
  const stray = Buffer.from('{}');
  const blob = `blobs/${sha256Hex(stray)}`;

  test('a blob under its right name is named as loose, and is not wrong: its session may not have ended yet', async () => {
    expect(await verify(copy().set(blob, stray))).toMatchObject({ intact: true, loose: 1, looseObjects: [blob] });
  });

  test('is not looked at where only some hours are asked about', async () => {
    expect(await verify(copy().set(blob, stray), { range: { from: hour(1) } })).toMatchObject({
      intact: true,
      loose: 0,
    });
  });

  test('an outcome that was set aside counts once its session tells it, and is loose before or otherwise', async () => {
    const session = sessionAt(BEGIN + 5 * HOUR, [body.submitted(), { ...body.decided }, body.intent, body.outcome]);
    const outcome = session.events.at(-1);
    const line = `${(archivedText(archiveBytes(session)) ?? '').trimEnd().split('\n').at(-1) ?? ''}\n`;
    const aside = `outcomes-pending/${session.id}/${outcome?.hash ?? ''}.json`;
    const objects = copy().set(aside, Buffer.from(line));
    expect(await verify(objects)).toMatchObject({ intact: true, loose: 1, looseObjects: [aside] });
    objects.set(archiveKey(session), archiveBytes(session));
    expect(await verify(objects)).toMatchObject({ intact: true, loose: 0, unproven: 1 });
    const otherwise = sessionAt(BEGIN + 5 * HOUR, [body.submitted(), { ...body.decided }, body.intent, body.outcome]);
    const another = otherwise.events.at(-1);
    const forged = `outcomes-pending/${otherwise.id}/${another?.hash ?? ''}.json`;
    objects.set(
      forged,
      Buffer.from(`${(archivedText(archiveBytes(otherwise)) ?? '').trimEnd().split('\n').at(-1) ?? ''}\n`),
    );
    objects.set(
      archiveKey(otherwise),
      archiveBytes(sessionFrom(chainOf(otherwise.id, [body.submitted(), body.refused], new Date(otherwise.startedAt)))),
    );
    expect(await verify(objects)).toMatchObject({ intact: true, looseObjects: [forged] });
    expect(await told(objects.set(aside, Buffer.from(line.replace('"v":1', '"v":1 '))))).toBe(`altered ${aside}`);
  });

  test('a session may not say of a blob what is not so', async () => {
    const lie = answeredBy({ sha256: sha256Hex(OTHER_RESULT), bytes: 9 }, BEGIN + 5 * HOUR);
    expect(await told(copy().set(archiveKey(lie), archiveBytes(lie)))).toBe(`altered blobs/${sha256Hex(OTHER_RESULT)}`);
  });
});
