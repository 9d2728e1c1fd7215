import type { TargetOutcome } from '../../../domain/result-set.ts';
import type { DataApi, DataApiPlace, DataApiStatement, TransactionAnswer, TransactionEnd } from '../data-api.ts';
import { settingsOf } from './transaction-settings.ts';

/**
 * Runs a statement that may change at most `rowsMax` rows: in a transaction, which is committed only when PostgreSQL
 * has said how many it changed and that is not more. Everything else is rolled back, and certainly so: nothing but the
 * COMMIT keeps anything, so a lost answer is a failure here and not an unknown outcome. Only a lost answer to the COMMIT is.
 */
export async function runBounded(
  dataApi: DataApi,
  place: DataApiPlace,
  statement: DataApiStatement,
  rowsMax: number,
): Promise<TargetOutcome> {
  const ended = await dataApi.transact<TargetOutcome>(place, async (transaction) => {
    const seconds = statement.timeoutSeconds;
    const settings = await transaction.run(settingsOf({ statementSeconds: seconds, lockSeconds: seconds }));
    if (settings.outcome.kind !== 'done') return undo(settings.outcome);
    return judged(await transaction.run(statement), rowsMax);
  });
  switch (ended.kind) {
    case 'kept':
    case 'undone':
      return ended.value;
    case 'not_begun':
      return { kind: 'unavailable', message: ended.message };
    case 'commit_refused':
      return { kind: 'refused', code: ended.code, message: ended.message };
    case 'commit_unknown':
      return { kind: 'unknown', message: `The answer to its COMMIT was lost: ${ended.message}` };
  }
}

function judged({ outcome, rows }: TransactionAnswer, rowsMax: number): TransactionEnd<TargetOutcome> {
  if (outcome.kind !== 'done') return undo(outcome);
  if (rows === undefined)
    return undo({
      kind: 'refused',
      code: 'rows_not_counted',
      message: 'The database did not say how many rows it changed, so nothing was kept.',
    });
  if (rows > rowsMax)
    return undo({
      kind: 'refused',
      code: 'more_rows_than_approved',
      message: `It changed ${String(rows)} rows and at most ${String(rowsMax)} were approved, so all of it was rolled back. Submit it again to have the number of now approved.`,
    });
  return { keep: true, value: outcome };
}

/** Rolled back, or about to be by the service: in no case kept. */
function undo(outcome: TransactionAnswer['outcome']): TransactionEnd<TargetOutcome> {
  if (outcome.kind !== 'unavailable') return { keep: false, value: outcome };
  return {
    keep: false,
    value: {
      kind: 'refused',
      code: 'not_committed',
      message: `Nothing was kept, since it was not committed: ${outcome.message}`,
    },
  };
}
