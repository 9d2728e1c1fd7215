import type { MaskStrategy } from '../contracts/config/masking.ts';
import type { ResultColumn } from '../domain/result-set.ts';
import { canonicalJson } from '../platform/canonical.ts';
import type { JsonValue } from '../platform/json-value.ts';
import type { KeyedDigest } from '../platform/keyed-digest.ts';
import { placeholder } from './detectors/found.ts';
import { isJson, isText } from './value-types.ts';

/** How the values of one column are shown. */
export interface Shown {
  /** As the answer says it: `text` where the strategy makes text of numbers, dates and the like. */
  readonly type: string;
  readonly show: (value: JsonValue) => JsonValue;
}

/**
 * The strategy for a column of this type. By itself a mask never puts text where a client expects a number, a date or a
 * list: `redact` shows those as NULL, and the answer says that they are masked. The strategies that are text by nature
 * (`keep-last`, `hash`, `fixed`) are chosen by who configures them, and change the declared type with the value.
 */
export function shownBy(
  strategy: MaskStrategy,
  className: string,
  column: ResultColumn,
  keyed: KeyedDigest | undefined,
): Shown {
  const show = (value: JsonValue): JsonValue => showValue(value, strategy, className, keyed);
  if (isJson(column.type)) return { type: column.type, show: (value) => asDocument(show(value)) };
  if (isText(column.type) || strategy.kind === 'null') return { type: column.type, show };
  // Without its key a hash is a redaction, and a redaction of a number is NULL.
  return strategy.kind === 'redact' || (strategy.kind === 'hash' && keyed === undefined)
    ? { type: column.type, show: () => null }
    : { type: 'text', show };
}

const asDocument = (value: JsonValue): JsonValue => (value === null ? null : JSON.stringify(value));

/** One value, where no type says what it must be: in text, in a document. */
export function showValue(
  value: JsonValue,
  strategy: MaskStrategy,
  className: string,
  keyed: KeyedDigest | undefined,
): JsonValue {
  switch (strategy.kind) {
    case 'redact':
      return placeholder(className);
    case 'null':
      return null;
    case 'fixed':
      return strategy.text;
    case 'keep-last':
      return keepLast(value, strategy.characters, className);
    case 'hash':
      // Without the key nothing can be told apart safely: a plain hash of a card number is as good as the number.
      return keyed === undefined ? placeholder(className) : hashed(value, className, keyed);
  }
}

/** Keeps the last characters only of text at least three times as long: of a short one they would be most of it. */
function keepLast(value: JsonValue, characters: number, className: string): string {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const points = Array.from(text);
  return points.length < characters * 3
    ? placeholder(className)
    : `[masked:${className} …${points.slice(-characters).join('')}]`;
}

/** Hex digits that are shown: 96 bits, so that two values of a table of a billion are the same once in 10^11 tables. */
const HASH_DIGITS = 24;

/**
 * Equal values of a class are shown alike, in every column and answer of this installation, so they still join and
 * group; of different classes they are not. Who lacks the key cannot try values out, however few there are (RFC 2104).
 */
function hashed(value: JsonValue, className: string, keyed: KeyedDigest): string {
  const text = typeof value === 'object' ? canonicalJson(value) : String(value);
  return `[masked:${className} #${keyed.of(`mask/${className}`, text).slice(0, HASH_DIGITS)}]`;
}
