import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import type { Session } from '../../../shared/domain/session.ts';

/** A file of the export while it is written. */
export interface ExportWriter<T = Session> {
  write(row: T): Promise<void>;
  /** Rows held back for the next write. */
  readonly buffered: number;
  close(): Promise<WrittenFile>;
}

export interface WrittenFile {
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** Bytes gathered before one write to disk. */
const CHUNK = 65_536;

/** A text file, written a chunk at a time and hashed on the way. Never over a file that is there. */
export class TextWriter<T = Session> implements ExportWriter<T> {
  readonly #file: FileHandle;
  readonly #lines: (row: T) => readonly string[];
  readonly #hash = createHash('sha256');
  #pending: string[] = [];
  #pendingLength = 0;
  #rows = 0;
  #bytes = 0;

  private constructor(file: FileHandle, lines: (row: T) => readonly string[]) {
    this.#file = file;
    this.#lines = lines;
  }

  /** `lines` gives each row without its end; `head` is a first line that is no row. */
  static async create<T = Session>(
    path: string,
    lines: (row: T) => readonly string[],
    { head, end = '\n' }: { readonly head?: string; readonly end?: string } = {},
  ): Promise<TextWriter<T>> {
    const writer = new TextWriter<T>(await open(path, 'wx'), (row) => lines(row).map((line) => line + end));
    if (head !== undefined) writer.#pending.push(head + end);
    return writer;
  }

  get buffered(): number {
    return this.#pending.length;
  }

  async write(row: T): Promise<void> {
    for (const line of this.#lines(row)) {
      this.#pending.push(line);
      this.#pendingLength += line.length;
      this.#rows += 1;
    }
    if (this.#pendingLength >= CHUNK) await this.#flush();
  }

  async close(): Promise<WrittenFile> {
    await this.#flush();
    await this.#file.close();
    return { rows: this.#rows, bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.from(this.#pending.join(''), 'utf8');
    this.#pending = [];
    this.#pendingLength = 0;
    this.#hash.update(bytes);
    this.#bytes += bytes.byteLength;
    await this.#file.writeFile(bytes);
  }
}
