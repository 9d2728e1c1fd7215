import { setTimeout as sleep } from 'node:timers/promises';
import { QueryCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { stopScopeSchema } from '../../contracts/record/act.ts';
import { stopKey, type Stop } from '../../domain/stop.ts';
import type { Stops } from '../../gateway/ports/controls.ts';
import { ok } from '../../platform/result.ts';
import { conditionFailed, guarded, unavailable } from '../session-store/errors.ts';
import type { Table } from '../session-store/write.ts';
import { STOP_SHARDS, stopKeyOf, stopShardKey } from './keys.ts';

/** Stops at once. More is not an emergency but a policy, and each is read by every run. */
const MAX_STOPS = 200;

const stopSchema = z.strictObject({
  id: z.string(),
  scope: stopScopeSchema,
  by: z.string(),
  reason: z.string(),
  at: z.string(),
});

/**
 * Stops in the sessions table: a row to be listed, and a mark in each of the copies that runs check. The row is written
 * first and the marks one by one, each tried until it stands: what is half done holds some and not others, and
 * repeating it finishes it. Nothing is deleted: a lifted stop keeps its row, out of the list.
 */
export function stopsIn(table: Table): Stops {
  const update = (input: Omit<UpdateCommandInput, 'TableName'>) =>
    table.client.send(new UpdateCommand({ TableName: table.name, ...input }));
  return {
    put: (stop) =>
      guarded(async () => {
        const listed = await stopsListed(table);
        if (listed.length >= MAX_STOPS && !listed.some(({ scope }) => stopKey(scope) === stopKey(stop.scope)))
          return unavailable(new Error(`there are ${MAX_STOPS} stops in force; lift some, or stop everything`));
        await unlessNewer(() => update(rowOf(stop, 'SET #stop = :stop', { ':stop': stop })));
        await everyShard((Key) => update({ Key, ...markOf(stop, 'SET #key = :id') }));
        return ok(undefined);
      }),
    lift: (stop) =>
      guarded(async () => {
        await everyShard((Key) => update({ Key, ...markOf(stop, 'REMOVE #key') }));
        await unlessNewer(() => update(rowOf(stop, 'REMOVE #stop')));
        return ok(undefined);
      }),
    list: () => guarded(async () => ok(await stopsListed(table))),
  };
}

type Change = Omit<UpdateCommandInput, 'TableName'>;
type Named = Pick<Stop, 'id' | 'scope'>;

/**
 * Ids are in the order of time. Neither of two writers undoes what a newer stop has written: who lifts one does not
 * lift another that somebody has put since, and marks of an older one, half written, go with the newer.
 */
const rowOf = ({ id, scope }: Named, expression: string, values: Change['ExpressionAttributeValues'] = {}): Change => ({
  Key: stopKeyOf(stopKey(scope)),
  ConditionExpression: 'attribute_not_exists(#stop) OR #stop.#id <= :id',
  UpdateExpression: expression,
  ExpressionAttributeNames: { '#stop': 'stop', '#id': 'id' },
  ExpressionAttributeValues: { ':id': id, ...values },
});

const markOf = ({ id, scope }: Named, expression: string): Omit<Change, 'Key'> => ({
  ConditionExpression: 'attribute_not_exists(#key) OR #key <= :id',
  UpdateExpression: expression,
  ExpressionAttributeNames: { '#key': stopKey(scope) },
  ExpressionAttributeValues: { ':id': id },
});

async function unlessNewer(write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!conditionFailed(error)) throw error;
  }
}

async function stopsListed(table: Table): Promise<z.output<typeof stopSchema>[]> {
  const found = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': 'STOP' },
      ConsistentRead: true,
    }),
  );
  const rows = (found.Items ?? []).filter((row) => row['stop'] !== undefined);
  return rows.map((row) => stopSchema.parse(row['stop']));
}

/** A mark meets runs that are being written (TransactionConflict), and waits for its turn: some 1.3 s at most. */
const PAUSES_MS = [0, 10, 20, 40, 80, 160, 320, 640];

async function everyShard(write: (key: { pk: string; sk: string }) => Promise<unknown>): Promise<void> {
  await Promise.all(
    Array.from({ length: STOP_SHARDS }, (_none, shard) =>
      untilWritten(() => unlessNewer(() => write(stopShardKey(shard)))),
    ),
  );
}

async function untilWritten(write: () => Promise<unknown>): Promise<void> {
  for (const [index, pause] of PAUSES_MS.entries()) {
    if (pause > 0) await sleep(pause);
    try {
      await write();
      return;
    } catch (error) {
      const conflict = error instanceof Error && error.name === 'TransactionConflictException';
      if (!conflict || index === PAUSES_MS.length - 1) throw error;
    }
  }
}
