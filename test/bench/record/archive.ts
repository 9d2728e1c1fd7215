import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { FORMATS } from '../../../infra/cli/export/formats.ts';
import { createFolderStore } from '../../support/folder-store.ts';
import { generateArchive } from '../../support/generated-archive.ts';
import { row } from '../numbers.ts';

/** The same for every size: what needs more for more sessions runs out of it. */
const HEAP_MB = 192;

const measuredSchema = z.object({ ms: z.number(), peakMb: z.number(), bytes: z.number() });
type Measured = z.output<typeof measuredSchema>;

/** What a phase is told, as arguments of its process. */
export interface PhaseJob {
  readonly phase: string;
  readonly archive: string;
  readonly out: string;
  readonly pem: string;
  readonly now: string;
}

/**
 * How fast an archive in a folder is verified and exported, as a ratio to reading the same files and doing nothing with
 * them. Every phase is a process of its own, so that its peak of memory is its own.
 */
export async function measureArchive(sizes: readonly number[]): Promise<void> {
  console.log(row(['sessions', 'phase', 'time', 'sessions/s', 'MB/s', 'to raw', 'peak memory']));
  for (const sessions of sizes) {
    const root = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
    try {
      await measureOne(root, sessions);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  }
}

async function measureOne(root: string, sessions: number): Promise<void> {
  const archive = join(root, 'archive');
  const { pem, now } = await generateArchive(createFolderStore(archive), { sessions, hours: 24 });
  const job = { archive, pem, now: now.toISOString() };
  // Once to warm the file cache: what is compared is the work, not the disk.
  await phase({ ...job, phase: 'raw', out: '' });
  let raw: Measured | undefined;
  for (const name of ['raw', 'verify', ...Object.keys(FORMATS)]) {
    const measured = await phase({ ...job, phase: name, out: join(root, name) });
    raw ??= measured;
    console.log(row(figures(sessions, name, measured, raw)));
  }
}

function figures(sessions: number, name: string, { ms, peakMb }: Measured, raw: Measured): string[] {
  return [
    String(sessions),
    name === 'raw' || name === 'verify' ? name : `export ${name}`,
    `${(ms / 1_000).toFixed(2)} s`,
    String(Math.round(sessions / (ms / 1_000))),
    (raw.bytes / 1e6 / (ms / 1_000)).toFixed(2),
    `${(ms / raw.ms).toFixed(1)}×`,
    `${String(Math.round(peakMb))} MB`,
  ];
}

async function phase(job: PhaseJob): Promise<Measured> {
  const execArgv = [`--max-old-space-size=${String(HEAP_MB)}`];
  const child = fork(join(import.meta.dirname, 'phase.ts'), [JSON.stringify(job)], { execArgv });
  const answer: unknown = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  const measured = z
    .tuple([measuredSchema], z.unknown())
    .transform(([first]) => first)
    .safeParse(answer);
  if (!measured.success) throw new Error(`${job.phase} failed`);
  await (child.exitCode === null ? once(child, 'exit') : undefined);
  return measured.data;
}
