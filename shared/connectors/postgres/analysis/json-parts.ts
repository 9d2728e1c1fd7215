import type { JsonBehavior, JsonValueExpr } from 'libpg-query';
import type { Provenance } from '../lineage/provenance.ts';
import { made } from './expressions.ts';
import type { Place } from './place.ts';

/** A JSON value with its format. */
export function value(node: JsonValueExpr | undefined, place: Place): Provenance {
  place.walk.reads(node, node?.format);
  return made([node?.raw_expr, node?.formatted_expr], place);
}

export function behavior(node: JsonBehavior | undefined, place: Place): Provenance {
  place.walk.reads(node);
  return made([node?.expr], place);
}
