import { setTimeout as sleep } from 'node:timers/promises';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { Held } from '../../gateway/ports/guard.ts';
import type { Table } from '../session-store/write.ts';
import type { Action, Check } from './guard-items.ts';

/** `refused`: the session's own condition did not hold. `held`: one of the guard's did not. Nothing was written. */
export type GuardedEnd =
  { readonly kind: 'written' } | { readonly kind: 'refused' } | { readonly kind: 'held'; by: Held };

/**
 * Tries while another transaction is on one of the items: pauses of 5 to 80 ms double each time, with chance in them so
 * that two do not meet again. Past 300 ms the record counts as unavailable, and nothing runs.
 */
const MAX_TRIES = 6;
const FIRST_PAUSE_MS = 5;

/**
 * The session's write and all that its guard asks for, in one TransactWriteItems. The SDK gives each command a token, so
 * that a retry of its own is one write. Throws what it cannot tell.
 */
export async function writeGuarded(table: Table, write: Action, checks: readonly Check[]): Promise<GuardedEnd> {
  const actions = [write, ...checks.map(({ action }) => action)];
  for (let attempt = 1; ; attempt += 1) {
    try {
      await table.client.send(new TransactWriteCommand({ TransactItems: [...actions] }));
      return { kind: 'written' };
    } catch (error) {
      const end = endOf(error, checks);
      if (end !== undefined) return end;
      if (attempt === MAX_TRIES || !isConflict(error)) throw error;
    }
    await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random() / 2));
  }
}

/** A failed condition outweighs a conflict: it is an answer. */
function endOf(error: unknown, checks: readonly Check[]): GuardedEnd | undefined {
  const [own, ...reasons] = reasonsOf(error);
  if (own?.Code === 'ConditionalCheckFailed') return { kind: 'refused' };
  for (const [index, check] of checks.entries()) {
    const reason = reasons[index];
    if (reason?.Code !== 'ConditionalCheckFailed') continue;
    return { kind: 'held', by: check.held(reason.Item) };
  }
  return undefined;
}

const isConflict = (error: unknown): boolean =>
  reasonsOf(error).some(({ Code }) => Code === 'TransactionConflict') ||
  (error instanceof Error && error.name === 'TransactionInProgressException');

const reasonsOf = (error: unknown) =>
  error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];
