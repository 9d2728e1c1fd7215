import {
  ExecuteStatementCommand,
  type ExecuteStatementCommandOutput,
  type RDSDataClient,
} from '@aws-sdk/client-rds-data';
import type { DataApi, DataApiCall } from '../../connectors/postgres/data-api.ts';
import type { TargetOutcome } from '../../domain/result-set.ts';
import { outcomeOfError } from './error-outcome.ts';
import { toSqlParameter } from './parameters.ts';
import { toResultSet } from './result.ts';

/**
 * The RDS Data API as the way to PostgreSQL. The client must be made with `maxAttempts: 1`: a call that is repeated may
 * run twice. It passes secret ARNs and never reads a secret; AWS does, under this role's permission.
 */
export function createDataApi(client: RDSDataClient): DataApi {
  return {
    async run(call) {
      try {
        const answer = await client.send(command(call), {
          abortSignal: AbortSignal.timeout(call.timeoutSeconds * 1_000),
        });
        return outcomeOfAnswer(answer, call);
      } catch (error) {
        return outcomeOfError(error, call);
      }
    },
  };
}

function command(call: DataApiCall): ExecuteStatementCommand {
  const { resourceArn, secretArn, readSecretArn, database } = call.connection;
  return new ExecuteStatementCommand({
    resourceArn,
    secretArn: call.access === 'read' ? (readSecretArn ?? secretArn) : secretArn,
    database,
    sql: call.sql,
    includeResultMetadata: true,
    resultSetOptions: { decimalReturnType: 'STRING', longReturnType: 'STRING' },
    // Not even an empty list: without one the service looks for no parameters in the text.
    ...(call.parameters.length === 0 ? {} : { parameters: call.parameters.map(toSqlParameter) }),
  });
}

/** The statement has run by now: an answer that cannot be read leaves its effects unseen, not undone. */
function outcomeOfAnswer(answer: ExecuteStatementCommandOutput, call: DataApiCall): TargetOutcome {
  const result = toResultSet(answer, call.maxRows);
  if (result.ok) return { kind: 'done', result: result.value };
  return call.access === 'read'
    ? { kind: 'refused', code: 'unsupported_result', message: result.error }
    : { kind: 'unknown', message: `It ran, but its answer could not be read: ${result.error}` };
}
