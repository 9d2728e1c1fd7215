import type { Level } from 'dynalite/db/index.js';
import * as z from 'zod';
import type { JsonObject } from '../../../../shared/platform/json-value.ts';
import type { Result } from '../../../../shared/platform/result.ts';
import { err, ok } from '../../../../shared/platform/result.ts';
import type { Fault } from '../wire/aws-json.ts';
import { fault } from '../wire/aws-json.ts';
import { invalid } from './engine.ts';
import { rangeOf } from './outbox.ts';
import { describe } from './tables.ts';
import type { WriteRoom } from './writer.ts';
import { write } from './writer.ts';

/** DynamoDB leaves alone what is "expired" for more than five years: most likely not a time at all. */
const longestPastSeconds = 5 * 365 * 24 * 60 * 60;

const updateInput = z.strictObject({
  TableName: z.string(),
  TimeToLiveSpecification: z.strictObject({ AttributeName: z.string().min(1).max(255), Enabled: z.boolean() }),
});
const stored = z.object({ attribute: z.string() });
const table = z.object({ KeySchema: z.array(z.object({ AttributeName: z.string() })) });

export async function updateTimeToLive(room: WriteRoom, input: JsonObject): Promise<Result<JsonObject, Fault>> {
  const parsed = updateInput.safeParse(input);
  if (!parsed.success) return err(invalid(z.prettifyError(parsed.error)));
  const { TableName, TimeToLiveSpecification: wanted } = parsed.data;
  if ((await describe(room.store, TableName)) === undefined) return missing(TableName);
  const key = `ttl~${TableName}`;
  return room.inTurn(async () => {
    const enabled = stored.safeParse(await room.store.db.get(key)).success;
    if (enabled === wanted.Enabled) return err(invalid(`TimeToLive is already ${enabled ? 'enabled' : 'disabled'}`));
    await room.store.db.batch([
      wanted.Enabled ? { type: 'put', key, value: { attribute: wanted.AttributeName } } : { type: 'del', key },
    ]);
    return ok({ TimeToLiveSpecification: { ...wanted } });
  });
}

export async function describeTimeToLive(room: WriteRoom, input: JsonObject): Promise<Result<JsonObject, Fault>> {
  const name = z.object({ TableName: z.string() }).safeParse(input);
  if (!name.success) return err(invalid(z.prettifyError(name.error)));
  if ((await describe(room.store, name.data.TableName)) === undefined) return missing(name.data.TableName);
  const row = stored.safeParse(await room.store.db.get(`ttl~${name.data.TableName}`));
  const description: JsonObject = row.success
    ? { TimeToLiveStatus: 'ENABLED', AttributeName: row.data.attribute }
    : { TimeToLiveStatus: 'DISABLED' };
  return ok({ TimeToLiveDescription: description });
}

/** Removes what has expired, each with the condition that it still has: it may have been extended since it was read. */
export async function sweepExpired(room: WriteRoom, now: Date): Promise<number> {
  let removed = 0;
  const seconds = Math.floor(now.getTime() / 1000);
  for await (const [key, value] of room.store.db.iterator(rangeOf('ttl~')))
    removed += await sweepTable(room, key.slice('ttl~'.length), stored.parse(value).attribute, seconds);
  return removed;
}

async function sweepTable(room: WriteRoom, name: string, attribute: string, now: number): Promise<number> {
  const described = table.safeParse(await describe(room.store, name));
  if (!described.success) return 0;
  let removed = 0;
  for await (const item of itemsOf(room.store.db, name)) {
    if (!expiredAt(item[attribute], now)) continue;
    const key = Object.fromEntries(described.data.KeySchema.map(({ AttributeName: n }) => [n, item[n] ?? null]));
    const outcome = await write(room, 'DeleteItem', deletion(name, key, attribute, now), true);
    if (outcome.ok) removed += 1;
  }
  return removed;
}

const deletion = (TableName: string, Key: JsonObject, attribute: string, now: number): JsonObject => ({
  TableName,
  Key,
  ConditionExpression: '#ttl < :now',
  ExpressionAttributeNames: { '#ttl': attribute },
  ExpressionAttributeValues: { ':now': { N: String(now) } },
});

async function* itemsOf(db: Level, name: string): AsyncGenerator<JsonObject> {
  for await (const [, item] of db.iterator(rangeOf(`item-${name}~`))) yield item;
}

const number = z.object({ N: z.string() });

function expiredAt(value: unknown, now: number): boolean {
  const parsed = number.safeParse(value);
  const at = parsed.success ? Number(parsed.data.N) : Number.NaN;
  return at < now && at > now - longestPastSeconds;
}

const missing = (name: string): { ok: false; error: Fault } =>
  fault('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
