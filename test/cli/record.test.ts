import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ocsfSchema } from '../../infra/cli/export/ocsf-schema.ts';
import { csvCell } from '../../infra/cli/export/csv.ts';
import { exportArchive, type Manifest } from '../../infra/cli/export/export-archive.ts';
import { FORMATS, type FormatName } from '../../infra/cli/export/formats.ts';
import { actOf } from '../../shared/domain/act.ts';
import { archiveBytes, archiveKey } from '../../shared/gateway/record/archive-object.ts';
import { sha256Hex } from '../../shared/platform/canonical.ts';
import { body, chainOf, newId, sessionFrom } from '../support/chains.ts';
import { createFolderStore } from '../support/folder-store.ts';
import { BEGIN, generateArchive, generateInMemory } from '../support/generated-archive.ts';
import { cli } from '../support/run-cli.ts';

const root = mkdtempSync(join(tmpdir(), 'countersign-cli-'));
const archive = join(root, 'archive');
const publicKey = join(root, 'key.pem');
/** The archive of the tests ends here; without it the command would miss the digests of the months since. */
const END = '2026-11-21T03:00:00Z';
const hostile = '=cmd|"/c calc"!A1,\u001b[2J\nsecond line';
let approved = '';

beforeAll(async () => {
  const store = createFolderStore(archive);
  const at = new Date(BEGIN + 7_200_000);
  const voted = sessionFrom(
    chainOf(
      newId(),
      [
        body.submitted({ statement: { text: hostile }, claimed: { pipeline: 'run-7' } }),
        {
          type: 'decided',
          data: { phase: 'submit', decision: { verdict: 'allow', policies: [], policyVersion: 'v' }, effects: [] },
        },
        body.asked,
        body.voted,
        body.approved,
        body.intent,
        {
          type: 'outcome',
          data: {
            kind: 'succeeded',
            targetMs: 4.5,
            result: {
              inline: {
                columns: [
                  { name: 'email', type: 'text', masked: true },
                  { name: 'n', type: 'int4', masked: false },
                ],
                rows: [
                  ['***', 1],
                  ['***', 2],
                ],
                rowCount: 2,
                truncated: false,
              },
            },
          },
        },
      ],
      at,
    ),
  );
  approved = voted.id;
  const { pem } = await generateArchive(store, { sessions: 12, hours: 5, also: [voted] });
  writeFileSync(publicKey, pem);
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const copyOf = (name: string): string => {
  const place = join(root, name);
  cpSync(archive, place, { recursive: true });
  return place;
};
const filesIn = (place: string): string[] =>
  readdirSync(place, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
const sessionFile = (place: string): string => filesIn(join(place, 'sessions'))[3] ?? '';

describe('countersign verify', () => {
  const verify = (...words: string[]) => cli('verify', ...words, '--public-key', publicKey, '--to', END);

  test('ends with 0 and says what it read', async () => {
    const { code, out } = await verify(archive);
    expect(code).toBe(0);
    expect(stripVTControlCharacters(out)).toMatch(
      /^intact: 5 digests of archive, hours from 2026-11-20T22.*, 13 sessions, 1 blobs/,
    );
  });

  test('ends with 1 and names the first object that is wrong, for people and as JSON', async () => {
    const place = copyOf('truncated');
    truncateSync(sessionFile(place), 100);
    const { code, out, err } = await verify(place);
    expect(code).toBe(1);
    expect(stripVTControlCharacters(out)).toMatch(/first: altered sessions\/2026\/11\/2\d\/ses_.*truncated/);
    expect(err).toContain('1 found wrong');
    const json = await verify(place, '--json');
    expect(json.code).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject({ intact: false, wrong: 1, findings: [{ what: 'altered' }] });
  });

  test('compares with an anchor, and names what nothing refers to; with --strict that ends with 1 as well', async () => {
    const [place, anchor] = [copyOf('cut'), copyOf('anchor')];
    expect(await verify(archive, '--anchor', anchor)).toMatchObject({ code: 0 });
    rmSync(join(place, 'digests/2026/11/21/02.json'));
    const { code, out } = await cli(
      'verify',
      place,
      '--public-key',
      publicKey,
      '--to',
      '2026-11-21T02:00:00Z',
      '--strict',
    );
    expect([code, out]).toEqual([1, expect.stringContaining('wait for the digest of their hour')]);
    expect((await verify(place, '--anchor', anchor)).out).toContain('digests/2026/11/21/02.json');
    const stray = copyOf('stray');
    writeFileSync(join(stray, 'blobs', sha256Hex('stray')), 'stray');
    const loose = await verify(stray);
    expect([loose.code, loose.out]).toEqual([0, expect.stringContaining(`blobs/${sha256Hex('stray')}`)]);
    expect(await verify(stray, '--strict')).toMatchObject({ code: 1 });
  });

  test.each<[string, string[], RegExp]>([
    ['no key', ['verify', archive], /--public-key/],
    ['a file that is no key', ['verify', archive, '--public-key', 'package.json'], /not a public key/],
    ['a file that is not there', ['verify', archive, '--public-key', '/nowhere.pem'], /cannot be read/],
    ['a folder that is not there', ['verify', '/nowhere', '--public-key', 'KEY'], /is no folder/],
    ['half an hour', ['verify', archive, '--public-key', 'KEY', '--from', '2026-11-21T01:30:00Z'], /whole hour/],
    ['a bucket without a name', ['verify', 's3://', '--public-key', 'KEY'], /names no bucket/],
  ])('ends with 2 for %s', async (_what, words, message) => {
    const { code, err, out } = await cli(...words.map((word) => (word === 'KEY' ? publicKey : word)));
    expect(code).toBe(2);
    expect(err + out).toMatch(message);
  });
});

describe('countersign sessions', () => {
  const list = async (...words: string[]): Promise<string[]> => {
    const { code, out } = await cli('sessions', 'list', '--archive', archive, '--json', '--limit', '100', ...words);
    expect(code).toBe(0);
    return out.split('\n').filter((line) => line !== '');
  };

  test.each<[string[], number]>([
    [[], 13],
    [['--status', 'blocked'], 4],
    [['--status', 'failed'], 4],
    [['--person', 'p'], 1],
    [['--person', 'nobody'], 0],
    [['--pipeline', 'run-7'], 1],
    [['--text', 'SELECT 4 FROM'], 1],
    [['--text', 'select 4 from'], 1],
    [['--connection', 'orders'], 13],
    [['--connection', 'other'], 0],
    [['--agent', 'bot', '--status', 'failed'], 4],
    [['--table', 'public.nothing'], 0],
    [['--from', '2026-11-21'], 8],
    [['--to', '2026-11-21'], 5],
    [['--from', '2026-11-20T23:00:00Z', '--to', '2026-11-21'], 2],
  ])('list %s', async (words, count) => {
    expect(await list(...words)).toHaveLength(count);
  });

  test('list finds text in a statement that lies in a blob, and not in one that was changed', async () => {
    const store = createFolderStore(copyOf('long'));
    const text = Buffer.from('SELECT 1 -- far away in its blob');
    const blob = { sha256: sha256Hex(text), bytes: text.byteLength };
    const long = sessionFrom(
      chainOf(newId(), [body.submitted({ statement: { blob } }), body.refused], new Date(BEGIN)),
    );
    await store.create(archiveKey(long), archiveBytes(long));
    const found = async () =>
      (await cli('sessions', 'list', '--archive', join(root, 'long'), '--json', '--text', 'Far Away')).out;
    writeFileSync(join(root, 'long', 'blobs', blob.sha256), 'SELECT 1 -- far away');
    expect(await found()).toBe('');
    writeFileSync(join(root, 'long', 'blobs', blob.sha256), text);
    expect(await found()).toContain(long.id);
  });

  test('list stops at its limit', async () => {
    expect(await list('--limit', '3')).toHaveLength(3);
  });

  test('show tells the story with the answer as a table, and lets nothing move the cursor', async () => {
    const { code, out } = await cli('sessions', 'show', approved, '--archive', archive);
    expect(code).toBe(0);
    const told = stripVTControlCharacters(out);
    for (const piece of [
      'submitted',
      'second line',
      'p: approve (api)',
      'approved',
      'succeeded, 2 rows',
      'email*',
      '***',
      '(2 rows)',
    ])
      expect(told).toContain(piece);
    expect(out).not.toContain('\u001b[2J');
  });

  test('replay says the same, and as JSON every event', async () => {
    const { out } = await cli('sessions', 'replay', approved, '--archive', archive, '--json');
    const story = JSON.parse(out) as { session: { events: unknown[] }; result: { rowCount: number } };
    expect([story.session.events.length, story.result.rowCount]).toEqual([7, 2]);
    const { out: told } = await cli('sessions', 'replay', approved, '--archive', archive);
    expect(told.split('\n').length).toBeGreaterThan(10);
  });

  test('show of a stranger, or of a session that was changed, ends with 1', async () => {
    expect(await cli('sessions', 'show', 'ses_nobody', '--archive', archive)).toMatchObject({ code: 1 });
    const place = copyOf('changed');
    truncateSync(sessionFile(place), 60);
    const id = sessionFile(place).replace(/^.*\/|\.ndjson\.gz$/g, '');
    const { code, err } = await cli('sessions', 'show', id, '--archive', place);
    expect([code, err]).toEqual([1, expect.stringMatching(/truncated/)]);
  });

  test('replay by other policies counts what would have come out otherwise', async () => {
    const { code, out } = await cli('sessions', 'replay', '--policy', 'config', '--archive', archive, '--json');
    expect(code).toBe(0);
    // Their agent is in no group that the demo's policies know.
    expect(JSON.parse(out)).toMatchObject({
      judged: 9,
      unjudged: 4,
      skipped: 0,
      changes: { 'newly blocked': { count: 9 } },
    });
    const { out: told } = await cli('sessions', 'replay', '--policy', 'config', '--archive', archive);
    expect(stripVTControlCharacters(told)).toMatch(/newly blocked: 9[\s\S]*newly allowed: 0/);
    expect(await cli('sessions', 'replay', '--archive', archive)).toMatchObject({ code: 2 });
  });
});

describe('countersign sessions export', () => {
  const into = (name: string, format: string, place = archive) =>
    cli('sessions', 'export', '--archive', place, '--format', format, '--out', join(root, name), '--json');
  const rowsOf = async (name: string, format: FormatName): Promise<Manifest & { dir: string }> => {
    const { code, out } = await into(name, format);
    expect(code).toBe(0);
    return { ...(JSON.parse(out) as Manifest), dir: join(root, name) };
  };

  test.each(Object.keys(FORMATS) as FormatName[])('%s: a file a day, every hash in the manifest', async (format) => {
    const manifest = await rowsOf(`out-${format}`, format);
    expect(manifest).toMatchObject({ format, sessions: 13, skipped: 0 });
    const { file } = FORMATS[format];
    expect(manifest.files.map(({ path }) => path)).toEqual([`date=2026-11-20/${file}`, `date=2026-11-21/${file}`]);
    for (const { path, bytes, sha256 } of manifest.files) {
      const content = readFileSync(join(manifest.dir, path));
      expect([content.byteLength, sha256Hex(content)]).toEqual([bytes, sha256]);
    }
    const written = filesIn(manifest.dir).map((path) => path.slice(manifest.dir.length + 1));
    expect(written).toEqual([...manifest.files.map(({ path }) => path), 'manifest.json']);
  });

  test('what people did to the gateway lies apart, as it is in the archive, and only that of the period', async () => {
    const place = join(root, 'with-acts');
    cpSync(archive, place, { recursive: true });
    const data = { scope: { kind: 'all' }, reason: 'odd writes' } as const;
    const acts = ['2026-11-20', '2026-11-21'].map((day) =>
      actOf(`act_${newId()}`, { type: 'stopped', data }, 'ann', new Date(`${day}T09:00:00.000Z`), newId()),
    );
    for (const act of acts)
      writeFileSync(join(place, archiveKey({ id: act.session, startedAt: act.at })), archiveBytes({ events: [act] }));
    const { code, out } = await cli(
      ...['sessions', 'export', '--archive', place, '--format', 'csv', '--out', join(root, 'out-acts'), '--json'],
      ...['--from', '2026-11-21T00:00:00Z'],
    );
    expect([code, JSON.parse(out)]).toMatchObject([0, { sessions: 8, acts: 1, skipped: 0 }]);
    const file = join(root, 'out-acts', 'acts/date=2026-11-21/acts.ndjson');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(acts[1]);
  });

  test('NDJSON holds the whole chain beside the row', async () => {
    const { dir } = await rowsOf('ndjson', 'ndjson');
    const rows = readFileSync(join(dir, 'date=2026-11-21/sessions.ndjson'), 'utf8').trimEnd().split('\n');
    const row = rows
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .find(({ session }) => session === approved);
    expect(row).toMatchObject({ status: 'succeeded', rows: 2, approved_by: 'p', statement: hostile, target_ms: 4.5 });
    expect(row?.['chain']).toHaveLength(7);
  });

  test('Parquet gives back every value, with instants as instants and nothing as null', async () => {
    const { dir } = await rowsOf('parquet', 'parquet');
    const file = await asyncBufferFromFile(join(dir, 'date=2026-11-21/sessions.parquet'));
    const rows = await parquetReadObjects({ file });
    expect(rows).toHaveLength(8);
    const row = rows.find(({ session }) => session === approved);
    expect(row).toMatchObject({
      statement: hostile,
      rows: 2,
      target_ms: 4.5,
      refused: null,
      started_at: new Date(BEGIN + 7_200_000),
    });
  });

  test('CSV is one record a session, whatever statements hold', async () => {
    const { dir } = await rowsOf('csv', 'csv');
    const text = readFileSync(join(dir, 'date=2026-11-21/sessions.csv'), 'utf8');
    const records = parseCsv(text);
    expect(records).toHaveLength(9);
    const [head = [], ...rows] = records;
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([head.length]));
    const row = rows.find(([session]) => session === approved) ?? [];
    expect(row[head.indexOf('statement')]).toBe(`'${hostile}`);
  });

  test.each([
    ['=1+1', "'=1+1"],
    ['-1', "'-1"],
    ['a,b', '"a,b"'],
    ['a"b', '"a""b"'],
    ['a\nb', '"a\nb"'],
    ['@SUM(1)', "'@SUM(1)"],
    ['+1', "'+1"],
    ['\t=1', "'\t=1"],
    ['  =1', "'  =1"],
    ['\u200b=1', "'\u200b=1"],
    ['\u0000=1', "'\u0000=1"],
    ['\nSELECT 1', `"'\nSELECT 1"`],
    ['\uff1d1', "'\uff1d1"],
    ['=1,"2"', `"'=1,""2"""`],
    ['SELECT 1 = 1', 'SELECT 1 = 1'],
    [-1, '-1'],
    [null, ''],
  ])('CSV writes %j as %s', (cell, written) => {
    expect(csvCell(cell)).toBe(written);
  });

  test('OCSF events are what the schema asks for: 6005 a session, 3003 a vote', async () => {
    const { dir, files } = await rowsOf('ocsf', 'ocsf');
    const events = files.flatMap(({ path }) =>
      readFileSync(join(dir, path), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => ocsfSchema.parse(JSON.parse(line))),
    );
    expect(events.map(({ class_uid }) => class_uid).sort()).toEqual([3003, ...Array.from({ length: 13 }, () => 6005)]);
    expect(new Set(events.map(({ metadata }) => metadata.uid)).size).toBe(14);
    for (const { type_uid, class_uid, activity_id } of events) expect(type_uid).toBe(class_uid * 100 + activity_id);
  });

  test('corrupt, truncated and foreign objects are named and skipped, and the exit code is 1', async () => {
    const place = copyOf('dirty');
    const [one = '', two = ''] = filesIn(join(place, 'sessions'));
    truncateSync(one, 20);
    writeFileSync(two, 'not gzip');
    writeFileSync(join(place, 'sessions/2026/11/20/readme.txt'), 'hello');
    const { code, out, err } = await into('clean', 'csv', place);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ sessions: 11, skipped: 3 });
    for (const name of [one, two, 'readme.txt']) expect(err).toContain(name.replace(/^.*\//, ''));
  });

  test('never writes into a folder that holds anything, and knows four formats', async () => {
    expect(await into('out-csv', 'csv')).toMatchObject({ code: 2 });
    expect(await into('nowhere', 'xml')).toMatchObject({ code: 2 });
  });

  /** Made once for all formats. */
  const generated = new Map([1_100, 2_200].map((sessions) => [sessions, generateInMemory({ sessions, hours: 2 })]));

  test.each(Object.keys(FORMATS) as FormatName[])(
    '%s holds no more rows of 2,200 sessions than of 1,100',
    async (format) => {
      const peak = async (sessions: number): Promise<number> => {
        const { store } = await (generated.get(sessions) ?? generateInMemory({ sessions, hours: 2 }));
        let most = 0;
        const out = join(root, `peak-${format}-${String(sessions)}`);
        const onProgress = ({ buffered }: { buffered: number }): void => void (most = Math.max(most, buffered));
        const manifest = await exportArchive({ reader: store, source: 'memory', period: {}, format, out, onProgress });
        expect(manifest.sessions).toBe(sessions);
        return most;
      };
      const [small, large] = [await peak(1_100), await peak(2_200)];
      expect(small).toBeGreaterThan(0);
      expect(large).toBeLessThanOrEqual(1_000);
      expect(large).toBeLessThanOrEqual(small);
    },
  );
});

test('an archive that grows while it is read gives what was there', async () => {
  const store = createFolderStore(copyOf('growing'));
  const late = sessionFrom(chainOf(newId(), [body.submitted(), body.refused], new Date('2026-11-22T00:00:00.000Z')));
  await store.create(archiveKey(late), archiveBytes(late));
  const { out } = await cli('verify', join(root, 'growing'), '--public-key', publicKey, '--to', END, '--json');
  expect(JSON.parse(out)).toMatchObject({ intact: true, sessions: 13 });
});

/** RFC 4180, by the letter: enough to read what we write. */
function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  for (const [, quoted, bare = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n)/g)) {
    record.push(quoted?.replaceAll('""', '"') ?? bare);
    if (end === ',') continue;
    records.push(record);
    record = [];
  }
  return records;
}
