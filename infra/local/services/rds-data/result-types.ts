import type { Result } from '../../../../shared/platform/result.ts';
import { err, ok } from '../../../../shared/platform/result.ts';
import { arrayOf, builtinType, enumType, toField, type Field, type ResultType } from './fields.ts';
import type { RawResult } from './statement.ts';
import type { Session } from './sessions.ts';
import type { DataApiFault } from './wire.ts';

/** The types of an answer's columns; those a database defines itself are looked up in its catalogue. */
export async function resolveTypes(
  session: Session,
  columns: RawResult['columns'],
): Promise<Result<readonly ResultType[], DataApiFault>> {
  const unknown = [...new Set(columns.map((column) => column.typeOid))].filter((oid) => builtinType(oid) === undefined);
  const own = unknown.length === 0 ? new Map<number, UserType>() : await lookUp(session, unknown);
  const types: ResultType[] = [];
  for (const { typeOid } of columns) {
    const type = builtinType(typeOid) ?? own.get(typeOid)?.type;
    if (type === undefined) return err(unsupported(own.get(typeOid)?.name ?? String(typeOid)));
    types.push(type);
  }
  return ok(types);
}

export function toRecords(
  rows: RawResult['rows'],
  types: readonly ResultType[],
): Result<readonly (readonly Field[])[], DataApiFault> {
  const records: Field[][] = [];
  for (const row of rows) {
    const record: Field[] = [];
    for (const [index, type] of types.entries()) {
      const field = toField(row[index] ?? null, type);
      if (field === undefined) return err(unsupported(type.name));
      record.push(field);
    }
    records.push(record);
  }
  return ok(records);
}

export function columnMetadata(columns: RawResult['columns'], types: readonly ResultType[]): readonly object[] {
  return columns.map(({ name }, index) => ({
    arrayBaseColumnType: types[index]?.element?.jdbc ?? 0,
    isAutoIncrement: false,
    isCaseSensitive: types[index]?.as === 'string',
    isCurrency: false,
    isSigned: types[index]?.as === 'long' || types[index]?.as === 'double',
    label: name,
    name,
    // java.sql.ResultSetMetaData.columnNullableUnknown: the catalogue is not asked.
    nullable: 2,
    precision: 0,
    scale: 0,
    schemaName: '',
    tableName: '',
    type: types[index]?.jdbc ?? 1111,
    typeName: types[index]?.name ?? '',
  }));
}

const unsupported = (name: string): DataApiFault => ({
  code: 'UnsupportedResultException',
  message: `The result contains the unsupported data type ${name.toUpperCase()}.`,
});

interface UserType {
  readonly name: string;
  readonly type: ResultType | undefined;
}

/** Enumerations and their arrays can be returned; composites, ranges and the rest cannot. */
async function lookUp(session: Session, oids: readonly number[]): Promise<ReadonlyMap<number, UserType>> {
  const found = await session.client.query<{ oid: number; name: string; kind: string; element: string | null }>(
    `SELECT t.oid, t.typname AS name, t.typtype AS kind, e.typname AS element
       FROM pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND e.typtype = 'e'
      WHERE t.oid = ANY($1::pg_catalog.oid[])`,
    [oids],
  );
  return new Map(
    found.rows.map(({ oid, name, kind, element }) => {
      const type = kind === 'e' ? enumType(name) : element === null ? undefined : arrayOf(enumType(element));
      return [oid, { name, type }];
    }),
  );
}
