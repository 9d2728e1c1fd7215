import * as z from 'zod';
import { digestOf } from '../../../../shared/platform/canonical.ts';
import type { JsonObject, JsonValue } from '../../../../shared/platform/json-value.ts';
import type { Result } from '../../../../shared/platform/result.ts';
import { err, ok } from '../../../../shared/platform/result.ts';
import type { Fault } from '../wire/aws-json.ts';
import { fault } from '../wire/aws-json.ts';
import { invalid, run } from './engine.ts';
import { tokenEntry, tokenState } from './tokens.ts';
import type { UnitOfWork } from './unit-of-work.ts';
import { openUnit } from './unit-of-work.ts';
import type { WriteRoom } from './writer.ts';
import { commit, withItem } from './writer.ts';

/** DynamoDB's own limits: 100 actions, 4 MB a transaction. */
const maxActions = 100;
const maxBytes = 4 * 1024 * 1024;

const members = z.record(z.string(), z.json());
const kinds = ['Put', 'Update', 'Delete', 'ConditionCheck'] as const;
const writeInput = z.strictObject({
  TransactItems: z
    .array(z.partialRecord(z.enum(kinds), members))
    .min(1)
    .max(maxActions),
  ClientRequestToken: z.string().min(1).max(36).optional(),
});
const getInput = z.strictObject({
  TransactItems: z
    .array(z.strictObject({ Get: members }))
    .min(1)
    .max(maxActions),
});

interface Judged {
  readonly unit: UnitOfWork;
  readonly keep: boolean;
  readonly refused: Fault | undefined;
}

/**
 * All or nothing. Each action is judged by dynalite on a unit of its own; if all pass, their writes, the stream records
 * and the idempotency token are one LevelDB batch. Writers take turns, so TransactionConflict never occurs here.
 */
export function transactWrite(room: WriteRoom, input: JsonObject, now: Date): Promise<Result<JsonObject, Fault>> {
  const parsed = writeInput.safeParse(input);
  if (!parsed.success) return Promise.resolve(err(invalid(z.prettifyError(parsed.error))));
  if (Buffer.byteLength(JSON.stringify(input)) > maxBytes)
    return Promise.resolve(err(invalid('Transaction request exceeds the maximum of 4 MB')));
  const { TransactItems: actions, ClientRequestToken: token } = parsed.data;
  const digest = digestOf(actions.map((action): JsonObject => ({ ...action })));
  return room.inTurn(async () => {
    const before = token === undefined ? 'new' : await tokenState(room.store.db, token, digest, now);
    if (before === 'same') return ok({});
    if (before === 'different')
      return fault('IdempotentParameterMismatchException', 'ClientRequestToken was used with another request');
    const judged: Judged[] = [];
    for (const action of actions) {
      const one = await judge(room, action);
      if (!one.ok) return one;
      judged.push(one.value);
    }
    const refused = refusal(judged);
    if (refused !== undefined) return err(refused);
    const units = judged.filter((one) => one.keep).map((one) => one.unit);
    await commit(room, units, token === undefined ? [] : [tokenEntry(token, digest, now)]);
    return ok({});
  });
}

/** TransactGetItems: read between writes, so all items are of one moment. */
export function transactGet(room: WriteRoom, input: JsonObject): Promise<Result<JsonObject, Fault>> {
  const parsed = getInput.safeParse(input);
  if (!parsed.success) return Promise.resolve(err(invalid(z.prettifyError(parsed.error))));
  return room.inTurn(async () => {
    const responses: JsonValue[] = [];
    for (const { Get } of parsed.data.TransactItems) {
      const read = await run(room.store, 'GetItem', { ...Get, ConsistentRead: true });
      if (!read.ok) return read;
      responses.push(read.value);
    }
    return ok({ Responses: responses });
  });
}

const operationOf = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'DeleteItem',
} as const;

/** A failed condition is a verdict; anything else that is wrong refuses the whole request at once. */
async function judge(
  room: WriteRoom,
  action: Partial<Record<(typeof kinds)[number], JsonObject>>,
): Promise<Result<Judged, Fault>> {
  const [kind, second] = kinds.filter((name) => action[name] !== undefined);
  if (kind === undefined || second !== undefined)
    return err(invalid('TransactItems can only contain one of Check, Put, Update or Delete'));
  const { ReturnValuesOnConditionCheckFailure: wanted, ...data } = action[kind] ?? {};
  if (kind === 'ConditionCheck' && data['ConditionExpression'] === undefined)
    return err(invalid('ConditionCheck needs a ConditionExpression'));
  if (data['ReturnValues'] !== undefined) return err(invalid('ReturnValues has no place in a transaction'));
  const unit = openUnit(room.store);
  const result = await run(unit.view, operationOf[kind], data);
  // A check is judged as a delete that is then not kept: the same condition on the same item, without a write.
  const keep = kind !== 'ConditionCheck';
  if (result.ok) return ok({ unit, keep, refused: undefined });
  if (result.error.code !== 'ConditionalCheckFailedException') return result;
  return ok({ unit, keep, refused: wanted === 'ALL_OLD' ? withItem(result.error, unit) : result.error });
}

function refusal(judged: readonly Judged[]): Fault | undefined {
  const keys = judged.flatMap((one) => [...one.unit.seen.keys()]);
  if (new Set(keys).size < keys.length)
    return invalid('Transaction request cannot include multiple operations on one item');
  if (judged.every((one) => one.refused === undefined)) return undefined;
  const reasons = judged.map(({ refused }): JsonObject =>
    refused === undefined
      ? { Code: 'None' }
      : { Code: 'ConditionalCheckFailed', Message: refused.message, ...refused.detail },
  );
  const codes = judged.map((one) => (one.refused === undefined ? 'None' : 'ConditionalCheckFailed')).join(', ');
  return {
    code: 'TransactionCanceledException',
    message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    detail: { CancellationReasons: reasons },
  };
}
