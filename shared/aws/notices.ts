import { GetCommand, QueryCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Notices } from '../gateway/ports/notices.ts';
import type { NoticeRef } from '../gateway/ports/notifier.ts';
import { ok } from '../platform/result.ts';
import { conditionFailed, guarded } from './session-store/errors.ts';
import type { Table } from './session-store/write.ts';

/** Messages that are owed an update share this partition of the index `open`, by when somebody should look. */
const UNTOLD = 'untold';
/** In place of the time until which a channel is claimed, once its message is kept: sorts behind every ISO date. */
const POSTED = '~';

/** A claim whose poster died leaves an item that is of no use; longer than messages are owed, since it may hold those too. */
const FORGOTTEN_SECONDS = 8 * 86_400;

/** Beside its session, under the same partition key. */
const keyOf = (session: string) => ({ pk: `SESSION#${session}`, sk: 'NOTICES' });

const itemSchema = z.looseObject({
  notices: z.array(z.strictObject({ channel: z.string(), ts: z.string() })).default([]),
});

/** Messages of sessions, an item a session in the sessions table. It goes when the session does. */
export function createNotices(table: Table): Notices {
  const update = updater(table);
  return {
    of: (session) =>
      guarded(async () => {
        const found = await table.client.send(
          new GetCommand({ TableName: table.name, Key: keyOf(session), ConsistentRead: true }),
        );
        return ok(itemSchema.parse(found.Item ?? {}).notices);
      }),
    claim: (session, channel, now, until) =>
      guarded(async () => ok(await update(session, claimOf(channel, now, until)))),
    release: (session, channel, until) =>
      guarded(async () => {
        await update(session, releaseOf(channel, until));
        return ok(undefined);
      }),
    keep: (session, notice, due) =>
      guarded(async () => {
        await update(session, keepOf(session, notice, due));
        return ok(undefined);
      }),
    owe: (session, now, due) =>
      guarded(async () => {
        await update(session, oweOf(session, now, due));
        return ok(undefined);
      }),
    postpone: (session, due) =>
      guarded(async () => {
        await update(session, postponeOf(session, due));
        return ok(undefined);
      }),
    settle: (session, count, quietSince, deleteAfter) =>
      guarded(async () => ok(await update(session, settleOf(count, quietSince, deleteAfter)))),
    owed: (before, limit) => guarded(async () => ok(await owed(table, before, limit))),
  };
}

type Change = Omit<UpdateCommandInput, 'TableName' | 'Key'>;

/** False when its condition did not hold. */
const updater =
  (table: Table) =>
  async (session: string, change: Change): Promise<boolean> => {
    try {
      await table.client.send(new UpdateCommand({ TableName: table.name, Key: keyOf(session), ...change }));
      return true;
    } catch (error) {
      if (conditionFailed(error)) return false;
      throw error;
    }
  };

const markOf = (channel: string): string => `at_${channel}`;
const dueOf = (session: string, due: Date): string => `${due.toISOString()}#${session}`;

const claimOf = (channel: string, now: Date, until: Date): Change => ({
  ConditionExpression: 'attribute_not_exists(#mark) OR #mark < :now',
  UpdateExpression: 'SET #mark = :until, expiresAt = :after',
  ExpressionAttributeNames: { '#mark': markOf(channel) },
  ExpressionAttributeValues: {
    ':now': now.toISOString(),
    ':until': until.toISOString(),
    ':after': Math.floor(now.getTime() / 1_000) + FORGOTTEN_SECONDS,
  },
});

const releaseOf = (channel: string, until: Date): Change => ({
  ConditionExpression: '#mark < :posted',
  UpdateExpression: 'SET #mark = :until',
  ExpressionAttributeNames: { '#mark': markOf(channel) },
  ExpressionAttributeValues: { ':posted': POSTED, ':until': until.toISOString() },
});

/** A repeat of the SDK finds its own. */
const keepOf = (session: string, notice: NoticeRef, due: Date): Change => ({
  ConditionExpression: 'attribute_not_exists(#kept)',
  UpdateExpression:
    'SET #notices = list_append(if_not_exists(#notices, :none), :added), #kept = :posted, #mark = :posted, #open = :untold, #due = :due REMOVE expiresAt',
  ExpressionAttributeNames: {
    '#notices': 'notices',
    '#kept': `kept_${notice.channel}_${notice.ts}`,
    '#mark': markOf(notice.channel),
    '#open': 'open',
    '#due': 'due',
  },
  ExpressionAttributeValues: {
    ':none': [],
    ':added': [notice],
    ':posted': POSTED,
    ':untold': UNTOLD,
    ':due': dueOf(session, due),
  },
});

const oweOf = (session: string, now: Date, due: Date): Change => ({
  ConditionExpression: 'attribute_exists(#notices)',
  UpdateExpression: 'SET #open = :untold, #due = :due, owedAt = :now REMOVE expiresAt',
  ExpressionAttributeNames: { '#notices': 'notices', '#open': 'open', '#due': 'due' },
  ExpressionAttributeValues: { ':untold': UNTOLD, ':due': dueOf(session, due), ':now': now.toISOString() },
});

const postponeOf = (session: string, due: Date): Change => ({
  ConditionExpression: '#open = :untold',
  UpdateExpression: 'SET #due = :due',
  ExpressionAttributeNames: { '#open': 'open', '#due': 'due' },
  ExpressionAttributeValues: { ':untold': UNTOLD, ':due': dueOf(session, due) },
});

const settleOf = (count: number, quietSince: Date, deleteAfter: Date): Change => ({
  ConditionExpression: 'size(#notices) = :count AND (attribute_not_exists(owedAt) OR owedAt < :quiet)',
  UpdateExpression: 'SET expiresAt = :after REMOVE #open, #due',
  ExpressionAttributeNames: { '#notices': 'notices', '#open': 'open', '#due': 'due' },
  ExpressionAttributeValues: {
    ':count': count,
    ':quiet': quietSince.toISOString(),
    ':after': Math.floor(deleteAfter.getTime() / 1_000),
  },
});

async function owed(table: Table, before: Date, limit: number): Promise<readonly string[]> {
  const page = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      IndexName: 'open',
      KeyConditionExpression: '#open = :untold AND #due < :before',
      ExpressionAttributeNames: { '#open': 'open', '#due': 'due' },
      ExpressionAttributeValues: { ':untold': UNTOLD, ':before': before.toISOString() },
      Limit: limit,
    }),
  );
  return (page.Items ?? []).map((item) => String(item['pk']).replace(/^SESSION#/, ''));
}
