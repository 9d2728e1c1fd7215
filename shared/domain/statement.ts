import type { JsonValue } from '../platform/json-value.ts';

export type ParameterValue = null | boolean | number | string;

/** `$1, $2` with a list, `:name` with an object. Values never enter the text. */
export type Parameters = readonly ParameterValue[] | Readonly<Record<string, ParameterValue>>;

/** The exact thing to run. One statement a request; its text is kept and sealed byte for byte. */
export interface Statement {
  readonly text: string;
  readonly parameters?: Parameters;
  readonly body?: JsonValue;
}
