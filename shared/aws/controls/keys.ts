import type { QuotaScope } from '../../domain/quota.ts';

/** Items of the sessions table beside the sessions themselves. */
export const stopShardKey = (shard: number) => ({ pk: `STOPS#${String(shard).padStart(2, '0')}`, sk: 'STOPS' });
export const stopKeyOf = (key: string) => ({ pk: 'STOP', sk: key });
export const reviewKey = (session: string) => ({ pk: `REVIEW#${session}`, sk: 'REVIEW' });
export const leaseKey = (id: string) => ({ pk: `LEASE#${id}`, sk: 'LEASE' });
export const questionKey = (digest: string) => ({ pk: `QUESTION#${digest}`, sk: 'QUESTION' });
export const pendingKey = (scope: QuotaScope) => ({ pk: `PENDING#${scope.kind}#${scope.key}`, sk: 'PENDING' });
export const meterKey = (scope: QuotaScope, day: string) => ({ pk: `METER#${scope.kind}#${scope.key}`, sk: day });

/**
 * Copies of the stops, each a small item. A transaction that checks an item conflicts with every other on that item, so
 * one item for all would make every run wait for every other; at the API's 100 requests a second and some 10 ms a
 * transaction, sixteen leave one run in sixteen to try again once. A stop is in force when all have it.
 */
export const STOP_SHARDS = 16;

/** The copy that a session checks: always the same one, and evenly over sessions. */
export function shardOf(session: string): number {
  let sum = 0;
  for (const character of session) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  return sum % STOP_SHARDS;
}

/** Time to live, in seconds of the epoch as DynamoDB wants it. */
export const timeToLive = (at: Date, days: number): number => Math.floor(at.getTime() / 1_000) + days * 86_400;
