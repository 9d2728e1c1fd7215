import type { SourceColumn } from '../../../domain/lineage.ts';

/**
 * Where a value can come from. `derived`: something stands between the column and the value. `unknown`: it may come
 * from anywhere, and the reason.
 */
export interface Provenance {
  readonly sources: ReadonlySet<SourceColumn>;
  readonly derived: boolean;
  /** It may also be the value of something else: another arm of a set operation, a constant. */
  readonly mixed?: boolean;
  readonly unknown?: string;
  /** It may be so large that what is added to it no longer fits: whether that fails tells how long it is. */
  readonly huge?: true;
}

/** Of a constant: from nowhere. */
export const NOWHERE: Provenance = { sources: new Set(), derived: false };

export function fromColumns(...columns: readonly SourceColumn[]): Provenance {
  return { sources: new Set(columns), derived: false };
}

/** A constant of any size: `repeat('x', 1000000000)`. */
export const HUGE: Provenance = { sources: new Set(), derived: true, huge: true };

export function unknownFrom(why: string): Provenance {
  return { sources: new Set(), derived: true, unknown: why };
}

/** One of several: the arms of a set operation, merged join columns, rows of VALUES. */
export function anyOf(parts: readonly Provenance[]): Provenance {
  const one = sameAs(parts);
  return one === NOWHERE || parts.length === 1 ? one : { ...one, mixed: true };
}

/** The same value under several names: a view's column and the table's that it shows, a partition's and its parent's. */
export function sameAs(parts: readonly Provenance[]): Provenance {
  const informative = parts.filter((part) => part !== NOWHERE);
  const only = informative[0];
  if (only === undefined) return NOWHERE;
  return informative.length === 1
    ? only
    : merged(
        informative,
        informative.some((part) => part.derived),
      );
}

/** Made of all of them by a function, an operator, a cast. A value made of constants only is a constant. */
export function madeOf(parts: readonly Provenance[]): Provenance {
  const informative = parts.filter((part) => part !== NOWHERE);
  return informative.length === 0 ? NOWHERE : merged(informative, true);
}

function merged(parts: readonly Provenance[], derived: boolean): Provenance {
  const sources = new Set<SourceColumn>();
  for (const part of parts) for (const source of part.sources) sources.add(source);
  const unknown = parts.find((part) => part.unknown !== undefined)?.unknown;
  const mixed = parts.some((part) => part.mixed === true) ? { mixed: true } : {};
  const huge = parts.some((part) => part.huge === true) ? ({ huge: true } as const) : {};
  return { sources, derived, ...mixed, ...huge, ...(unknown === undefined ? {} : { unknown }) };
}
