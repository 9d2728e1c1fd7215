import { GetCommand, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type { OpenKind, SessionStore, StoredSession, StoreFault } from '../../gateway/ports/session-store.ts';
import type { Clock } from '../../platform/clock.ts';
import { isActId } from '../../domain/act.ts';
import { ok, type Result } from '../../platform/result.ts';
import { guarded, unavailable } from './errors.ts';
import { joinedOf, keyOf, storedOf } from './item.ts';
import type { Table } from './write.ts';

/** Ids of sessions have up to 45 characters. DynamoDB refuses a key above 2,048 bytes, which is no outage: it names nothing. */
const LONGEST_ID = 100;

/**
 * Strongly consistent: what is decided on a session must not be decided on an older one. An id that joined another
 * session leads there, one step and no further.
 */
export function readOne(table: Table, id: string): Promise<Result<StoredSession | undefined, StoreFault>> {
  return guarded(async () => {
    const item = isActId(id) || id.length > LONGEST_ID ? undefined : await itemAt(table, id);
    if (item === undefined) return ok(undefined);
    const joined = joinedOf(item);
    const stored = storedOf(joined === undefined ? item : await itemAt(table, joined.session));
    if (stored !== undefined && joined !== undefined) return ok({ ...stored, joinedBy: joined.requestDigest });
    return stored === undefined ? unavailable(new Error(`session ${id} on record cannot be read`)) : ok(stored);
  });
}

async function itemAt(table: Table, id: string): Promise<Record<string, unknown> | undefined> {
  const found = await table.client.send(
    new GetCommand({ TableName: table.name, Key: keyOf(id), ConsistentRead: true }),
  );
  return found.Item;
}

/** Access pattern "what waits for this agent": index byAgent, newest first, counted until enough. */
export const countWaitingIn = (table: Table, clock: Clock): SessionStore['countWaiting'] => {
  return (agentKey, atMost) =>
    guarded(async () => {
      let count = 0;
      let start: QueryCommandInput['ExclusiveStartKey'];
      do {
        const page = await table.client.send(
          new QueryCommand({
            TableName: table.name,
            IndexName: 'byAgent',
            KeyConditionExpression: 'agentKey = :agent AND startedAt > :since',
            FilterExpression: '#status = :waiting',
            ExpressionAttributeNames: { '#status': 'status' },
            ExpressionAttributeValues: {
              ':agent': agentKey,
              ':since': dayBefore(clock()),
              ':waiting': 'pending_approval',
            },
            ScanIndexForward: false,
            Select: 'COUNT',
            ...(start === undefined ? {} : { ExclusiveStartKey: start }),
          }),
        );
        count += page.Count ?? 0;
        start = page.LastEvaluatedKey;
      } while (start !== undefined && count < atMost);
      return ok(Math.min(count, atMost));
    });
};

/** No approval waits longer than a day (`@expires` is at most 24 h), so older sessions need no look. */
const dayBefore = (now: Date): string => new Date(now.getTime() - 25 * 3_600_000).toISOString();

/** Access pattern "what is overdue": the sparse index `open`, by its due time. */
export const dueIn = (table: Table): SessionStore['due'] => {
  return (kind: OpenKind, before: Date, limit: number) =>
    guarded(async () => {
      const page = await table.client.send(
        new QueryCommand({
          TableName: table.name,
          IndexName: 'open',
          KeyConditionExpression: '#open = :kind AND #due < :before',
          ExpressionAttributeNames: { '#open': 'open', '#due': 'due' },
          ExpressionAttributeValues: { ':kind': kind, ':before': before.toISOString() },
          Limit: limit,
        }),
      );
      return ok((page.Items ?? []).map((item) => String(item['pk']).replace(/^SESSION#/, '')));
    });
};
