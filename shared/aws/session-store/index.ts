import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { openWork } from '../../domain/open-work.ts';
import type { SessionStore } from '../../gateway/ports/session-store.ts';
import type { Clock } from '../../platform/clock.ts';
import { ok } from '../../platform/result.ts';
import { markArchived } from './archived.ts';
import { conditionFailed, guarded } from './errors.ts';
import { keyOf } from './item.ts';
import { claim, saveTaskToken } from './side-car.ts';
import { listIn } from './list.ts';
import { countWaitingIn, dueIn, readOne } from './read.ts';
import { joinIn } from './join.ts';
import { appendIn, createIn, type Table } from './write.ts';

/** Live sessions in DynamoDB: one table, one item a session, every step one conditional write. */
export function createSessionStore(table: Table, clock: Clock): SessionStore {
  return {
    create: createIn(table),
    append: appendIn(table),
    join: joinIn(table, clock),
    get: (id) => readOne(table, id),
    list: listIn(table, clock),
    countWaiting: countWaitingIn(table, clock),
    due: dueIn(table),
    saveTaskToken: (id, taskToken, turn = 0) => touch(() => saveTaskToken(table, id, taskToken, turn)),
    claim: (id, occasion) => guarded(async () => ok(await claim(table, id, occasion))),
    markAnnounced: (session) => touch(() => markAnnounced(table, session)),
    markArchived: (id, deleteAfter, object) => touch(() => markArchived(table, id, deleteAfter, object)),
  };
}

const touch = (work: () => Promise<void>) =>
  guarded(async () => {
    await work();
    return ok(undefined);
  });

/** Only if the session is still as it was announced: a vote meanwhile has set a due time of its own. */
async function markAnnounced(table: Table, session: Parameters<SessionStore['markAnnounced']>[0]): Promise<void> {
  const { kind, due } = openWork(session, true);
  try {
    await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keyOf(session.id),
        ConditionExpression: '#head = :head',
        UpdateExpression: 'SET announced = :yes, #open = :open, #due = :due',
        ExpressionAttributeNames: { '#head': 'head', '#open': 'open', '#due': 'due' },
        ExpressionAttributeValues: {
          ':head': session.head.hash,
          ':yes': true,
          ':open': kind,
          ':due': `${due}#${session.id}`,
        },
      }),
    );
  } catch (error) {
    if (!conditionFailed(error)) throw error;
  }
}
