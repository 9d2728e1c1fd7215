import { DETECTED_CLASSES, OFF_BY_DEFAULT, type DetectedClass } from '../../contracts/config/detected-classes.ts';
import type { Masking } from '../../contracts/config/masking.ts';
import type { JsonValue } from '../../platform/json-value.ts';
import type { Scanned } from './found.ts';
import { scanValue } from './scan-value.ts';
import { maskText } from './mask-text.ts';
import { wordsOf } from './topics.ts';

/**
 * Looks for values that nobody classified, in anything a target can answer. `names` are what stands over the value, from the
 * outside in (column, member names): a number under `phone` is one. A name can only add finds, never take one away.
 */
export interface Scanner {
  value(value: JsonValue, ...names: readonly string[]): Scanned<JsonValue>;
  text(text: string, ...names: readonly string[]): Scanned<string>;
}

export function createScanner(detectors: Masking['detectors']): Scanner {
  const on = classesOf(detectors);
  return {
    value: (value, ...names) => scanValue(value, nearOf(names), on),
    text: (text, ...names) => maskText(text, nearOf(names), on),
  };
}

function classesOf({ on, off }: Masking['detectors']): ReadonlySet<DetectedClass> {
  const usual = DETECTED_CLASSES.filter((name) => !OFF_BY_DEFAULT.has(name));
  return new Set([...usual, ...on].filter((name) => !off.includes(name)));
}

/** Names of a column and of what it comes from: a few, whatever they are. */
const MAX_NAMES = 8;
/** Names that were read lately: the same few columns are asked for with every row. */
const MAX_REMEMBERED = 1_000;
const remembered = new Map<string, string>();

function nearOf(names: readonly string[]): string {
  const key = names.join('\0');
  const known = remembered.get(key);
  if (known !== undefined) return known;
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  const near = names.slice(-MAX_NAMES).map(wordsOf).join('');
  remembered.set(key, near);
  return near;
}
