import type { JsonObject, JsonValue } from '../../../platform/json-value.ts';
import { isList, isObject } from '../body/fragments.ts';
import { pointerTo } from '../../../domain/field-pointer.ts';

/** One place in which two documents differ; a side that has nothing there is absent. */
export interface Difference {
  readonly at: string;
  readonly before?: JsonValue;
  readonly after?: JsonValue;
}

/** What an API server counts and notes by itself: it differs after every change and tells nothing of it. */
const NOISE = new Set(['managedFields', 'resourceVersion', 'generation', 'uid', 'creationTimestamp', 'selfLink']);
/** Places that are compared. An object of etcd holds 1.5 MB; nobody reads more than some dozens. */
const MAX_DIFFERENCES = 1_000;

/** The smallest places that differ. A list is compared item by item, since its items have places and no names. */
export function differences(before: JsonObject, after: JsonObject): readonly Difference[] {
  const found: Difference[] = [];
  compare(before, after, [], found);
  return found;
}

type Names = readonly (string | number)[];

function compare(before: JsonValue | undefined, after: JsonValue | undefined, at: Names, found: Difference[]): void {
  if (found.length >= MAX_DIFFERENCES) return;
  if (isObject(before) && isObject(after)) members(before, after, at, found);
  else if (isList(before) && isList(after)) items(before, after, at, found);
  // A whole branch on one side is gone through as well: each value is shown, and masked, in its own place.
  else if (isBranch(before) && after === undefined) compare(before, emptyLike(before), at, found);
  else if (isBranch(after) && before === undefined) compare(emptyLike(after), after, at, found);
  else if (before !== after) found.push({ at: pointerTo(at), ...side('before', before), ...side('after', after) });
}

const side = (name: 'before' | 'after', value: JsonValue | undefined): Partial<Difference> =>
  value === undefined ? {} : { [name]: value };

function items(before: readonly JsonValue[], after: readonly JsonValue[], at: Names, found: Difference[]): void {
  const most = Math.max(before.length, after.length);
  for (let index = 0; index < most; index += 1) compare(before[index], after[index], [...at, index], found);
}

function members(before: JsonObject, after: JsonObject, at: Names, found: Difference[]): void {
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (at.length === 1 && at[0] === 'metadata' && NOISE.has(name)) continue;
    compare(before[name], after[name], [...at, name], found);
  }
}

const isBranch = (value: JsonValue | undefined): value is JsonObject | readonly JsonValue[] =>
  isList(value) ? value.length > 0 : isObject(value) && Object.keys(value).length > 0;

const emptyLike = (value: JsonObject | readonly JsonValue[]): JsonValue => (isList(value) ? [] : {});
