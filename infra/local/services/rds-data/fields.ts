import { parseArray } from './array-text.ts';

/** What one PostgreSQL type is in an answer: its JDBC type number (java.sql.Types) and the member of `Field` it fills. */
export interface ResultType {
  readonly name: string;
  readonly jdbc: number;
  readonly as: 'boolean' | 'long' | 'double' | 'string' | 'blob' | 'timestamptz';
  /** Set on arrays: the type of an element. */
  readonly element?: ResultType;
}

export type Field =
  | { readonly isNull: true }
  | { readonly booleanValue: boolean }
  | { readonly longValue: number }
  | { readonly doubleValue: number | string }
  | { readonly stringValue: string }
  | { readonly blobValue: string }
  | { readonly arrayValue: Readonly<Record<string, readonly (boolean | number | string | null)[]>> };

const scalar = (name: string, jdbc: number, as: ResultType['as'] = 'string'): ResultType => ({ name, jdbc, as });

/**
 * The types that the Data API returns; anything else is UnsupportedResultException, as in the service, whose list
 * this follows ("Data API operations reference"): `interval`, `money`, `"char"`, `regclass`, geometry are not in it.
 */
const SCALARS: Readonly<Record<number, ResultType>> = {
  16: scalar('bool', -7, 'boolean'),
  17: scalar('bytea', -2, 'blob'),
  19: scalar('name', 12),
  20: scalar('int8', -5, 'long'),
  21: scalar('int2', 5, 'long'),
  23: scalar('int4', 4, 'long'),
  25: scalar('text', 12),
  26: scalar('oid', -5, 'long'),
  114: scalar('json', 1111),
  650: scalar('cidr', 1111),
  700: scalar('float4', 7, 'double'),
  701: scalar('float8', 8, 'double'),
  869: scalar('inet', 1111),
  1042: scalar('bpchar', 1),
  1043: scalar('varchar', 12),
  1082: scalar('date', 91),
  1083: scalar('time', 92),
  1114: scalar('timestamp', 93),
  1184: scalar('timestamptz', 93, 'timestamptz'),
  1700: scalar('numeric', 2),
  2278: scalar('void', 1111),
  2950: scalar('uuid', 1111),
  3802: scalar('jsonb', 1111),
};

const ARRAYS: Readonly<Record<number, number>> = {
  1000: 16,
  1003: 19,
  1005: 21,
  1007: 23,
  1009: 25,
  1014: 1042,
  1015: 1043,
  1016: 20,
  1021: 700,
  1022: 701,
  1028: 26,
  1115: 1114,
  1182: 1082,
  1183: 1083,
  1185: 1184,
  1231: 1700,
  2951: 2950,
  199: 114,
  3807: 3802,
  1041: 869,
  651: 650,
};

export function builtinType(oid: number): ResultType | undefined {
  const known = SCALARS[oid];
  if (known !== undefined) return known;
  const element = SCALARS[ARRAYS[oid] ?? 0];
  return element === undefined ? undefined : arrayOf(element);
}

/** `longReturnType: STRING`: the same types with their integers as digits. */
export function withIntegersAsText(type: ResultType): ResultType {
  if (type.element !== undefined) return { ...type, element: withIntegersAsText(type.element) };
  return type.as === 'long' ? { ...type, as: 'string' } : type;
}

export const enumType = (name: string): ResultType => scalar(name, 12);
export const arrayOf = (element: ResultType): ResultType => ({
  name: `_${element.name}`,
  jdbc: 2003,
  as: 'string',
  element,
});

/** One value from PostgreSQL's text form; undefined where the service cannot say it (arrays of arrays). */
export function toField(text: string | null, type: ResultType): Field | undefined {
  if (text === null) return { isNull: true };
  if (type.element !== undefined) return toArray(text, type.element);
  const value = plain(text, type);
  if (type.as === 'blob') return { blobValue: Buffer.from(text.slice(2), 'hex').toString('base64') };
  if (typeof value === 'boolean') return { booleanValue: value };
  if (typeof value === 'string') return { stringValue: value };
  return type.as === 'long' ? { longValue: value } : { doubleValue: jsonDouble(value) };
}

function plain(text: string, type: ResultType): boolean | number | string {
  if (type.as === 'boolean') return text === 't';
  if (type.as === 'long' || type.as === 'double') return Number(text);
  // The service prints timestamptz in UTC and leaves the offset out; the session's zone is UTC.
  return type.as === 'timestamptz' ? text.replace(/\+00$/, '') : text;
}

/** What JSON numbers cannot say goes as a string (smithy.io, restJson1: NaN, Infinity, -Infinity). */
const jsonDouble = (value: number): number | string => (Number.isFinite(value) ? value : String(value));

function toArray(text: string, element: ResultType): Field | undefined {
  const items = parseArray(text);
  if (items === undefined) return undefined;
  const values = items.map((item) => (item === null ? null : plain(item, element)));
  const sent = values.map((value) => (typeof value === 'number' ? jsonDouble(value) : value));
  const member =
    element.as === 'boolean'
      ? 'booleanValues'
      : element.as === 'long'
        ? 'longValues'
        : element.as === 'double'
          ? 'doubleValues'
          : 'stringValues';
  return { arrayValue: { [member]: sent } };
}
