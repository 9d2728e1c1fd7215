import * as z from 'zod';
import { maskedResultSchema } from '../../../shared/contracts/record/result.ts';
import type { JsonValue } from '../../../shared/platform/json-value.ts';
import { UNTRACED } from '../../../shared/domain/lineage.ts';
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
  const from = `FROM ${quoted(table.schema)}.${quoted(table.name)} LIMIT ${rows}`;
  const result = await asStored(call, connection, table.columns.map(quoted), from);
  return result.columns.map((column, index) => ({
    ...{ schema: table.schema, table: table.name, column: table.columns[index] ?? column.name, type: column.type },
    ...told(
      column,
      result.rows.map((row) => row[index] ?? null),
    ),
  }));
}

/** What the answer says of one column's masks. A number that is masked is shown as NULL: that one was is known, not how many. */
function told(
  { masked, class: name, rule = '' }: z.output<typeof maskedResultSchema>['columns'][number],
  values: readonly JsonValue[],
): Pick<Evidence, 'sampled' | 'hits' | 'detected' | 'classified'> {
  const sampled = values.filter((value) => value !== null).length;
  // Of a type that users made, no text says where it comes from.
  if (!masked || name === undefined || name === UNTRACED) return { sampled, hits: 0 };
  if (!rule.startsWith(BY_VALUE)) return { sampled, hits: 0, classified: name };
  const hits = values.filter((value) => JSON.stringify(value).includes('[masked:')).length;
  const detected = { class: name, rule: rule.slice(BY_VALUE.length) };
  return { sampled: Math.max(sampled, 1), hits: Math.max(hits, 1), detected };
}

/** The Data API returns no intervals, ranges, XML or rows: a table that has some is read as text. */
async function asStored(
  call: Call,
  connection: string,
  columns: readonly string[],
  from: string,
): Promise<z.output<typeof maskedResultSchema>> {
  try {
    return await read(call, connection, `SELECT ${columns.join(', ')} ${from}`);
  } catch (error) {
    const texts = columns.map((column) => `${column}::text AS ${column}`).join(', ');
    try {
      return await read(call, connection, `SELECT ${texts} ${from}`);
    } catch {
      throw error;
    }
  }
}

/** How the answer names a mask that no classification made. */
const BY_VALUE = 'value detector ';

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
