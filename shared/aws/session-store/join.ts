import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { SessionStore } from '../../gateway/ports/session-store.ts';
import type { Clock } from '../../platform/clock.ts';
import { ok } from '../../platform/result.ts';
import { conditionFailed, guarded } from './errors.ts';
import { keyOf } from './item.ts';
import type { Table } from './write.ts';

/** A question waits for a day at most, and whoever repeats a request does so soon after. */
const KEEP_SECONDS = 2 * 86_400;

/** A signpost where the session of this id would be. The first one stands: a repeat of the request writes it again. */
export const joinIn = (table: Table, clock: Clock): SessionStore['join'] => {
  return (id, session, requestDigest) =>
    guarded(async () => {
      const expiresAt = Math.floor(clock().getTime() / 1_000) + KEEP_SECONDS;
      try {
        await table.client.send(
          new PutCommand({
            TableName: table.name,
            Item: { ...keyOf(id), joined: { session, requestDigest }, expiresAt },
            ConditionExpression: 'attribute_not_exists(pk)',
          }),
        );
      } catch (error) {
        if (!conditionFailed(error)) throw error;
      }
      return ok(undefined);
    });
};
