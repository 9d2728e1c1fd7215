import { GetCommand, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Delivered, DigestQueue } from '../../gateway/ports/digest-queue.ts';
import { ok } from '../../platform/result.ts';
import { settleOne, UNDIGESTED } from './archived.ts';
import { guarded } from './errors.ts';
import { keyOf } from './item.ts';
import type { Table } from './write.ts';

/** Calls under way at once: single items answer in milliseconds, so 100,000 take some 15 s. */
const AT_ONCE = 32;

const itemSchema = z.looseObject({
  open: z.string().optional(),
  archived: z.strictObject({ key: z.string(), sha256: z.string(), bytes: z.int() }).optional(),
});

/** Access pattern "archived and in no digest": partition `undigested` of the index `open`, by time of archiving. */
export function createDigestQueue(table: Table): DigestQueue {
  return {
    pending: (before, limit) =>
      guarded(async () => {
        const ids = await idsIn(table, before, limit);
        const found = await overAll(ids, (id) => readOne(table, id));
        return ok(found.filter((one) => one !== undefined));
      }),
    settle: (sessions) =>
      guarded(async () => {
        await overAll(sessions, (id) => settleOne(table, id));
        return ok(undefined);
      }),
  };
}

async function idsIn(table: Table, before: string, limit: number): Promise<string[]> {
  const ids: string[] = [];
  let start: QueryCommandInput['ExclusiveStartKey'];
  do {
    const page = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        IndexName: 'open',
        KeyConditionExpression: '#open = :undigested AND #due < :before',
        ExpressionAttributeNames: { '#open': 'open', '#due': 'due' },
        ExpressionAttributeValues: { ':undigested': UNDIGESTED, ':before': before },
        Limit: limit - ids.length,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    ids.push(...(page.Items ?? []).map((item) => String(item['pk']).replace(/^SESSION#/, '')));
    start = page.LastEvaluatedKey;
  } while (start !== undefined && ids.length < limit);
  return ids;
}

/** The index runs behind the table: only what the table itself calls undigested may enter a digest, or it enters two. */
async function readOne(table: Table, id: string): Promise<Delivered | undefined> {
  const found = await table.client.send(
    new GetCommand({
      TableName: table.name,
      Key: keyOf(id),
      ConsistentRead: true,
      ProjectionExpression: '#open, archived',
      ExpressionAttributeNames: { '#open': 'open' },
    }),
  );
  const item = itemSchema.parse(found.Item ?? {});
  return item.open === UNDIGESTED && item.archived !== undefined ? { session: id, ...item.archived } : undefined;
}

async function overAll<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE)
    results.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(work))));
  return results;
}
