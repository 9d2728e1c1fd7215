import pg from 'pg';
import type { DataApiFault } from './wire.ts';

export const tooLarge: DataApiFault = {
  code: 'BadRequestException',
  message: 'Database returned more than the allowed response size limit',
};

/** An error of a running statement, in the words of the service: PostgreSQL's message, then labels joined by `; `. */
export function statementFault(error: Error): DataApiFault {
  if (!(error instanceof pg.DatabaseError)) {
    // The connection went away under the statement: nobody knows how far it got.
    return { code: 'InternalServerErrorException', message: `Communications link failure: ${error.message}` };
  }
  if (error.code === '42601' && error.message.includes('multiple commands')) {
    return { code: 'ValidationException', message: "Multistatements aren't supported." };
  }
  if (error.code === '57014' && error.message.includes('statement timeout')) {
    return { code: 'StatementTimeoutException', message: 'Request timed out' };
  }
  return { code: 'DatabaseErrorException', message: describe(error) };
}

/** An error before the statement: the login was refused or nobody listens. */
export function connectFault(error: unknown): DataApiFault {
  if (error instanceof pg.DatabaseError) return { code: 'BadRequestException', message: describe(error) };
  const why = error instanceof Error ? error.message : 'no connection';
  return { code: 'DatabaseUnavailableException', message: `The database is not reachable: ${why}` };
}

function describe(error: pg.DatabaseError): string {
  const parts = [`${error.severity ?? 'ERROR'}: ${error.message}`];
  if (error.detail !== undefined) parts.push(`Detail: ${error.detail}`);
  if (error.hint !== undefined) parts.push(`Hint: ${error.hint}`);
  if (error.position !== undefined) parts.push(`Position: ${error.position}`);
  parts.push(`SQLState: ${error.code ?? 'XX000'}`);
  return parts.join('; ');
}
