import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { fileWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import type { Session } from '../../../shared/domain/session.ts';
import { COLUMNS, type Cell } from './columns.ts';
import type { ExportWriter, WrittenFile } from './writer.ts';

/** A row group: columns of it are built in memory. Statements are at most 32 KB here, so 8 MB is reached first by long ones. */
const GROUP_ROWS = 1_000;
const GROUP_BYTES = 8 * 1024 * 1024;

/** One Parquet file, a row group at a time. Every column may be null; instants are in milliseconds. */
export class SessionParquet implements ExportWriter {
  readonly #path: string;
  readonly #writer: ParquetWriter;
  #rows: Cell[][] = [];
  #bytes = 0;
  #count = 0;

  constructor(path: string) {
    this.#path = path;
    const columnData = COLUMNS.map(({ name, type }) => ({ name, type, data: [], nullable: true }));
    this.#writer = new ParquetWriter({ writer: fileWriter(path), schema: schemaFromColumnData({ columnData }) });
  }

  get buffered(): number {
    return this.#rows.length;
  }

  async write(session: Session): Promise<void> {
    const row = COLUMNS.map(({ of }) => of(session));
    this.#rows.push(row);
    this.#bytes += row.reduce<number>((sum, cell) => sum + (typeof cell === 'string' ? cell.length : 8), 0);
    if (this.#rows.length >= GROUP_ROWS || this.#bytes >= GROUP_BYTES) await this.#flush();
  }

  async close(): Promise<WrittenFile> {
    await this.#flush();
    await this.#writer.finish();
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(this.#path)) hash.update(Buffer.from(chunk));
    return { rows: this.#count, bytes: (await stat(this.#path)).size, sha256: hash.digest('hex') };
  }

  async #flush(): Promise<void> {
    if (this.#rows.length === 0) return;
    const columnData = COLUMNS.map(({ name, type }, at) => ({
      name,
      type,
      nullable: true,
      data: this.#rows.map((row) => row[at] ?? null),
    }));
    this.#count += this.#rows.length;
    this.#rows = [];
    this.#bytes = 0;
    await this.#writer.write({ columnData, rowGroupSize: GROUP_ROWS });
  }
}
