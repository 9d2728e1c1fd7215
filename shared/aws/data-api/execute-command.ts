import { ExecuteStatementCommand } from '@aws-sdk/client-rds-data';
import type { DataApiPlace, DataApiStatement } from '../../connectors/postgres/data-api.ts';
import { toSqlParameter } from './parameters.ts';

/** One statement as the service takes it, on its own or inside a transaction. */
export function executeCommand(
  place: DataApiPlace,
  statement: DataApiStatement,
  transactionId?: string,
): ExecuteStatementCommand {
  const { resourceArn, database } = place.connection;
  return new ExecuteStatementCommand({
    resourceArn,
    secretArn: secretOf(place),
    database,
    sql: statement.sql,
    includeResultMetadata: true,
    resultSetOptions: { decimalReturnType: 'STRING', longReturnType: 'STRING' },
    ...(transactionId === undefined ? {} : { transactionId }),
    // Not even an empty list: without one the service looks for no parameters in the text.
    ...(statement.parameters.length === 0 ? {} : { parameters: statement.parameters.map(toSqlParameter) }),
  });
}

/** The login that can only read, for reads, where the connection has one. */
export function secretOf({ connection, access }: DataApiPlace): string {
  return access === 'read' ? (connection.readSecretArn ?? connection.secretArn) : connection.secretArn;
}
