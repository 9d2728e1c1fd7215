import { mkdir } from 'node:fs/promises';
import type { DynaliteError, Store } from 'dynalite/db/index.js';
import * as dynalite from 'dynalite/db/index.js';
import validations from 'dynalite/validations/index.js';
import type { JsonObject } from '../../../../shared/platform/json-value.ts';
import type { Result } from '../../../../shared/platform/result.ts';
import { err, ok } from '../../../../shared/platform/result.ts';
import { account, defaultRegion } from '../service.ts';
import type { Fault } from '../wire/aws-json.ts';
import type { OperationName } from './catalogue.ts';
import { catalogue } from './catalogue.ts';

/**
 * dynalite's store, without its HTTP server: used in process, its writes can be gathered into one atomic LevelDB batch
 * (unit-of-work.ts), which is what transactions, streams and old images need.
 * LevelDB appends each batch to its log before answering, so an answered write survives kill -9 (not a power cut).
 */
export async function openStore(path: string): Promise<Store> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const store = dynalite.create({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  store.tableDb.awsAccountId = account;
  store.tableDb.awsRegion = defaultRegion;
  try {
    await store.db.open();
  } catch (error) {
    throw new Error(`DynamoDB state in ${path} cannot be opened: is another copy running on it?`, { cause: error });
  }
  return store;
}

/**
 * One operation, checked and run by dynalite against `store` (or a view of it).
 * Members that dynalite would drop without a word are refused: an ignored condition is worse than an error.
 */
export function run(store: Store, name: OperationName, input: JsonObject): Promise<Result<JsonObject, Fault>> {
  const { action, valid } = catalogue[name];
  const unknown = Object.keys(input).find((member) => !Object.hasOwn(valid.types, member));
  if (unknown !== undefined)
    return Promise.resolve(err(invalid(`embedded DynamoDB does not implement ${name}.${unknown}`)));
  return new Promise((resolve, reject) => {
    const settle = (error: DynaliteError | null | undefined, value?: JsonObject): void => {
      const refused = error === null || error === undefined ? ok(value ?? {}) : refusal(error);
      if (refused === undefined) reject(error ?? new Error(`${name} failed without an error`));
      else resolve(refused);
    };
    try {
      const data = validations.checkTypes(structuredClone(input), valid.types);
      validations.checkValidations(data, valid.types, valid.custom, store);
      action(store, data, settle);
    } catch (error) {
      if (error instanceof Error) settle(error);
      else reject(new Error(`${name} failed`, { cause: error }));
    }
  });
}

export const invalid = (message: string): Fault => ({ code: 'ValidationException', message });

/** dynalite's refusals carry the body AWS would send; anything without one is a fault of the machine. */
function refusal(error: DynaliteError): { ok: false; error: Fault } | undefined {
  if (error.body === undefined) return undefined;
  const code = error.body.__type.split('#').at(-1) ?? 'InternalServerError';
  return err({ code, message: error.body.message ?? error.body.Message ?? '', status: error.statusCode ?? 400 });
}
