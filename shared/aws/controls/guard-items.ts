import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { LeaseUse } from '../../domain/lease.ts';
import type { QuotaScope } from '../../domain/quota.ts';
import { stopKey, stopKeysOf } from '../../domain/stop.ts';
import type { Guard, Held, Question } from '../../gateway/ports/guard.ts';
import { leaseKey, pendingKey, questionKey, shardOf, stopShardKey, timeToLive } from './keys.ts';

export type Action = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** One condition of a guarded write: the action that checks it, and what it means when it does not hold. */
export interface Check {
  readonly action: Action;
  /** From the item that the condition failed on, as raw attribute values: errors come as DynamoDB sends them. */
  readonly held: (item: Readonly<Record<string, unknown>> | undefined) => Held;
}

/** Everything a guard asks for, as actions of one transaction. The order is that of what to say first. */
export function checksOf(table: string, session: string, guard: Guard): readonly Check[] {
  const { question } = guard;
  return [
    notStopped(table, session, guard),
    ...(guard.leases ?? []).map((use) => takeRun(table, use, guard.now)),
    ...(question === undefined ? [] : [putQuestion(table, session, question, guard.now)]),
    ...(question?.scopes ?? []).flatMap((scope) => takePlace(table, session, scope) ?? []),
  ];
}

function notStopped(table: string, session: string, guard: Guard): Check {
  const keys = stopKeysOf(guard.agent, guard.connection);
  return {
    action: {
      ConditionCheck: {
        TableName: table,
        Key: stopShardKey(shardOf(session)),
        ConditionExpression: keys.map((_key, index) => `attribute_not_exists(#s${index})`).join(' AND '),
        ExpressionAttributeNames: Object.fromEntries(keys.map((key, index) => [`#s${index}`, key])),
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    },
    held: (item) => ({ kind: 'stopped', scope: scopeIn(item, guard) }),
  };
}

/** The widest that holds: who is told "everything is stopped" need not look for another connection. */
function scopeIn(item: Readonly<Record<string, unknown>> | undefined, guard: Guard): 'agent' | 'connection' | 'all' {
  if (item !== undefined && !Object.hasOwn(item, 'all')) {
    return Object.hasOwn(item, stopKey({ kind: 'connection', connection: guard.connection })) ? 'connection' : 'agent';
  }
  return 'all';
}

function takeRun(table: string, use: LeaseUse, now: Date): Check {
  return {
    action: {
      Update: {
        TableName: table,
        Key: leaseKey(use.lease),
        ConditionExpression:
          'attribute_exists(pk) AND attribute_not_exists(revoked) AND runsLeft >= :one AND rowsLeft >= :rows AND endsAt > :now',
        UpdateExpression: 'SET runsLeft = runsLeft - :one, rowsLeft = rowsLeft - :rows',
        ExpressionAttributeValues: { ':one': 1, ':rows': use.rows, ':now': now.toISOString() },
      },
    },
    held: () => ({ kind: 'lease_spent', lease: use.lease }),
  };
}

function putQuestion(table: string, session: string, question: Question, now: Date): Check {
  return {
    action: {
      Put: {
        TableName: table,
        Item: {
          ...questionKey(question.digest),
          session,
          until: question.until,
          expiresAt: timeToLive(new Date(question.until), 1),
        },
        ConditionExpression: 'attribute_not_exists(pk) OR #until < :now OR #session = :instead',
        ExpressionAttributeNames: { '#until': 'until', '#session': 'session' },
        ExpressionAttributeValues: { ':now': now.toISOString(), ':instead': question.instead ?? session },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    },
    held: (item) => ({ kind: 'asked_already', session: textIn(item, 'session') }),
  };
}

const textIn = (item: Readonly<Record<string, unknown>> | undefined, name: string): string =>
  z.object({ S: z.string() }).safeParse(item?.[name]).data?.S ?? '';

function takePlace(table: string, session: string, scope: QuotaScope): Check | undefined {
  const { pending } = scope.quota;
  if (pending === undefined) return undefined;
  return {
    action: {
      Update: {
        TableName: table,
        Key: pendingKey(scope),
        ConditionExpression: 'attribute_not_exists(#waiting) OR size(#waiting) < :limit',
        UpdateExpression: 'ADD #waiting :session',
        ExpressionAttributeNames: { '#waiting': 'waiting' },
        ExpressionAttributeValues: { ':limit': pending, ':session': new Set([session]) },
      },
    },
    held: () => ({ kind: 'too_many_pending', scope }),
  };
}
