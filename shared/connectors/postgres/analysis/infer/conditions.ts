import type { Node } from 'libpg-query';
import type { Span } from '../../../../domain/effect.ts';
import type { InferenceWay } from '../../../../domain/inference.ts';
import type { Provenance } from '../../lineage/provenance.ts';
import { expression } from '../expressions.ts';
import type { Place } from '../place.ts';
import type { Walk } from '../walk.ts';
import { comparedWithParameter } from './by-parameter.ts';

/** Reads a condition that decides which rows there are: it tells of every column that it is made of. */
export function condition(node: Node | undefined, way: InferenceWay, place: Place): Provenance {
  const from = expression(node, { ...place, decides: true });
  if (from.sources.size === 0 && from.unknown === undefined) return from;
  const column = comparedWithParameter(node);
  // Of the column itself: equality with what `left(email, 1)` gives would find a value out letter by letter.
  const isPlain = column !== undefined && !expression(column, place).derived;
  place.walk.flows.infer(way, from, isPlain, spanOf(node, place.walk));
  return from;
}

/** Where a node stands in the text, as far as the parser keeps it. */
export function spanOf(node: Node | undefined, walk: Walk): Span | undefined {
  const [inside] = node === undefined ? [] : Object.values(node);
  return isPlaced(inside) ? walk.span(inside.location) : undefined;
}

function isPlaced(value: unknown): value is { readonly location: number } {
  return typeof value === 'object' && value !== null && 'location' in value && typeof value.location === 'number';
}
