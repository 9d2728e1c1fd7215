import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { SessionFilter } from '../../gateway/ports/session-store.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import { filtersOf } from './filters.ts';
import type { Table } from './write.ts';

/**
 * Partitions of a day in the index `byDay`. One key of an index takes 1,000 write units a second (DynamoDB developer guide, "Designing
 * partition keys"), and a session writes about 10 units there over its life: under one key a day all agents together would be held
 * to some 100 statements a second, since a full index pushes back on its table. 8 keys carry 800, which is more than the 100 at
 * once that `execute` may run (650 a second at 0.15 s each). A listing asks all 8 at once, so more would cost auditors, not agents.
 */
export const SHARDS = 8;

/** `2026-11-29#5`: the day, and a part of it that follows from the id alone, so that every write of a session finds it again. */
export const partitionOf = (session: string, day: string): string =>
  `${day}#${String(Number.parseInt(sha256Hex(session).slice(0, 8), 16) % SHARDS)}`;

interface Place {
  readonly day: string;
  /** A sort key: everything from there on has been shown. */
  readonly before?: string | undefined;
}

type Item = Readonly<Record<string, unknown>>;
const startedAt = (item: Item): string => String(item['startedAt']);

/**
 * The next of a day, newest first, out of all its partitions. Each was read down to some sort key; what is older than the newest of
 * those may still lie unread in another, so it waits for the next look, and every page goes on exactly where the last one ended.
 */
export async function lookAtDay(
  table: Table,
  filter: SessionFilter,
  limit: number,
  at: Place,
): Promise<{ readonly items: readonly Item[]; readonly next: Place | undefined }> {
  const parts = await Promise.all(
    Array.from({ length: SHARDS }, (_, shard) => lookAtShard(table, filter, limit, at, shard)),
  );
  const frontier = parts.reduce((newest, { readTo }) => (readTo > newest ? readTo : newest), '');
  const seen = parts
    .flatMap(({ items }) => items)
    .filter((item) => startedAt(item) >= frontier)
    .sort((one, other) => (startedAt(one) < startedAt(other) ? 1 : -1));
  const items = seen.slice(0, limit);
  const last = items.at(-1);
  const before = seen.length > limit && last !== undefined ? startedAt(last) : frontier;
  return { items, next: before === '' ? undefined : { day: at.day, before } };
}

/** `readTo`: the sort key down to which the partition was read; empty when it was read to its end. */
async function lookAtShard(table: Table, filter: SessionFilter, limit: number, { day, before }: Place, shard: number) {
  // Sort keys are `<instant>#<id>`: an instant alone sorts before every session of that instant, so `to` is exclusive.
  const to = [filter.to, before].reduce<string>((least, end) => (end !== undefined && end < least ? end : least), '~');
  const from = filter.from ?? ' ';
  if (from > to) return { items: [], readTo: '' };
  const { values, ...filters } = filtersOf(filter, ['day']);
  const page = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      IndexName: 'byDay',
      KeyConditionExpression: '#day = :partition AND startedAt BETWEEN :from AND :to',
      ScanIndexForward: false,
      // One more than is wanted: the last one shown is the end of this range, and is read again in its own partition.
      Limit: limit + 1,
      ...filters,
      ExpressionAttributeValues: { ':partition': `${day}#${String(shard)}`, ':from': from, ':to': to, ...values },
    }),
  );
  const items = (page.Items ?? []).filter((item) => before === undefined || startedAt(item) < before);
  return { items, readTo: page.LastEvaluatedKey === undefined ? '' : String(page.LastEvaluatedKey['startedAt']) };
}
