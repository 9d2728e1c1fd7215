import { canonical } from '../catalogue/index.ts';
import type { PostgresCatalogue } from '../catalogue/index.ts';
import type { RelationFacts } from '../catalogue/model.ts';
import type { Output } from '../lineage/scope.ts';
import { query } from './query.ts';
import { refuseUnread } from './unread.ts';
import type { Walk } from './walk.ts';

interface BoundView {
  readonly walk: Walk;
  readonly output: Output;
}

/** A view is followed once a catalogue; `undefined` while that happens, so that one defined over itself ends. */
const followed = new WeakMap<PostgresCatalogue, Map<string, BoundView | undefined>>();

/** The definition of a view, walked as a statement of its own. */
export function boundView(facts: RelationFacts, walk: Walk): BoundView | undefined {
  const { catalogue } = walk;
  if (catalogue === undefined) return undefined;
  const known = followed.get(catalogue) ?? new Map<string, BoundView | undefined>();
  followed.set(catalogue, known);
  const name = canonical(facts);
  if (known.has(name)) return known.get(name);
  known.set(name, undefined);
  const definition = facts.definition === undefined ? undefined : catalogue.parsed(facts.definition);
  if (definition === undefined) return undefined;
  const inner = walk.inner(name);
  const output = query(definition, inner, undefined, undefined);
  refuseUnread(inner, definition);
  const bound = { walk: inner, output };
  known.set(name, bound);
  return bound;
}
