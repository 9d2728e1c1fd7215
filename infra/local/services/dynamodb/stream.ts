import { setTimeout as sleep } from 'node:timers/promises';
import type { Level } from 'dynalite/db/index.js';
import type { Clock } from '../../../../shared/platform/clock.ts';
import type { ChangeRecord } from './change-record.ts';
import type { Waiting } from './outbox.ts';
import { laneCount, retentionMs, waiting } from './outbox.ts';

export type ChangeListener = (record: ChangeRecord) => Promise<void> | void;

/** First wait after a listener rejected; doubles up to the second. */
const firstBackoffMs = 100;
const longestBackoffMs = 30_000;
/** Ctrl-C must end the whole stack within five seconds. */
const longestCloseMs = 2_000;
/** Records read at a time: a few, because each is delivered and removed before the next. */
const readAhead = 10;

/**
 * Delivers the outbox of one table: at least once, in order per item, a rejecting listener is asked again with growing
 * pauses until the record is 24 hours old (then it is dropped with a line, as AWS would trim it). One item that cannot
 * be taken holds up its lane only.
 */
export class TableStream {
  readonly #db: Level;
  readonly #table: string;
  readonly #clock: Clock;
  readonly #listeners = new Set<ChangeListener>();
  readonly #lanes: Promise<void>[] = [];
  readonly #stop = new AbortController();
  #wake = Promise.withResolvers<undefined>();

  constructor(db: Level, table: string, clock: Clock) {
    this.#db = db;
    this.#table = table;
    this.#clock = clock;
  }

  /** Adds a listener and starts delivery with the first one. Call the answer to take it off again. */
  listen(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    if (this.#lanes.length === 0)
      for (let lane = 0; lane < laneCount; lane += 1) this.#lanes.push(this.#deliverLane(lane));
    this.wake();
    return () => this.#listeners.delete(listener);
  }

  /** Something was written: look again. */
  wake(): void {
    this.#wake.resolve(undefined);
    this.#wake = Promise.withResolvers<undefined>();
  }

  /**
   * Stops after the record being delivered now; the rest stays in the outbox for the next start. A listener that hangs
   * is not waited for: its record was not removed, so it comes again.
   */
  async close(): Promise<void> {
    this.#stop.abort();
    this.wake();
    await Promise.race([Promise.all(this.#lanes), sleep(longestCloseMs, undefined, { ref: false })]);
  }

  async #deliverLane(lane: number): Promise<void> {
    while (!this.#stopped()) {
      const woken = this.#wake.promise;
      const records = this.#listeners.size === 0 ? [] : await waiting(this.#db, this.#table, lane, readAhead);
      for (const next of records) await this.#deliver(next);
      if (records.length === 0) await woken;
    }
  }

  /** Until it is taken, trimmed or the stream is stopped. */
  async #deliver({ key, at, record }: Waiting): Promise<void> {
    let backoff = firstBackoffMs;
    while (!this.#stopped() && this.#listeners.size > 0) {
      const taken = await this.#offer(record);
      if (this.#stopped()) return;
      if (taken || this.#clock().getTime() - at > retentionMs) return this.#db.batch([{ type: 'del', key }]);
      await sleep(backoff, undefined, { signal: this.#stop.signal, ref: false }).catch(() => undefined);
      backoff = Math.min(backoff * 2, longestBackoffMs);
    }
  }

  async #offer(record: ChangeRecord): Promise<boolean> {
    try {
      for (const listener of this.#listeners) await listener(record);
      return true;
    } catch (error) {
      console.error(`stream of ${this.#table}: record ${record.dynamodb.SequenceNumber} was not taken:`, error);
      return false;
    }
  }

  #stopped(): boolean {
    return this.#stop.signal.aborted;
  }
}
