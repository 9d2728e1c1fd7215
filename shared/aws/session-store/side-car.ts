import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { conditionFailed } from './errors.ts';
import { keyOf } from './item.ts';
import { readOne } from './read.ts';
import type { Table } from './write.ts';

/** Keeps the newest token: a wait that began earlier has timed out, and its token wakes nobody. */
export async function saveTaskToken(table: Table, id: string, token: string, turn: number): Promise<void> {
  const kept = await update(table, id, {
    ConditionExpression: 'attribute_exists(pk) AND (attribute_not_exists(taskTurn) OR taskTurn <= :turn)',
    UpdateExpression: 'SET taskToken = :token, taskTurn = :turn',
    ExpressionAttributeValues: { ':token': token, ':turn': turn },
  });
  if (!kept) await mustBeThere(table, id);
}

/** Sets a mark that nobody has set before. */
export async function claim(table: Table, id: string, occasion: string): Promise<boolean> {
  const claimed = await update(table, id, {
    ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(#mark)',
    UpdateExpression: 'SET #mark = :yes',
    ExpressionAttributeNames: { '#mark': `told_${occasion}` },
    ExpressionAttributeValues: { ':yes': true },
  });
  if (!claimed) await mustBeThere(table, id);
  return claimed;
}

async function update(
  table: Table,
  id: string,
  what: Omit<ConstructorParameters<typeof UpdateCommand>[0], 'TableName' | 'Key'>,
): Promise<boolean> {
  try {
    await table.client.send(new UpdateCommand({ TableName: table.name, Key: keyOf(id), ...what }));
    return true;
  } catch (error) {
    if (conditionFailed(error)) return false;
    throw error;
  }
}

/** A condition fails for want of the item, too, and that is a fault. */
async function mustBeThere(table: Table, id: string): Promise<void> {
  const there = await readOne(table, id);
  if (!there.ok || there.value === undefined) throw new Error(`session ${id} is not in the table`);
}
