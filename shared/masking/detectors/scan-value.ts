import type { DetectedClass } from '../../contracts/config/detected-classes.ts';
import type { JsonObject, JsonValue } from '../../platform/json-value.ts';
import { judgeNumber, judgeTold } from './judge-named.ts';
import { placeholder, type Found, type Scanned } from './found.ts';
import { distinct, maskText } from './mask-text.ts';
import { wordsOf } from './topics.ts';

/** Deeper than any document that people read; what lies below is masked unseen. */
const MAX_DEPTH = 64;
/** Class of what was too deep to look at. */
const UNSEEN = 'unknown.depth';

/** Looks into text, numbers (a card may be a bigint), lists and members: names of members too, which builders make of values. */
export function scanValue(value: JsonValue, near: string, on: ReadonlySet<DetectedClass>): Scanned<JsonValue> {
  const found: Found[] = [];
  const scanned = visit(value, near, { on, found }, 0);
  return { value: scanned, found: found.length === 0 ? found : distinct(found) };
}

interface Visit {
  readonly on: ReadonlySet<DetectedClass>;
  readonly found: Found[];
}

function visit(value: JsonValue, near: string, to: Visit, depth: number): JsonValue {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return text(value, near, to);
  if (typeof value === 'number') return number(value, near, to);
  if (depth >= MAX_DEPTH) return placeholder(UNSEEN);
  if (isList(value)) return value.map((item) => visit(item, near, to, depth + 1));
  return members(value, near, to, depth);
}

const isList = (value: readonly JsonValue[] | JsonObject): value is readonly JsonValue[] => Array.isArray(value);

function text(value: string, near: string, { on, found }: Visit): string {
  const told = near === '' ? undefined : judgeTold(near, value);
  if (told !== undefined && on.has(told.class)) {
    found.push(told);
    return placeholder(told.class);
  }
  const scanned = maskText(value, near, on);
  found.push(...scanned.found);
  return scanned.value;
}

function number(value: number, near: string, { on, found }: Visit): JsonValue {
  const written = String(value);
  const told = near === '' ? undefined : judgeNumber(near, written);
  if (told !== undefined && on.has(told.class)) {
    found.push(told);
    return placeholder(told.class);
  }
  const scanned = maskText(written, near, on);
  if (scanned.found.length === 0) return value;
  found.push(...scanned.found);
  return scanned.value;
}

/** Two members of one name after masking would be one: the later is told apart. */
function members(value: JsonObject, near: string, to: Visit, depth: number): JsonValue {
  const named = pairName(value);
  const result = new Map<string, JsonValue>();
  for (const [name, member] of Object.entries(value)) {
    const shown = maskText(name, '', to.on);
    to.found.push(...shown.found);
    let free = shown.value;
    for (let again = 2; result.has(free); again += 1) free = `${shown.value} (${again})`;
    const over = `${near}${wordsOf(name)}${name === 'value' ? named : ''}`.slice(-MAX_NEAR);
    result.set(free, visit(member, over, to, depth + 1));
  }
  return Object.fromEntries(result);
}

/** Characters of names that are kept over a value; the innermost count. */
const MAX_NEAR = 400;

/** `{name: 'DB_PASSWORD', value: '…'}`: the environment of a container, a header, a setting. */
function pairName(value: JsonObject): string {
  const name = value['name'] ?? value['key'];
  return typeof name === 'string' ? wordsOf(name) : '';
}
