import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findArchived } from '../../../infra/cli/archive/archived-sessions.ts';
import { exportArchive } from '../../../infra/cli/export/export-archive.ts';
import { cost, growthTable, type Point } from './measure.ts';
import { A_DAY, dayAt, idAt, keyedIdAt, simulatedArchive } from './simulated-archive.ts';

/**
 * What a reader of one day or one session pays as the archive grows, with a thousand sessions a day: up to a million, which
 * are 1,000 days. The archive is simulated: its listings and objects are made as they are asked for.
 */
export async function growthOfArchive(): Promise<string> {
  const lines: Record<'day' | 'id' | 'keyed', Point[]> = { day: [], id: [], keyed: [] };
  const listed: Record<'day' | 'id' | 'keyed', Point[]> = { day: [], id: [], keyed: [] };
  for (const size of [1_000, 10_000, 100_000, 1_000_000]) {
    const middle = Math.floor(size / 2) + 449;
    const work = {
      day: () => exportDay(size, dayAt(middle)),
      id: () => findOne(size, idAt(middle)),
      keyed: () => findOne(size, keyedIdAt(middle)),
    };
    for (const what of ['day', 'id', 'keyed'] as const) {
      lines[what].push({ size, ms: await cost(work[what]) });
      listed[what].push({ size, ms: await work[what]() });
    }
  }
  const names = (of: typeof lines) => ({
    [`export of a day (${A_DAY.toLocaleString('en')} sessions)`]: of.day,
    'a session by its id': of.id,
    'a session by an id of an Idempotency-Key, which tells no time': of.keyed,
  });
  return `${growthTable('sessions in the archive', names(lines))}\n\n${growthTable('keys listed for it', names(listed), counted)}`;
}

const counted = (keys: number): string => keys.toLocaleString('en');

async function exportDay(sessions: number, day: string): Promise<number> {
  const archive = simulatedArchive(sessions);
  const out = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  try {
    const from = `${day}T00:00:00.000Z`;
    const to = new Date(Date.parse(from) + 86_400_000).toISOString();
    const job = { reader: archive.reader, source: 'simulated', period: { from, to }, format: 'ndjson', out } as const;
    const { sessions: written, skipped } = await exportArchive(job);
    if (written !== A_DAY || skipped !== 0) throw new Error(`${written} sessions of ${day}, ${skipped} skipped`);
    return archive.listed();
  } finally {
    rmSync(out, { recursive: true });
  }
}

async function findOne(sessions: number, id: string): Promise<number> {
  const archive = simulatedArchive(sessions);
  if ((await findArchived(archive.reader, id))?.kind !== 'session') throw new Error(`${id} was not found`);
  return archive.listed();
}
