import type { JsonBehavior, JsonOutput, JsonValueExpr, TypeName } from 'libpg-query';
import { nameOf } from '../grammar/nodes.ts';
import { madeOf } from '../lineage/provenance.ts';
import type { Provenance } from '../lineage/provenance.ts';
import { made } from './expressions.ts';
import { conditional, isFromRows, readsJson } from './infer/failures.ts';
import type { Place } from './place.ts';
import { useType } from './types.ts';

/** A JSON value with its format. */
export function value(node: JsonValueExpr | undefined, place: Place): Provenance {
  place.walk.reads(node, node?.format);
  return made([node?.raw_expr, node?.formatted_expr], place);
}

/** What a path is looked up in: a text is read as JSON first. */
export function context(node: JsonValueExpr | undefined, place: Place): Provenance {
  const from = value(node, place);
  readsJson(node?.raw_expr, from, place);
  return from;
}

function behavior(node: JsonBehavior | undefined, place: Place): Provenance {
  place.walk.reads(node);
  return made([node?.expr], place);
}

/**
 * ON EMPTY and ON ERROR: an error is raised for some values only, and a default is computed for some values only, which
 * shows where it fails.
 */
export function behaviors(nodes: readonly (JsonBehavior | undefined)[], of: Provenance, place: Place): Provenance {
  const { value: defaults, mayFail } = conditional(place.walk, () => nodes.map((node) => behavior(node, place)));
  if (mayFail || nodes.some((node) => node?.btype === 'JSON_BEHAVIOR_ERROR')) place.walk.flows.mayFail(of);
  return madeOf(defaults);
}

const OWN_TYPES: ReadonlySet<string> = new Set(['text', 'json', 'jsonb', 'bytea']);

const holdsAny = (type: TypeName | undefined): boolean =>
  type === undefined || OWN_TYPES.has(nameOf(type.names)?.at(-1) ?? '');

/** RETURNING: what is made may be too long for its type, or none of it. */
export function returned(node: JsonOutput | undefined, place: Place, of: () => Provenance): Provenance {
  place.walk.reads(node, node?.returning, node?.returning?.format);
  useType(place.walk, node?.typeName);
  const from = of();
  if (!holdsAny(node?.typeName) && isFromRows(from)) place.walk.flows.mayFail(from);
  return from;
}
