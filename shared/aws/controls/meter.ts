import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { dayOf, minuteOf, secondsLeft, type OverQuota, type QuotaMember, type QuotaScope } from '../../domain/quota.ts';
import type { Meter } from '../../gateway/ports/controls.ts';
import type { StoreFault } from '../../gateway/ports/session-store.ts';
import { err, ok, type Result } from '../../platform/result.ts';
import { unavailable } from '../session-store/errors.ts';
import type { Table } from '../session-store/write.ts';
import { meterKey, timeToLive } from './keys.ts';

/** A day's item may be needed until the day is over everywhere a clock is slow. */
const KEEP_DAYS = 2;
/** A new minute takes two writes, and another writer may take the first of them. */
const MAX_TRIES = 4;

/**
 * Counters, one item a scope and day: requests of the current minute, rows and bytes of the day. One conditional update
 * admits a request, so within a minute never more pass than the quota says, whatever runs at once; over any sixty
 * seconds that span two minutes it may be twice that. Rows and bytes are known after a run: those that are under way
 * at the same time may go over together, by one answer each.
 */
export function meterIn(table: Table): Meter {
  return {
    admit: async (scopes, now) => {
      const counted = await Promise.all(scopes.filter(isCounted).map((scope) => admitOne(table, scope, now)));
      return counted.find((one) => !one.ok) ?? ok(undefined);
    },
    spend: async (scopes, used, now) => {
      try {
        await Promise.all(scopes.filter(hasDaily).map((scope) => spendOne(table, scope, used, now)));
        return ok(undefined);
      } catch (error) {
        return unavailable(error);
      }
    },
  };
}

const hasDaily = ({ quota }: QuotaScope): boolean => quota.rowsPerDay !== undefined || quota.bytesPerDay !== undefined;
const isCounted = (scope: QuotaScope): boolean => hasDaily(scope) || scope.quota.requestsPerMinute !== undefined;

async function admitOne(table: Table, scope: QuotaScope, now: Date): Promise<Result<void, OverQuota | StoreFault>> {
  try {
    for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
      const item = await countOne(table, scope, now);
      if (item === 'counted' || (await beginMinute(table, scope, now, item))) return ok(undefined);
      const over = overIn(scope, now, item);
      if (over !== undefined) return err(over);
    }
    return unavailable(new Error(`the counter of ${scope.kind} ${scope.key} could not be written`));
  } catch (error) {
    return unavailable(error);
  }
}

const itemSchema = z.object({
  minute: z.object({ S: z.string() }).optional(),
  requests: z.object({ N: z.coerce.number() }).optional(),
  rows: z.object({ N: z.coerce.number() }).optional(),
  bytes: z.object({ N: z.coerce.number() }).optional(),
});
type Item = z.output<typeof itemSchema>;

/** No quota is a number that is never reached, so that one expression serves every scope. */
const UNLIMITED = Number.MAX_SAFE_INTEGER;

const DAILY = '(attribute_not_exists(#rows) OR #rows < :rows) AND (attribute_not_exists(#bytes) OR #bytes < :bytes)';

async function countOne(table: Table, scope: QuotaScope, now: Date): Promise<'counted' | Item> {
  return conditional(table, scope, now, {
    // A clock that is a minute behind counts in the minute that others have begun.
    ConditionExpression: `#minute >= :minute AND #requests < :limit AND ${DAILY}`,
    UpdateExpression: 'SET #requests = #requests + :one',
    values: { ':limit': scope.quota.requestsPerMinute ?? UNLIMITED },
  });
}

/** The first request of a minute begins it. */
async function beginMinute(table: Table, scope: QuotaScope, now: Date, item: Item): Promise<boolean> {
  if (item.minute !== undefined && item.minute.S >= minuteOf(now)) return false;
  const begun = await conditional(table, scope, now, {
    ConditionExpression: `(attribute_not_exists(#minute) OR #minute < :minute) AND ${DAILY}`,
    UpdateExpression: 'SET #minute = :minute, #requests = :one, #ttl = :ttl',
    values: { ':ttl': timeToLive(now, KEEP_DAYS) },
    names: { '#ttl': 'expiresAt' },
  });
  return begun === 'counted';
}

interface Step {
  readonly ConditionExpression: string;
  readonly UpdateExpression: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly names?: Readonly<Record<string, string>>;
}

async function conditional(table: Table, scope: QuotaScope, now: Date, step: Step): Promise<'counted' | Item> {
  const { values, names, ...expressions } = step;
  const { rowsPerDay = UNLIMITED, bytesPerDay = UNLIMITED } = scope.quota;
  try {
    await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: meterKey(scope, dayOf(now)),
        ...expressions,
        ExpressionAttributeNames: {
          '#minute': 'minute',
          '#requests': 'requests',
          '#rows': 'rows',
          '#bytes': 'bytes',
          ...names,
        },
        ExpressionAttributeValues: {
          ':minute': minuteOf(now),
          ':one': 1,
          ':rows': rowsPerDay,
          ':bytes': bytesPerDay,
          ...values,
        },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return 'counted';
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return itemSchema.parse(error.Item ?? {});
    throw error;
  }
}

function overIn({ kind, quota }: QuotaScope, now: Date, item: Item): OverQuota | undefined {
  const full = (used: number | undefined, limit: number | undefined): limit is number =>
    limit !== undefined && (used ?? 0) >= limit;
  const over = (member: QuotaMember, limit: number): OverQuota => ({
    code: 'over_quota',
    of: kind,
    member,
    limit,
    retryAfterSeconds: secondsLeft(member, now),
  });
  if (full(item.rows?.N, quota.rowsPerDay)) return over('rowsPerDay', quota.rowsPerDay);
  if (full(item.bytes?.N, quota.bytesPerDay)) return over('bytesPerDay', quota.bytesPerDay);
  const thisMinute = item.minute !== undefined && item.minute.S >= minuteOf(now);
  if (thisMinute && full(item.requests?.N, quota.requestsPerMinute))
    return over('requestsPerMinute', quota.requestsPerMinute);
  return undefined;
}

async function spendOne(
  table: Table,
  scope: QuotaScope,
  used: { readonly rows: number; readonly bytes: number },
  now: Date,
): Promise<void> {
  await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: meterKey(scope, dayOf(now)),
      UpdateExpression: 'ADD #rows :rows, #bytes :bytes',
      ExpressionAttributeNames: { '#rows': 'rows', '#bytes': 'bytes' },
      ExpressionAttributeValues: { ':rows': used.rows, ':bytes': used.bytes },
    }),
  );
}
