import { Buffer } from 'node:buffer';
import type { MaskedColumn } from '../../domain/result-set.ts';
import type { JsonObject, JsonValue } from '../../platform/json-value.ts';
import { placeholder } from '../detectors/found.ts';
import { UNTRACED } from '../../domain/lineage.ts';
import type { ColumnMask } from '../plan.ts';
import { showValue } from '../strategies.ts';
import type { MaskTools } from '../tools.ts';
import type { DocumentPlan, FieldMask } from './plan.ts';

/** Goes through documents of one column, and tells at the end what it masked. */
export interface Walk {
  /** A whole document: its fields are counted from here. */
  document(value: JsonValue): JsonValue;
  /** A value that stands at these names of a document. */
  at(names: readonly string[], value: JsonValue): JsonValue;
  /** Masks every value below, whatever it is. */
  whole(value: JsonValue, mask: ColumnMask): JsonValue;
  /** Looked at by detectors alone. */
  text(value: JsonValue, ...names: readonly string[]): JsonValue;
  told(): Omit<MaskedColumn, 'name' | 'type'>;
}

/** A field whose path has been followed so far. */
interface Follow {
  readonly to: FieldMask;
  readonly next: number;
}

/** What says what a document is and where it lies. Not data: an answer without it is none that a client can use. */
const IDENTITY = new Set(['apiVersion', 'kind']);
const IDENTITY_IN_METADATA = new Set([
  ...['name', 'generateName', 'namespace', 'uid', 'resourceVersion', 'generation', 'selfLink', 'continue'],
  ...['remainingItemCount', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'finalizers'],
  ...['ownerReferences', 'managedFields'],
]);
/** The object as it was last applied, as text: a second copy of everything in it. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

type Told = Pick<MaskedColumn, 'class' | 'rule'>;

export function createWalk(plan: DocumentPlan, { scanner, keyed }: MaskTools): Walk {
  let told: Told | undefined;
  const start: readonly Follow[] = plan.fields.map((to) => ({ to, next: 0 }));

  function document(value: JsonValue): JsonValue {
    if (!isObject(value)) return text(value);
    return members(value, (name, member) => {
      if (IDENTITY.has(name)) return member;
      if (name === 'metadata' && isObject(member)) return metadata(member);
      return step(start, [], name, member);
    });
  }

  function metadata(value: JsonObject): JsonValue {
    const inside = follow(start, 'metadata');
    const claim = claimed(inside);
    if (claim?.mask.kind === 'reveal') return value;
    return members(value, (name, member) => {
      if (IDENTITY_IN_METADATA.has(name)) return member;
      if (claim !== undefined) return whole(member, claim.mask, claim.field.encoding);
      if (name !== 'annotations' || !isObject(member)) return step(inside, ['metadata'], name, member);
      return annotations(member, inside);
    });
  }

  function annotations(value: JsonObject, inside: readonly Follow[]): JsonValue {
    const copies = Object.entries(value).filter(([name, text]) => name === LAST_APPLIED || isCopy(text));
    const others = Object.fromEntries(Object.entries(value).filter(([name]) => !copies.some(([own]) => own === name)));
    const shown = step(inside, ['metadata'], 'annotations', others);
    if (!isObject(shown)) return step(inside, ['metadata'], 'annotations', value);
    return { ...shown, ...Object.fromEntries(copies.map(([name, text]) => [name, again(text)])) };
  }

  /**
   * The copy is masked as what it is a copy of; one that cannot be read is not shown. One that holds nothing to mask stays as
   * it is to the byte: kubectl compares the text, and would apply what has not changed.
   */
  function again(applied: JsonValue): string {
    if (typeof applied !== 'string') return placeholder(UNTRACED);
    const copy = parsed(applied);
    if (!isObject(copy)) return placeholder(UNTRACED);
    const shown = JSON.stringify(document(copy));
    return shown === JSON.stringify(copy) ? applied : shown;
  }

  /** One member: claimed by a field, or on the way to one, or for the detectors. */
  function step(from: readonly Follow[], names: readonly string[], name: string, member: JsonValue): JsonValue {
    const followed = follow(from, name);
    const claim = claimed(followed);
    if (claim?.mask.kind === 'reveal') return member;
    if (claim !== undefined) return whole(member, claim.mask, claim.field.encoding);
    return followed.length === 0 ? text(member, ...names, name) : below(followed, [...names, name], member);
  }

  function below(from: readonly Follow[], names: readonly string[], value: JsonValue): JsonValue {
    if (isList(value)) return value.map((item) => below(from, names, item));
    if (!isObject(value)) return text(value, ...names);
    return members(value, (name, member) => step(from, names, name, member));
  }

  function whole(value: JsonValue, mask: ColumnMask, encoding?: 'base64'): JsonValue {
    if (value === null || mask.kind !== 'mask') return value;
    if (isList(value)) return value.map((item) => whole(item, mask, encoding));
    if (isObject(value)) return members(value, (_name, member) => whole(member, mask, encoding));
    told ??= { class: mask.class, rule: mask.rule };
    if (encoding === undefined) return showValue(value, mask.strategy, mask.class, keyed);
    return Buffer.from(placeholder(mask.class), 'utf8').toString('base64');
  }

  function text(value: JsonValue, ...names: readonly string[]): JsonValue {
    const scanned = scanner.value(value, ...names);
    const [first] = scanned.found;
    if (first !== undefined) told ??= { class: first.class, rule: `value detector ${first.rule}` };
    return scanned.value;
  }

  /** Names of members are made of values, too. */
  function members(value: JsonObject, each: (name: string, member: JsonValue) => JsonValue): JsonObject {
    const made = new Map<string, JsonValue>();
    for (const [name, member] of Object.entries(value)) {
      const shown = text(name);
      const own = typeof shown === 'string' ? shown : name;
      const free = made.has(own) ? `${own} (${String(made.size)})` : own;
      made.set(free, each(name, member));
    }
    return Object.fromEntries(made);
  }

  function at(names: readonly string[], value: JsonValue): JsonValue {
    let from = start;
    for (const name of names) {
      from = follow(from, name);
      const claim = claimed(from);
      if (claim?.mask.kind === 'reveal') return value;
      if (claim !== undefined) return whole(value, claim.mask, claim.field.encoding);
    }
    if (names.at(-1) === LAST_APPLIED && typeof value === 'string') return again(value);
    return isIdentity(names) ? value : names.length === 0 ? document(value) : below(from, names, value);
  }

  return {
    document,
    at,
    whole: (value, mask) => whole(value, mask),
    text,
    told: () => (told === undefined ? { masked: false } : { masked: true, ...told }),
  };
}

/** Other tools keep the object as they applied it under names of their own. */
const isCopy = (value: JsonValue): boolean =>
  typeof value === 'string' &&
  /^\s{0,100}\{/.test(value) &&
  /"(?:kind|data|stringData|spec)"/.test(value) &&
  isObject(parsed(value));

const isIdentity = ([first, second]: readonly string[]): boolean =>
  (first !== undefined && second === undefined && IDENTITY.has(first)) ||
  (first === 'metadata' && second !== undefined && IDENTITY_IN_METADATA.has(second));

const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);
const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !isList(value);

const follow = (from: readonly Follow[], name: string): readonly Follow[] =>
  from.flatMap(({ to, next }) => (to.field.segments[next]?.(name) === true ? [{ to, next: next + 1 }] : []));

/** The first field whose whole path has been followed. */
const claimed = (followed: readonly Follow[]): FieldMask | undefined =>
  followed.find(({ to, next }) => next === to.field.segments.length)?.to;

function parsed(text: string): JsonValue | undefined;
function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
