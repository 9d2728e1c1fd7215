import type { Result } from '../../../../shared/platform/result.ts';
import { err, ok } from '../../../../shared/platform/result.ts';
import type { DataApiFault, WireField, WireParameter } from './wire.ts';

/** A value as the extended protocol wants it: the type's OID (0 = PostgreSQL infers it) and its text form. */
export interface BoundValue {
  readonly oid: number;
  readonly text: string | null;
}

const OID = { bool: 16, bytea: 17, int8: 20, text: 25, float8: 701, inferred: 0 } as const;
const HINTED = { DATE: 1082, DECIMAL: 1700, JSON: 3802, TIME: 1083, TIMESTAMP: 1114, UUID: 2950 } as const;
const ARRAY = { booleanValues: 1000, longValues: 1016, doubleValues: 1022, stringValues: 1009 } as const;

/** Values for the names that the statement uses, in its order. A name without a value is an error; more values are not. */
export function bindValues(
  names: readonly string[],
  parameters: readonly WireParameter[],
): Result<readonly BoundValue[], DataApiFault> {
  const given = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  if (given.size !== parameters.length) return refuse('Parameter names must be unique');
  const bound: BoundValue[] = [];
  for (const name of names) {
    const parameter = given.get(name);
    if (parameter === undefined) return refuse(`Cannot find parameter: ${name}`);
    const value = bindValue(parameter.value, parameter.typeHint);
    if (value === undefined) return refuse(`Parameter ${name}: arrays hold one kind of values`);
    bound.push(value);
  }
  return ok(bound);
}

function refuse(message: string): Result<never, DataApiFault> {
  return err({ code: 'BadRequestException', message });
}

function bindValue(value: WireField, hint: WireParameter['typeHint']): BoundValue | undefined {
  if ('isNull' in value) return { oid: OID.inferred, text: null };
  if ('booleanValue' in value) return { oid: OID.bool, text: String(value.booleanValue) };
  if ('longValue' in value) return { oid: OID.int8, text: String(value.longValue) };
  if ('doubleValue' in value) return { oid: OID.float8, text: String(value.doubleValue) };
  if ('blobValue' in value)
    return { oid: OID.bytea, text: `\\x${Buffer.from(value.blobValue, 'base64').toString('hex')}` };
  if ('stringValue' in value) return { oid: hint === undefined ? OID.text : HINTED[hint], text: value.stringValue };
  return bindArray(value.arrayValue);
}

function bindArray(array: Extract<WireField, { arrayValue: unknown }>['arrayValue']): BoundValue | undefined {
  for (const kind of ['booleanValues', 'longValues', 'doubleValues', 'stringValues'] as const) {
    const items = array[kind];
    if (items !== undefined) {
      const quoted = items.map((item) => `"${String(item).replaceAll(/["\\]/g, String.raw`\$&`)}"`);
      return { oid: ARRAY[kind], text: `{${quoted.join(',')}}` };
    }
  }
  return undefined;
}
