import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../../../shared/platform/canonical.ts';
import { toJson } from '../../../shared/platform/json-value.ts';
import type { ObjectReader } from '../../../shared/gateway/ports/object-store.ts';
import { archivedSessions, type Period } from '../archive/archived-sessions.ts';
import { UsageError } from '../usage-error.ts';
import { FORMATS, type Format, type FormatName } from './formats.ts';
import { TextWriter, type ExportWriter, type WrittenFile } from './writer.ts';

/** `manifest.json` of an export: written last, so a folder without one is not a whole export. */
export interface Manifest {
  readonly version: 1;
  readonly format: FormatName;
  readonly source: string;
  readonly from?: string;
  readonly to?: string;
  readonly sessions: number;
  /** What people did to the gateway itself (stops, reviews, revoked leases), in files of their own under `acts/`. */
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

/**
 * Writes one file a day, `date=2026-11-21/…`, as table engines expect partitions, and a manifest with every hash. Acts
 * have other columns than sessions, and lie apart: `acts/date=2026-11-21/acts.ndjson`, as they are in the archive.
 */
export async function exportArchive(job: ExportJob): Promise<Manifest> {
  await claim(job.out);
  const skipped: { key: string; why: string }[] = [];
  const counts = { sessions: 0, acts: 0, skipped: 0 };
  const sessions = new Partitions(job.out, '', FORMATS[job.format]);
  const acts = new Partitions(job.out, 'acts/', ACTS);
  for await (const found of archivedSessions(job.reader, job.period)) {
    if (found.kind === 'skipped') {
      counts.skipped += 1;
      if (skipped.length < MAX_NAMED) skipped.push({ key: found.key, why: found.why });
    } else if (found.kind === 'act') {
      await acts.write(found.day, found.act);
      counts.acts += 1;
    } else {
      await sessions.write(found.day, found.session);
      counts.sessions += 1;
      job.onProgress?.({ sessions: counts.sessions, at: found.session.startedAt, buffered: sessions.buffered });
    }
  }
  const files = [...(await sessions.close()), ...(await acts.close())];
  const { format, source, period } = job;
  const manifest: Manifest = { version: 1, format, source, ...period, ...counts, skippedObjects: skipped, files };
  await writeFile(join(job.out, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`, { flag: 'wx' });
  return manifest;
}

const ACTS: Format<object> = {
  file: 'acts.ndjson',
  open: (path) => TextWriter.create(path, (act) => [canonicalJson(toJson(act))]),
};

/** An export is whole or it is not one: never into what is there already. */
async function claim(out: string): Promise<void> {
  await mkdir(out, { recursive: true });
  if ((await readdir(out)).length > 0) throw new UsageError(`--out ${out}: is not empty. Name a new folder.`);
}

/** The files of a kind, one open at a time: rows come day by day. */
class Partitions<T> {
  readonly #out: string;
  readonly #under: string;
  readonly #format: Format<T>;
  readonly #written: (WrittenFile & { readonly path: string })[] = [];
  #open: { readonly day: string; readonly path: string; readonly writer: ExportWriter<T> } | undefined;

  constructor(out: string, under: string, format: Format<T>) {
    this.#out = out;
    this.#under = under;
    this.#format = format;
  }

  get buffered(): number {
    return this.#open?.writer.buffered ?? 0;
  }

  async write(day: string, row: T): Promise<void> {
    const { writer } = this.#open?.day === day ? this.#open : await this.#begin(day);
    await writer.write(row);
  }

  async close(): Promise<readonly (WrittenFile & { readonly path: string })[]> {
    await this.#end();
    return this.#written;
  }

  async #begin(day: string): Promise<{ readonly writer: ExportWriter<T> }> {
    await this.#end();
    const folder = `${this.#under}date=${day}`;
    await mkdir(join(this.#out, folder), { recursive: true });
    const path = `${folder}/${this.#format.file}`;
    this.#open = { day, path, writer: await this.#format.open(join(this.#out, path)) };
    return this.#open;
  }

  async #end(): Promise<void> {
    if (this.#open === undefined) return;
    this.#written.push({ path: this.#open.path, ...(await this.#open.writer.close()) });
    this.#open = undefined;
  }
}
