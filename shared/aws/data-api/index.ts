import type { ExecuteStatementCommandOutput, RDSDataClient } from '@aws-sdk/client-rds-data';
import type { DataApi, DataApiCall } from '../../connectors/postgres/data-api.ts';
import type { TargetOutcome } from '../../domain/result-set.ts';
import { outcomeOfError } from './error-outcome.ts';
import { executeCommand } from './execute-command.ts';
import { toResultSet } from './result.ts';
import { transact } from './transaction.ts';

/**
 * The RDS Data API as the way to PostgreSQL. The client must be made with `maxAttempts: 1`: a call that is repeated may
 * run twice. It passes secret ARNs and never reads a secret; AWS does, under this role's permission.
 */
export function createDataApi(client: RDSDataClient): DataApi {
  return {
    async run(call) {
      try {
        const answer = await client.send(executeCommand(call, call), {
          abortSignal: AbortSignal.timeout(call.timeoutSeconds * 1_000),
        });
        return outcomeOfAnswer(answer, call);
      } catch (error) {
        return outcomeOfError(error, call);
      }
    },
    transact: (place, work) => transact(client, place, work),
  };
}

/** The statement has run by now: an answer that cannot be read leaves its effects unseen, not undone. */
function outcomeOfAnswer(answer: ExecuteStatementCommandOutput, call: DataApiCall): TargetOutcome {
  const result = toResultSet(answer, call.maxRows);
  if (result.ok) return { kind: 'done', result: result.value };
  return call.access === 'read'
    ? { kind: 'refused', code: 'unsupported_result', message: result.error }
    : { kind: 'unknown', message: `It ran, but its answer could not be read: ${result.error}` };
}
