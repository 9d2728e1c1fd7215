import type { Result } from '../../../../shared/platform/result.ts';
import { err, ok } from '../../../../shared/platform/result.ts';
import { bindValues } from './bind-values.ts';
import { statementFault, tooLarge } from './errors.ts';
import { toPositional } from './named-parameters.ts';
import { withIntegersAsText } from './fields.ts';
import { columnMetadata, resolveTypes, toRecords } from './result-types.ts';
import type { Session } from './sessions.ts';
import { runStatement, type RawResult } from './statement.ts';
import type { DataApiFault, ExecuteRequest } from './wire.ts';

/** Limits of the service (Aurora User Guide, "Limitations with RDS Data API"). */
const LIMITS = { responseBytes: 1_048_576, rowBytes: 65_536 };

export interface Executed {
  readonly answer: Result<object, DataApiFault>;
  /** False: the session is in an unknown state and must not serve anybody else. */
  readonly clean: boolean;
}

/** Runs one ExecuteStatement in a session that is open already. `reached` is told right before the database is. */
export async function execute(session: Session, request: ExecuteRequest, reached: () => void): Promise<Executed> {
  const { parameters = [] } = request;
  // Without a list nothing is looked for: the text goes to the database as it is.
  const positional = parameters.length === 0 ? { text: request.sql, names: [] } : toPositional(request.sql);
  const values = bindValues(positional.names, parameters);
  if (!values.ok) return { answer: values, clean: true };
  reached();
  const ended = await runStatement(session.client, { text: positional.text, values: values.value }, LIMITS);
  if (ended.kind === 'too-large') return { answer: err(tooLarge), clean: false };
  if (ended.kind === 'error') {
    const fault = statementFault(ended.error);
    return {
      answer: err(fault),
      clean: fault.code === 'DatabaseErrorException' || fault.code === 'ValidationException',
    };
  }
  return { answer: await present(session, ended.result, request), clean: true };
}

async function present(
  session: Session,
  result: RawResult,
  request: ExecuteRequest,
): Promise<Result<object, DataApiFault>> {
  const changed = /^(?:INSERT 0|UPDATE|DELETE|MERGE) (\d+)$/.exec(result.command)?.[1];
  const numberOfRecordsUpdated = result.columns.length > 0 ? 0 : Number(changed ?? 0);
  if (result.columns.length === 0) return ok({ generatedFields: [], numberOfRecordsUpdated });
  const types = await resolveTypes(session, result.columns);
  if (!types.ok) return types;
  const asText = request.resultSetOptions?.longReturnType === 'STRING';
  const records = toRecords(result.rows, asText ? types.value.map(withIntegersAsText) : types.value);
  if (!records.ok) return records;
  const metadata =
    request.includeResultMetadata === true ? { columnMetadata: columnMetadata(result.columns, types.value) } : {};
  return ok({ ...metadata, numberOfRecordsUpdated, records: records.value });
}
