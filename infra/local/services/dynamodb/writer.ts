import type { BatchEntry, Store } from 'dynalite/db/index.js';
import type { JsonObject } from '../../../../shared/platform/json-value.ts';
import type { Result } from '../../../../shared/platform/result.ts';
import { err } from '../../../../shared/platform/result.ts';
import type { Turnstile } from '../durable/one-at-a-time.ts';
import type { Fault } from '../wire/aws-json.ts';
import type { WriteName } from './catalogue.ts';
import { invalid, run } from './engine.ts';
import type { Streams } from './streams.ts';
import type { UnitOfWork } from './unit-of-work.ts';
import { openUnit } from './unit-of-work.ts';

/** What every write needs. `inTurn` is the store's only writer: one LevelDB, one writer, so nothing can interleave. */
export interface WriteRoom {
  readonly store: Store;
  readonly streams: Streams;
  readonly inTurn: Turnstile;
}

/** PutItem, UpdateItem, DeleteItem or BatchWriteItem: judged, then committed with index rows and stream records at once. */
export function write(
  room: WriteRoom,
  name: WriteName,
  input: JsonObject,
  expired = false,
): Promise<Result<JsonObject, Fault>> {
  const { ReturnValuesOnConditionCheckFailure: wanted = 'NONE', ...rest } = input;
  if (wanted !== 'NONE' && wanted !== 'ALL_OLD')
    return Promise.resolve(err(invalid('ReturnValuesOnConditionCheckFailure is NONE or ALL_OLD')));
  return room.inTurn(async () => {
    const unit = openUnit(room.store);
    const result = await run(unit.view, name, rest);
    if (!result.ok) return err(wanted === 'ALL_OLD' ? withItem(result.error, unit) : result.error);
    await commit(room, [unit], [], expired);
    return result;
  });
}

/** One atomic batch for everything the units gathered; listeners hear of it once it is on disk. */
export async function commit(
  room: WriteRoom,
  units: readonly UnitOfWork[],
  further: readonly BatchEntry[],
  expired = false,
): Promise<void> {
  const changes = units.flatMap((unit) => unit.changes);
  const outbox = await room.streams.entriesFor(changes, expired);
  await room.store.db.batch([...units.flatMap((unit) => unit.entries), ...outbox, ...further]);
  room.streams.wake(changes);
}

/** The failed condition with the item it was judged on (attribute `Item` of ConditionalCheckFailedException). */
export function withItem(problem: Fault, unit: UnitOfWork): Fault {
  const [item] = unit.seen.values();
  const tell = problem.code === 'ConditionalCheckFailedException' && item !== undefined;
  return tell ? { ...problem, detail: { Item: item } } : problem;
}
