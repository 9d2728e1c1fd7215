import type { Callback, Store, SubDb } from 'dynalite/db/index.js';
import * as z from 'zod';
import type { JsonObject, JsonValue } from '../../../../shared/platform/json-value.ts';
import type { Result } from '../../../../shared/platform/result.ts';
import { err } from '../../../../shared/platform/result.ts';
import { account, defaultRegion } from '../service.ts';
import type { Fault } from '../wire/aws-json.ts';
import { fault } from '../wire/aws-json.ts';
import { invalid, run } from './engine.ts';
import { rangeOf } from './outbox.ts';

/** What we keep of a table beside what dynalite keeps; both are one row. */
const extras = z.object({
  StreamSpecification: z
    .strictObject({
      StreamEnabled: z.boolean(),
      StreamViewType: z.enum(['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES']).optional(),
    })
    .refine((spec) => spec.StreamEnabled === (spec.StreamViewType !== undefined), {
      message: 'StreamViewType goes with StreamEnabled true, and only with it',
    })
    .optional(),
  DeletionProtectionEnabled: z.boolean().optional(),
});

/** CreateTable with StreamSpecification and DeletionProtectionEnabled. The table is ACTIVE when this answers. */
export async function createTable(store: Store, input: JsonObject, now: Date): Promise<Result<JsonObject, Fault>> {
  const { StreamSpecification, DeletionProtectionEnabled, ...rest } = input;
  const own = extras.safeParse({ StreamSpecification, DeletionProtectionEnabled });
  if (!own.success) return err(invalid(z.prettifyError(own.error)));
  const kept: JsonObject = {
    ...(StreamSpecification === undefined ? {} : { StreamSpecification, ...streamNames(rest['TableName'], now) }),
    DeletionProtectionEnabled: own.data.DeletionProtectionEnabled ?? false,
  };
  const active = Promise.withResolvers<undefined>();
  const view = withTableDb(store, {
    put: (key, value, callback) => {
      const settled: Callback = (error) => {
        callback(error);
        if (value['TableStatus'] === 'ACTIVE') active.resolve(undefined);
      };
      // Never CREATING on disk: a crash at this moment would leave a table that nobody can use or delete.
      store.tableDb.put(key, { ...value, ...kept, TableStatus: 'ACTIVE' }, settled);
    },
  });
  const made = await run(view, 'CreateTable', rest);
  if (made.ok) await active.promise;
  return made.ok ? run(store, 'DescribeTable', { TableName: rest['TableName'] ?? null }).then(asCreated) : made;
}

const asCreated = (described: Result<JsonObject, Fault>): Result<JsonObject, Fault> =>
  described.ok ? { ok: true, value: { TableDescription: described.value['Table'] ?? null } } : described;

/** DeleteTable, refused while the table is protected. The table and its stream are gone when this answers. */
export async function deleteTable(store: Store, input: JsonObject): Promise<Result<JsonObject, Fault>> {
  const name = input['TableName'];
  const table = typeof name === 'string' ? await describe(store, name) : undefined;
  if (table?.['DeletionProtectionEnabled'] === true)
    return fault('ValidationException', 'Resource cannot be deleted as it is currently protected against deletion.');
  const gone = Promise.withResolvers<undefined>();
  const view = withTableDb(store, {
    del: (key, callback) => {
      store.tableDb.del(key, (error) => {
        callback(error);
        gone.resolve(undefined);
      });
    },
  });
  const deleted = await run(view, 'DeleteTable', input);
  if (deleted.ok && typeof name === 'string') await Promise.all([gone.promise, forget(store, name)]);
  return deleted;
}

async function forget(store: Store, table: string): Promise<void> {
  const keys = [`ttl~${table}`];
  for await (const key of store.db.keys(rangeOf(`stream~${table}~`))) keys.push(key);
  await store.db.batch(keys.map((key) => ({ type: 'del', key })));
}

/** The table's row, or `undefined`. */
export function describe(store: Store, table: string): Promise<JsonObject | undefined> {
  return new Promise((resolve) => {
    store.getTable(table, (error, row) => {
      resolve(error === null || error === undefined ? row : undefined);
    });
  });
}

const withTableDb = (store: Store, over: Partial<Pick<SubDb, 'put' | 'del'>>): Store => ({
  ...store,
  tableDb: { ...store.tableDb, ...over },
});

function streamNames(table: JsonValue | undefined, now: Date): JsonObject {
  const label = now.toISOString().replace('Z', '');
  const arn = `arn:aws:dynamodb:${defaultRegion}:${account}:table/${typeof table === 'string' ? table : ''}/stream/${label}`;
  return { LatestStreamLabel: label, LatestStreamArn: arn };
}
