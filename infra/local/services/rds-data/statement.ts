import type pg from 'pg';
import type { Connection, Submittable } from 'pg';
import type { BoundValue } from './bind-values.ts';

/** What PostgreSQL said to one statement, in its text form. */
export interface RawResult {
  readonly columns: readonly { readonly name: string; readonly typeOid: number }[];
  readonly rows: readonly (readonly (string | null)[])[];
  /** `SELECT 5`, `DELETE 1`, `CREATE TABLE`; empty for an empty statement. */
  readonly command: string;
}

export type Ended =
  | { readonly kind: 'result'; readonly result: RawResult }
  | { readonly kind: 'error'; readonly error: Error }
  /** More than a limit; the connection has been cut, so that the server stops as well. */
  | { readonly kind: 'too-large' };

export interface ResultLimits {
  readonly responseBytes: number;
  readonly rowBytes: number;
}

/**
 * Runs one statement by the extended query protocol (PostgreSQL, "Message Flow"): Parse with the parameters' types,
 * Bind, Describe, Execute, Sync. The protocol itself refuses a second statement. Results stay text, as the Data API's
 * own mapping starts from PostgreSQL's types.
 */
export function runStatement(
  client: pg.ClientBase,
  statement: { readonly text: string; readonly values: readonly BoundValue[] },
  limits: ResultLimits,
): Promise<Ended> {
  return new Promise((resolve) => {
    client.query(protocolQuery(statement, limits, resolve));
  });
}

interface RowDescription {
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[];
}

/** The shape that node-postgres drives (its Query class is one); only `submit` is in its published types. */
interface ProtocolQuery extends Submittable {
  handleRowDescription(message: RowDescription): void;
  handleDataRow(message: { readonly fields: readonly (string | null)[] }): void;
  handleCommandComplete(message: { readonly text: string }): void;
  handleEmptyQuery(): void;
  handlePortalSuspended(): void;
  handleCopyInResponse(connection: Connection & { sendCopyFail?: (why: string) => void }): void;
  handleCopyData(): void;
  handleError(error: Error): void;
  handleReadyForQuery(): void;
}

function protocolQuery(
  statement: { readonly text: string; readonly values: readonly BoundValue[] },
  limits: ResultLimits,
  settle: (ended: Ended) => void,
): ProtocolQuery {
  const rows: (readonly (string | null)[])[] = [];
  let columns: RawResult['columns'] = [];
  let command = '';
  let bytes = 0;
  let link: Connection | undefined;
  const ignore = (): void => undefined;
  return {
    submit(connection) {
      link = connection;
      submit(connection, statement);
    },
    handleRowDescription: ({ fields }) => {
      columns = fields.map((field) => ({ name: field.name, typeOid: field.dataTypeID }));
    },
    handleDataRow: ({ fields }) => {
      const size = fields.reduce((sum, field) => sum + (field === null ? 4 : Buffer.byteLength(field) + 4), 0);
      bytes += size;
      if (bytes <= limits.responseBytes && size <= limits.rowBytes) rows.push(fields);
      else {
        settle({ kind: 'too-large' });
        link?.stream.destroy();
      }
    },
    handleCommandComplete: ({ text }) => {
      command = text;
    },
    handleEmptyQuery: ignore,
    handlePortalSuspended: ignore,
    handleCopyInResponse: (connection) => {
      connection.sendCopyFail?.('COPY FROM STDIN has no place in the Data API');
      // The server ignores a Sync while it waits for rows, so the one sent before does not count.
      connection.sync();
    },
    handleCopyData: ignore,
    handleError: (error) => {
      settle({ kind: 'error', error });
    },
    handleReadyForQuery: () => {
      settle({ kind: 'result', result: { columns, rows, command } });
    },
  };
}

function submit(
  connection: Connection,
  statement: { readonly text: string; readonly values: readonly BoundValue[] },
): void {
  connection.stream.cork();
  connection.parse({ name: '', text: statement.text, types: statement.values.map(({ oid }) => String(oid)) }, true);
  connection.bind({ values: statement.values.map(({ text }) => text) }, true);
  connection.describe({ type: 'P', name: '' }, true);
  connection.execute({}, true);
  connection.sync();
  connection.stream.uncork();
}
