import { randomUUID } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../durable/file.ts';
import type { Entry, Version } from './model.ts';
import { entry as entryShape } from './model.ts';
import type { State } from './state.ts';
import { apply, entriesOf } from './state.ts';

/**
 * `s3/blobs/UUID` holds the bytes, `s3/journal.jsonl` what they are. Bytes come first, whole; the journal line commits
 * them. Judging a condition and writing its line is one synchronous step, so no two writers can both be first.
 * Object keys never become file names: nothing a caller sends can point outside this folder.
 */
export class Storage {
  readonly state: State = new Map();
  readonly #blobs: string;
  #journal: number;

  constructor(folder: string) {
    this.#blobs = join(folder, 'blobs');
    mkdirSync(this.#blobs, { recursive: true, mode: 0o700 });
    const path = join(folder, 'journal.jsonl');
    const lines = load(path, this.state);
    // Rewritten once most of its lines are history; between starts it only grows.
    const live = [...entriesOf(this.state)];
    if (lines > 2 * live.length + 100) writeWhole(path, live.map((one) => `${JSON.stringify(one)}\n`).join(''));
    this.#journal = openSync(path, 'a', 0o600);
    this.#sweepOrphans();
  }

  /** Writes bytes under a new name. They count for nothing until an entry names them. */
  keep(bytes: Buffer): string {
    const blob = randomUUID();
    // Not flushed to the platter, as little as the journal: both survive kill -9, and a PUT takes 1 ms instead of 5.
    writeFileSync(join(this.#blobs, blob), bytes, { flag: 'wx', mode: 0o600 });
    return blob;
  }

  /** Synchronous, so that no overwrite can delete the bytes between finding the version and reading it. */
  read(version: Version): Buffer {
    return readFileSync(join(this.#blobs, version.blob));
  }

  /** Makes the entry durable, then true. Bytes that no version has any more are deleted after it. */
  commit(entry: Entry): void {
    writeSync(this.#journal, `${JSON.stringify(entry)}\n`);
    for (const gone of apply(this.state, entry)) this.discard(gone.blob);
  }

  discard(blob: string): void {
    if (blob !== '') rmSync(join(this.#blobs, blob), { force: true });
  }

  close(): void {
    if (this.#journal >= 0) closeSync(this.#journal);
    this.#journal = -1;
  }

  /** Bytes whose entry was never written: a crash, or a lost race, between the two. */
  #sweepOrphans(): void {
    const known = new Set<string>();
    for (const { objects } of this.state.values())
      for (const versions of objects.values()) for (const { blob } of versions) known.add(blob);
    for (const name of readdirSync(this.#blobs)) if (!known.has(name)) this.discard(name);
  }
}

/**
 * Reads the journal into `state` and answers its number of lines. A last line without its end was being written when
 * the process died and was never answered for: it is cut off. @throws on damage anywhere else.
 */
function load(path: string, state: State): number {
  const text = readIfThere(path);
  const end = text.lastIndexOf('\n') + 1;
  if (end < text.length) truncateSync(path, Buffer.byteLength(text.slice(0, end)));
  const lines = text.slice(0, end).split('\n').slice(0, -1);
  for (const [at, line] of lines.entries()) {
    const parsed = entryShape.safeParse(tryJson(line));
    if (!parsed.success) throw new Error(`${path} line ${at + 1} is damaged; restore it, or start with fresh state`);
    apply(state, parsed.data);
  }
  return lines.length;
}

function tryJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
