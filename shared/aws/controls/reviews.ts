import { GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { reviewSchema } from '../../contracts/record/review.ts';
import type { Review } from '../../domain/review.ts';
import type { Reviews } from '../../gateway/ports/controls.ts';
import { ok } from '../../platform/result.ts';
import { conditionFailed, guarded, unavailable } from '../session-store/errors.ts';
import type { Table } from '../session-store/write.ts';
import { reviewKey, timeToLive } from './keys.ts';

/** Reviews that are owed share this partition of the index `open`, by when somebody should be told again. */
const OWED = 'review';
/** A review that never came to be, because what it was for never ran, is of no use after this. */
const VOID_DAYS = 1;

/** Reviews in the sessions table, each beside its session: the session's chain has ended, and the review goes on. */
export function reviewsIn(table: Table): Reviews {
  return {
    owe: (review, due) =>
      guarded(async () => {
        await owe(table, review, due);
        return ok(undefined);
      }),
    get: (session) =>
      guarded(async () => {
        const found = await table.client.send(
          new GetCommand({ TableName: table.name, Key: reviewKey(session), ConsistentRead: true }),
        );
        if (found.Item === undefined) return ok(undefined);
        const review = reviewSchema.safeParse(found.Item['review']);
        return review.success ? ok(review.data) : unavailable(new Error(`the review of ${session} cannot be read`));
      }),
    close: (review, deleteAfter) =>
      guarded(async () => {
        await leave(table, review.session, Math.floor(deleteAfter.getTime() / 1_000), review);
        return ok(undefined);
      }),
    drop: (session, now) =>
      guarded(async () => {
        await leave(table, session, timeToLive(now, VOID_DAYS));
        return ok(undefined);
      }),
    postpone: (session, due) =>
      guarded(async () => {
        await postpone(table, session, due);
        return ok(undefined);
      }),
    owed: (before, limit) => guarded(async () => ok(await owed(table, before, limit))),
  };
}

async function owe(table: Table, review: Review, due: Date): Promise<void> {
  const Item = { ...reviewKey(review.session), review, open: OWED, due: dueKey(due, review.session) };
  try {
    await table.client.send(
      new PutCommand({ TableName: table.name, Item, ConditionExpression: 'attribute_not_exists(pk)' }),
    );
  } catch (error) {
    // A repeat of the same request: its review is owed already, or closed.
    if (!conditionFailed(error)) throw error;
  }
}

/** Out of the index: nobody is reminded any more. */
async function leave(table: Table, session: string, expiresAt: number, review?: Review): Promise<void> {
  await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: reviewKey(session),
      ConditionExpression: 'attribute_exists(pk)',
      UpdateExpression: `SET expiresAt = :after${review === undefined ? '' : ', review = :review'} REMOVE #open, #due`,
      ExpressionAttributeNames: { '#open': 'open', '#due': 'due' },
      ExpressionAttributeValues: { ':after': expiresAt, ...(review === undefined ? {} : { ':review': review }) },
    }),
  );
}

async function postpone(table: Table, session: string, due: Date): Promise<void> {
  try {
    await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: reviewKey(session),
        ConditionExpression: '#open = :owed',
        UpdateExpression: 'SET #due = :due',
        ExpressionAttributeNames: { '#open': 'open', '#due': 'due' },
        ExpressionAttributeValues: { ':owed': OWED, ':due': dueKey(due, session) },
      }),
    );
  } catch (error) {
    if (!conditionFailed(error)) throw error;
  }
}

async function owed(table: Table, before: Date | undefined, limit: number): Promise<readonly string[]> {
  const page = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      IndexName: 'open',
      KeyConditionExpression: `#open = :owed${before === undefined ? '' : ' AND #due < :before'}`,
      ExpressionAttributeNames: { '#open': 'open', ...(before === undefined ? {} : { '#due': 'due' }) },
      ExpressionAttributeValues: {
        ':owed': OWED,
        ...(before === undefined ? {} : { ':before': before.toISOString() }),
      },
      Limit: limit,
    }),
  );
  return (page.Items ?? []).map((item) => String(item['pk']).replace(/^REVIEW#/, ''));
}

const dueKey = (due: Date, session: string): string => `${due.toISOString()}#${session}`;
