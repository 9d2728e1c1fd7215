import type { BatchEntry, Level } from 'dynalite/db/index.js';
import * as z from 'zod';
import { sha256Hex } from '../../../../shared/platform/canonical.ts';
import type { ChangeRecord } from './change-record.ts';

/** Stands for the shards of a stream: order holds within a lane, and an item stays in one lane. */
export const laneCount = 4;
/** AWS keeps stream records for 24 hours. */
export const retentionMs = 24 * 60 * 60 * 1000;

/**
 * Stream records wait in the same LevelDB, written in the same batch as the change itself, and leave when every
 * listener has taken them: a crash between the write and the delivery loses nothing and may deliver twice.
 */
export const laneOf = (itemKey: string): number => Number.parseInt(sha256Hex(itemKey).slice(0, 8), 16) % laneCount;

const lanePrefix = (table: string, lane: number): string => `stream~${table}~${lane}~`;

/** Sequence numbers are 21 digits, so the order of keys is the order of writes. */
export const outboxEntry = (table: string, itemKey: string, record: ChangeRecord): BatchEntry => ({
  type: 'put',
  key: lanePrefix(table, laneOf(itemKey)) + record.dynamodb.SequenceNumber,
  value: { at: record.dynamodb.ApproximateCreationDateTime * 1000, record: JSON.stringify(record) },
});

export interface Waiting {
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly record: ChangeRecord;
}

const stored = z.object({ at: z.number(), record: z.string() });

/** The oldest records of a lane, at most `limit`. */
export async function waiting(db: Level, table: string, lane: number, limit: number): Promise<Waiting[]> {
  const rows = await db.iterator({ ...rangeOf(lanePrefix(table, lane)), limit }).all();
  return rows.map(([key, value]) => {
    const row = stored.parse(value);
    return { key, at: row.at, record: recordFrom(row.record) };
  });
}

export const rangeOf = (prefix: string): { gte: string; lt: string } => ({ gte: prefix, lt: `${prefix}\xff` });

/** Drops what is older than AWS would keep it, for tables that nobody listens to. */
export async function trimOutbox(db: Level, before: number): Promise<void> {
  const stale: BatchEntry[] = [];
  for await (const [key, value] of db.iterator(rangeOf('stream~')))
    if (stored.parse(value).at < before) stale.push({ type: 'del', key });
  if (stale.length > 0) await db.batch(stale);
}

/** The highest sequence number still waiting, so that numbers rise across restarts even if the clock was set back. */
export async function lastSequence(db: Level): Promise<bigint> {
  let last = 0n;
  for await (const key of db.keys(rangeOf('stream~'))) {
    const number = BigInt(key.slice(key.lastIndexOf('~') + 1));
    if (number > last) last = number;
  }
  return last;
}

/** Written by outboxEntry in this file and nobody else. */
function recordFrom(text: string): ChangeRecord;
function recordFrom(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return value;
}
