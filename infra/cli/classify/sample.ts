import * as z from 'zod';
import { maskedResultSchema } from '../../../shared/contracts/record/result.ts';
import type { Call } from '../controls/api.ts';
import type { Evidence } from './propose.ts';

const answerSchema = z.looseObject({ status: z.string(), result: maskedResultSchema.optional() });

export interface Table {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly string[];
}

/** Rows asked for at a time: within the usual limit of an answer (`limits.resultRows`). */
const PAGE = 500;
/** More columns than this is another way to work: name the tables. */
const MAX_COLUMNS = 20_000;

/**
 * The tables of a connection that its logins may see, through the gateway like any other read: judged by policy, on record,
 * limited. Views are left out, since they inherit what their tables have.
 */
export async function tablesOf(call: Call, connection: string): Promise<readonly Table[]> {
  const tables = new Map<string, { schema: string; name: string; columns: string[] }>();
  for (let offset = 0; offset < MAX_COLUMNS; offset += PAGE) {
    const { rows } = await read(call, connection, `${COLUMNS} LIMIT ${PAGE} OFFSET ${offset}`);
    for (const [schema, name, column] of rows) {
      if (typeof schema !== 'string' || typeof name !== 'string' || typeof column !== 'string') continue;
      const key = JSON.stringify([schema, name]);
      const table = tables.get(key) ?? { schema, name, columns: [] };
      table.columns.push(column);
      tables.set(key, table);
    }
    if (rows.length < PAGE) return [...tables.values()];
  }
  throw new Error(`The connection has more than ${MAX_COLUMNS} columns: give its logins fewer schemas to see.`);
}

const COLUMNS = `SELECT c.table_schema::text, c.table_name::text, c.column_name::text
  FROM information_schema.columns c JOIN information_schema.tables t
    ON t.table_schema = c.table_schema AND t.table_name = c.table_name
  WHERE c.table_schema NOT IN ('pg_catalog', 'information_schema') AND t.table_type <> 'VIEW'
  ORDER BY c.table_schema, c.table_name, c.ordinal_position`;

/** Rows of a table as an agent would get them, masked; what is told of each column is counts. */
export async function evidenceOf(
  call: Call,
  connection: string,
  table: Table,
  rows: number,
): Promise<readonly Evidence[]> {
  const columns = table.columns.map(quoted).join(', ');
  const result = await read(
    call,
    connection,
    `SELECT ${columns} FROM ${quoted(table.schema)}.${quoted(table.name)} LIMIT ${rows}`,
  );
  return result.columns.map((column, index) => {
    const values = result.rows.map((row) => row[index] ?? null);
    const byColumn = column.masked && column.rule?.startsWith('column ') === true;
    const byValue = column.masked && column.rule?.startsWith('value detector ') === true;
    // A number that is masked is shown as NULL: that one was is known, how many were is not.
    const shown = values.filter((value) => JSON.stringify(value).includes('[masked:')).length;
    return {
      schema: table.schema,
      table: table.name,
      column: table.columns[index] ?? column.name,
      type: column.type,
      sampled: Math.max(values.filter((value) => value !== null).length, byValue ? 1 : 0),
      hits: byValue ? Math.max(shown, 1) : 0,
      ...(byValue && column.class !== undefined
        ? { detected: { class: column.class, rule: column.rule?.replace('value detector ', '') ?? '' } }
        : {}),
      ...(byColumn && column.class !== undefined ? { classified: column.class } : {}),
    };
  });
}

async function read(call: Call, connection: string, statement: string): Promise<z.output<typeof maskedResultSchema>> {
  const reason = 'countersign classify: sampling for proposals of classes';
  const answer = await call(answerSchema, 'POST', '/v1/execute', { connection, statement, reason });
  if (answer.result !== undefined) return answer.result;
  throw new Error(
    answer.status === 'pending_approval'
      ? 'policy asks people before this read; allow the caller to read, or leave the table out'
      : `the session ended as ${answer.status}`,
  );
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
