import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectReader } from '../../../shared/gateway/ports/object-store.ts';
import { archivedSessions, type Period } from '../archive/archived-sessions.ts';
import { UsageError } from '../usage-error.ts';
import { FORMATS, type FormatName } from './formats.ts';
import type { ExportWriter, WrittenFile } from './writer.ts';

/** `manifest.json` of an export: written last, so a folder without one is not a whole export. */
export interface Manifest {
  readonly version: 1;
  readonly format: FormatName;
  readonly source: string;
  readonly from?: string;
  readonly to?: string;
  readonly sessions: number;
  /** Acts of people on the gateway (stops, reviews): in the archive, and not exported. */
  readonly acts: number;
  /** Objects that are no session of this archive, the first hundred by name. */
  readonly skipped: number;
  readonly skippedObjects: readonly { readonly key: string; readonly why: string }[];
  readonly files: readonly (WrittenFile & { readonly path: string })[];
}

export interface ExportJob {
  readonly reader: ObjectReader;
  readonly source: string;
  readonly period: Period;
  readonly format: FormatName;
  readonly out: string;
  /** After every session: how far it is, and how many rows are held in memory. */
  readonly onProgress?: (progress: {
    readonly sessions: number;
    /** When the session began that was written last; they come in time, but for those of one day. */
    readonly at: string;
    readonly buffered: number;
  }) => void;
}

const MAX_NAMED = 100;

/** Writes one file a day, `date=2026-11-21/…`, as table engines expect partitions, and a manifest with every hash. */
export async function exportArchive(job: ExportJob): Promise<Manifest> {
  await claim(job.out);
  const files: (WrittenFile & { path: string })[] = [];
  const skipped: { key: string; why: string }[] = [];
  const counts = { sessions: 0, acts: 0, skipped: 0 };
  let partition: Partition | undefined;
  for await (const found of archivedSessions(job.reader, job.period)) {
    if (found.kind === 'skipped') {
      counts.skipped += 1;
      if (skipped.length < MAX_NAMED) skipped.push({ key: found.key, why: found.why });
    }
    if (found.kind === 'act') counts.acts += 1;
    if (found.kind !== 'session') continue;
    if (partition?.day !== found.day) {
      if (partition !== undefined) files.push(await partition.close());
      partition = await Partition.open(job, found.day);
    }
    await partition.writer.write(found.session);
    counts.sessions += 1;
    job.onProgress?.({ sessions: counts.sessions, at: found.session.startedAt, buffered: partition.writer.buffered });
  }
  if (partition !== undefined) files.push(await partition.close());
  const { format, source, period } = job;
  const manifest: Manifest = { version: 1, format, source, ...period, ...counts, skippedObjects: skipped, files };
  await writeFile(join(job.out, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`, { flag: 'wx' });
  return manifest;
}

/** An export is whole or it is not one: never into what is there already. */
async function claim(out: string): Promise<void> {
  await mkdir(out, { recursive: true });
  if ((await readdir(out)).length > 0) throw new UsageError(`--out ${out}: is not empty. Name a new folder.`);
}

class Partition {
  readonly day: string;
  readonly writer: ExportWriter;
  readonly #path: string;

  private constructor(day: string, path: string, writer: ExportWriter) {
    this.day = day;
    this.#path = path;
    this.writer = writer;
  }

  static async open({ out, format }: ExportJob, day: string): Promise<Partition> {
    const { file, open } = FORMATS[format];
    const path = `date=${day}/${file}`;
    await mkdir(join(out, `date=${day}`));
    return new Partition(day, path, await open(join(out, path)));
  }

  async close(): Promise<WrittenFile & { path: string }> {
    return { path: this.#path, ...(await this.writer.close()) };
  }
}
