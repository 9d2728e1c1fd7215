import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { ArchivedObject } from '../../gateway/ports/session-store.ts';
import { conditionFailed } from './errors.ts';
import { keyOf } from './item.ts';
import type { Table } from './write.ts';

/** What an archived session waits for: the digest that names it. Its place in the index `open`. */
export const UNDIGESTED = 'undigested';

/**
 * From "to be archived" to "to be named by a digest", in one write and only once: a delivery that is repeated after the
 * digest must not put it into the queue again. An item that has left the table meanwhile needs nothing.
 */
export async function markArchived(table: Table, id: string, deleteAfter: Date, object: ArchivedObject): Promise<void> {
  const { at, ...archived } = object;
  await once(table, {
    TableName: table.name,
    Key: keyOf(id),
    ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(archived)',
    UpdateExpression:
      'SET archived = :archived, deleteAfter = :after, #open = :undigested, #due = :due REMOVE taskToken',
    ExpressionAttributeNames: { '#open': 'open', '#due': 'due' },
    ExpressionAttributeValues: {
      ':archived': archived,
      ':after': Math.floor(deleteAfter.getTime() / 1_000),
      ':undigested': UNDIGESTED,
      ':due': `${at}#${id}`,
    },
  });
}

/** Named by a digest: out of the index, and from now on the table may let it go. */
export function settleOne(table: Table, id: string): Promise<void> {
  return once(table, {
    TableName: table.name,
    Key: keyOf(id),
    ConditionExpression: '#open = :undigested',
    UpdateExpression: 'SET expiresAt = deleteAfter REMOVE #open, #due',
    ExpressionAttributeNames: { '#open': 'open', '#due': 'due' },
    ExpressionAttributeValues: { ':undigested': UNDIGESTED },
  });
}

/** A condition that does not hold means that it was done before. */
async function once(table: Table, input: ConstructorParameters<typeof UpdateCommand>[0]): Promise<void> {
  try {
    await table.client.send(new UpdateCommand(input));
  } catch (error) {
    if (!conditionFailed(error)) throw error;
  }
}
