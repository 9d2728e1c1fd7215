import type { BatchEntry, Store } from 'dynalite/db/index.js';
import * as z from 'zod';
import type { Clock } from '../../../../shared/platform/clock.ts';
import { recordOf } from './change-record.ts';
import { lastSequence, outboxEntry } from './outbox.ts';
import type { ChangeListener } from './stream.ts';
import { TableStream } from './stream.ts';
import { describe } from './tables.ts';
import type { Change } from './unit-of-work.ts';

const streamed = z.object({
  KeySchema: z.array(z.object({ AttributeName: z.string() })),
  StreamSpecification: z.object({ StreamEnabled: z.literal(true), StreamViewType: z.string() }),
});

/** All streams of the store: what a change adds to the outbox, and who hears of it. */
export class Streams {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #tables = new Map<string, TableStream>();
  #last: bigint;

  private constructor(store: Store, clock: Clock, last: bigint) {
    this.#store = store;
    this.#clock = clock;
    this.#last = last;
  }

  static async open(store: Store, clock: Clock): Promise<Streams> {
    return new Streams(store, clock, await lastSequence(store.db));
  }

  /** The outbox rows to write in the same batch as the changes; none for tables without a stream. */
  async entriesFor(changes: readonly Change[], expired: boolean): Promise<BatchEntry[]> {
    const entries: BatchEntry[] = [];
    for (const change of changes) {
      const table = streamed.safeParse(await describe(this.#store, change.table));
      if (!table.success) continue;
      const keyNames = table.data.KeySchema.map((key) => key.AttributeName);
      const viewType = table.data.StreamSpecification.StreamViewType;
      const sequence = this.#nextSequence();
      const record = recordOf(change, { keyNames, viewType, sequence, at: this.#clock(), expired });
      if (record !== undefined) entries.push(outboxEntry(change.table, change.key, record));
    }
    return entries;
  }

  wake(changes: readonly Change[]): void {
    for (const { table } of changes) this.#tables.get(table)?.wake();
  }

  onChange(table: string, listener: ChangeListener): () => void {
    const stream = this.#tables.get(table) ?? new TableStream(this.#store.db, table, this.#clock);
    this.#tables.set(table, stream);
    return stream.listen(listener);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#tables.values()].map((stream) => stream.close()));
  }

  /** 21 digits as AWS has them: microseconds since 1970, or one more than the last where the clock stood still. */
  #nextSequence(): string {
    const now = BigInt(this.#clock().getTime()) * 1_000n;
    this.#last = now > this.#last ? now : this.#last + 1n;
    return this.#last.toString().padStart(21, '0');
  }
}
