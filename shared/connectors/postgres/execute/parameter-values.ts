import type { ParameterValue, Parameters } from '../../../domain/statement.ts';
import { err, ok, type Result } from '../../../platform/result.ts';
import type { StatementFault } from '../../connector.ts';
import type { DataApiValue } from '../data-api.ts';

/** A statement that a person should read has a handful; PostgreSQL itself stops at 65,535 (protocol, Bind: int16). */
const MAX_PARAMETERS = 1_000;

/** ASCII only, as the Data API has it; PostgreSQL cuts names at 63 bytes. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;

/** The agent's parameters, checked: by position or by name, never both. */
export type GivenParameters =
  | { readonly style: 'none' }
  | { readonly style: 'list'; readonly values: readonly DataApiValue[] }
  | { readonly style: 'named'; readonly values: ReadonlyMap<string, DataApiValue> };

/** An empty list or object is the same as none: then nothing at all is sent, and no text can become a parameter. */
export function checkParameters(parameters: Parameters | undefined): Result<GivenParameters, StatementFault> {
  const entries = parameters === undefined ? [] : Object.entries(parameters);
  if (entries.length === 0) return ok({ style: 'none' });
  if (entries.length > MAX_PARAMETERS) {
    return invalid(
      `parameters: at most ${MAX_PARAMETERS}; use a list in one value, e.g. = ANY(string_to_array($1, ','))`,
    );
  }
  const style = Array.isArray(parameters) ? 'list' : 'named';
  const values = new Map<string, DataApiValue>();
  for (const [name, given] of entries) {
    const member = style === 'list' ? `parameters[${name}]` : `parameters.${name}`;
    if (style === 'named' && !NAME.test(name)) {
      return invalid(`${member}: a name is up to 63 letters, digits and underscores and starts with no digit`);
    }
    const value = toDataApiValue(given, member);
    if (!value.ok) return value;
    values.set(name, value.value);
  }
  return ok(style === 'list' ? { style, values: [...values.values()] } : { style, values });
}

/**
 * The type follows from JSON's: an integer goes as int8, any other number as numeric (as the same digits written in
 * SQL would), a string as text, a boolean as bool. Nothing is guessed from what a string looks like; for a date, a
 * uuid or jsonb the statement says so itself: `$1::uuid`.
 */
function toDataApiValue(value: ParameterValue, member: string): Result<DataApiValue, StatementFault> {
  if (value === null) return ok({ kind: 'null' });
  if (typeof value === 'boolean') return ok({ kind: 'boolean', value });
  if (typeof value === 'string') return textValue(value, member);
  if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
    // JSON readers round what is beyond 2^53: what is approved must be what was sent.
    return invalid(
      `${member}: a number beyond 2^53 is not exact in JSON; send it as a string and cast it, e.g. $1::numeric`,
    );
  }
  // `+ 0` turns JSON's -0 into 0: PostgreSQL's integers have one zero.
  return ok(Number.isInteger(value) ? { kind: 'long', value: value + 0 } : { kind: 'decimal', value: String(value) });
}

function textValue(value: string, member: string): Result<DataApiValue, StatementFault> {
  if (value.includes('\0')) return invalid(`${member}: PostgreSQL text cannot hold a NUL character; remove it`);
  if (!value.isWellFormed()) return invalid(`${member}: contains half of a surrogate pair; send valid Unicode`);
  return ok({ kind: 'text', value });
}

export function invalid(message: string, position?: number): { readonly ok: false; readonly error: StatementFault } {
  return err({ code: 'parameters_invalid', message, ...(position === undefined ? {} : { position }) });
}
