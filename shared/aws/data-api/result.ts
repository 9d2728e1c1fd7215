import type { ArrayValue, ColumnMetadata, ExecuteStatementCommandOutput, Field } from '@aws-sdk/client-rds-data';
import type { ResultColumn, ResultSet } from '../../domain/result-set.ts';
import type { JsonValue } from '../../platform/json-value.ts';
import { err, ok, type Result } from '../../platform/result.ts';

/**
 * The answer as rows of JSON: int8 as a number while it is exact and as a string beyond 2^53, numeric as the string
 * PostgreSQL printed, bytea as base64, arrays as arrays. More than `maxRows` rows are cut.
 */
export function toResultSet(answer: ExecuteStatementCommandOutput, maxRows: number): Result<ResultSet, string> {
  const columns = (answer.columnMetadata ?? []).map(toColumn);
  const records = answer.records ?? [];
  if (columns.length === 0 && records.length > 0) return err('the answer has rows and no columns');
  const rows: JsonValue[][] = [];
  for (const record of records.slice(0, maxRows)) {
    if (record.length !== columns.length) return err('a row of the answer does not match its columns');
    const row: JsonValue[] = [];
    for (const [index, field] of record.entries()) {
      const value = toJson(field);
      if (!value.ok) return value;
      row.push(isInteger(columns[index]) ? exactIntegers(value.value) : value.value);
    }
    rows.push(row);
  }
  // Rows that came back count for a read and for RETURNING; a plain write says how many it changed.
  const rowCount = columns.length > 0 ? rows.length : (answer.numberOfRecordsUpdated ?? 0);
  return ok({ columns, rows, rowCount, truncated: records.length > maxRows });
}

/** `label` is the alias, where a driver tells the two apart. */
function toColumn(column: ColumnMetadata): ResultColumn {
  return { name: column.label ?? column.name ?? '', type: column.typeName ?? 'unknown' };
}

function toJson(field: Field): Result<JsonValue, string> {
  if (field.isNull !== undefined) return ok(null);
  if (field.booleanValue !== undefined) return ok(field.booleanValue);
  if (field.longValue !== undefined) return ok(exact(field.longValue));
  if (field.doubleValue !== undefined) return ok(finite(field.doubleValue));
  if (field.stringValue !== undefined) return ok(field.stringValue);
  if (field.blobValue !== undefined) return ok(Buffer.from(field.blobValue).toString('base64'));
  if (field.arrayValue !== undefined) return toJsonArray(field.arrayValue);
  return err('a value of the answer is of a kind this version does not know');
}

function toJsonArray(array: ArrayValue): Result<JsonValue, string> {
  if (array.booleanValues !== undefined) return ok(array.booleanValues);
  if (array.longValues !== undefined) return ok(array.longValues.map(exact));
  if (array.doubleValues !== undefined) return ok(array.doubleValues.map(finite));
  if (array.stringValues !== undefined) return ok(array.stringValues);
  if (array.arrayValues === undefined) return ok([]);
  const items: JsonValue[] = [];
  for (const inner of array.arrayValues) {
    if (inner === null) return err('an array of the answer has a hole where an array should be');
    const value = toJsonArray(inner);
    if (!value.ok) return value;
    items.push(value.value);
  }
  return ok(items);
}

/** Integers come as digits (`longReturnType: STRING`): a JSON reader would have rounded them before we saw them. */
const isInteger = (column: ResultColumn | undefined): boolean =>
  column !== undefined && /^_?(?:int[248]|oid|(?:small|big)?serial)$/.test(column.type);

function exactIntegers(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(exactIntegers);
  if (typeof value !== 'string' || !/^-?[0-9]+$/.test(value)) return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

const exact = (value: number | null): JsonValue =>
  value === null || Number.isSafeInteger(value) ? value : String(value);

/** JSON has no NaN and no infinities; PostgreSQL's floats do. */
function finite(value: number | null): JsonValue {
  return value === null || Number.isFinite(value) ? value : String(value);
}
