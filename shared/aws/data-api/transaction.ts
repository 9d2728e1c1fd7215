import { setTimeout as pause } from 'node:timers/promises';
import {
  BeginTransactionCommand,
  CommitTransactionCommand,
  RollbackTransactionCommand,
  type RDSDataClient,
} from '@aws-sdk/client-rds-data';
import type {
  DataApiPlace,
  DataApiTransaction,
  TransactionAnswer,
  TransactionEnd,
  Transacted,
} from '../../connectors/postgres/data-api.ts';
import type { TargetOutcome } from '../../domain/result-set.ts';
import { outcomeOfError } from './error-outcome.ts';
import { executeCommand, secretOf } from './execute-command.ts';
import { toResultSet } from './result.ts';

/** A session is opened, or a commit flushed, in well under a second; 5 s is lost. Together with a statement's 45 s they end inside the function's 60 s. */
const BEGIN_OR_COMMIT_SECONDS = 5;
const ROLLBACK_SECONDS = 3;
/** A rollback is refused while a statement that we stopped waiting for is still being cancelled. */
const ROLLBACK_TRIES = 3;
const ROLLBACK_PAUSE_MS = 300;

/** One transaction, from BEGIN to its end on every path. */
export async function transact<T>(
  client: RDSDataClient,
  place: DataApiPlace,
  work: (transaction: DataApiTransaction) => Promise<TransactionEnd<T>>,
): Promise<Transacted<T>> {
  const begun = await begin(client, place);
  if (!begun.ok) return { kind: 'not_begun', message: begun.message };
  const open = { client, place, id: begun.id };
  let end: TransactionEnd<T>;
  try {
    end = await work({ run: (statement) => runWithin(open, statement) });
  } catch (error) {
    await rollback(open);
    throw error;
  }
  if (!end.keep) return { kind: 'undone', value: end.value, confirmed: await rollback(open) };
  return commit(open, end.value);
}

interface Open {
  readonly client: RDSDataClient;
  readonly place: DataApiPlace;
  readonly id: string;
}

type Begun = { readonly ok: true; readonly id: string } | { readonly ok: false; readonly message: string };

/** Nothing has run yet, so whatever goes wrong here is only that; a transaction whose id was lost ends by itself when idle. */
async function begin(client: RDSDataClient, place: DataApiPlace): Promise<Begun> {
  const { resourceArn, database } = place.connection;
  try {
    const answer = await client.send(
      new BeginTransactionCommand({ resourceArn, secretArn: secretOf(place), database }),
      within(BEGIN_OR_COMMIT_SECONDS),
    );
    if (answer.transactionId === undefined)
      return { ok: false, message: 'The Data API began a transaction without an id' };
    return { ok: true, id: answer.transactionId };
  } catch (error) {
    return {
      ok: false,
      message: messageOf(outcomeOfError(error, { access: 'read', timeoutSeconds: BEGIN_OR_COMMIT_SECONDS })),
    };
  }
}

/** Judged as a read whatever it is: until the COMMIT nothing that it did is kept. */
async function runWithin(open: Open, statement: Parameters<DataApiTransaction['run']>[0]): Promise<TransactionAnswer> {
  try {
    const answer = await open.client.send(
      executeCommand(open.place, statement, open.id),
      within(statement.timeoutSeconds),
    );
    const result = toResultSet(answer, statement.maxRows);
    if (!result.ok) return { outcome: { kind: 'refused', code: 'unsupported_result', message: result.error } };
    const rows = result.value.columns.length > 0 ? answer.records?.length : answer.numberOfRecordsUpdated;
    return { outcome: { kind: 'done', result: result.value }, ...(rows === undefined ? {} : { rows }) };
  } catch (error) {
    const outcome = outcomeOfError(error, { access: 'read', timeoutSeconds: statement.timeoutSeconds });
    return { outcome: outcome.kind === 'unknown' ? { kind: 'unavailable', message: outcome.message } : outcome };
  }
}

/** Sent once. Only an answer that says so proves that it was kept, and only a refusal that it was not. */
async function commit<T>(open: Open, value: T): Promise<Transacted<T>> {
  try {
    await open.client.send(new CommitTransactionCommand(ending(open)), within(BEGIN_OR_COMMIT_SECONDS));
    return { kind: 'kept', value };
  } catch (error) {
    // It ran out while idle, and was rolled back by the service: this is the only COMMIT that was ever sent for it.
    if (isGone(error))
      return { kind: 'commit_refused', code: 'not_committed', message: 'The transaction had ended before its COMMIT.' };
    const outcome = outcomeOfError(error, { access: 'write', timeoutSeconds: BEGIN_OR_COMMIT_SECONDS });
    if (outcome.kind === 'refused') return { kind: 'commit_refused', code: outcome.code, message: outcome.message };
    if (outcome.kind !== 'unavailable') return { kind: 'commit_unknown', message: messageOf(outcome) };
    await rollback(open);
    return { kind: 'commit_refused', code: 'not_committed', message: outcome.message };
  }
}

/** True when it is certainly over. Otherwise the service ends it after three minutes idle, and nothing of it is kept either way. */
async function rollback(open: Open): Promise<boolean> {
  for (let tries = 1; tries <= ROLLBACK_TRIES; tries += 1) {
    try {
      await open.client.send(new RollbackTransactionCommand(ending(open)), within(ROLLBACK_SECONDS));
      return true;
    } catch (error) {
      if (isGone(error)) return true;
    }
    if (tries < ROLLBACK_TRIES) await pause(ROLLBACK_PAUSE_MS);
  }
  return false;
}

const ending = ({ place, id }: Open) => ({
  resourceArn: place.connection.resourceArn,
  secretArn: secretOf(place),
  transactionId: id,
});

const within = (seconds: number) => ({ abortSignal: AbortSignal.timeout(seconds * 1_000) });

const isGone = (error: unknown): boolean => error instanceof Error && error.name === 'TransactionNotFoundException';

const messageOf = (outcome: TargetOutcome): string => (outcome.kind === 'done' ? '' : outcome.message);
