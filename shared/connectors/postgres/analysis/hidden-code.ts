import type { Span } from '../../../domain/effect.ts';
import { canonical } from '../catalogue/index.ts';
import type { PostgresCatalogue } from '../catalogue/index.ts';
import type { RelationFacts } from '../catalogue/model.ts';
import { foldedCode } from './folded-code.ts';
import { partsOf } from './relation-facts.ts';
import type { Walk } from './walk.ts';

/** Once a catalogue and relation, with its parts. `undefined`: there is none, as is usual, or it is being worked out. */
const known = new WeakMap<PostgresCatalogue, Map<string, Walk | undefined>>();

/**
 * What any use of a relation runs that no statement shows: comparisons of its indexes and partitions, foreign data, and
 * what the planner computes beforehand.
 */
export function hiddenCode(facts: RelationFacts, walk: Walk, at: Span | undefined): void {
  if (facts.kind === 'f') walk.add({ action: 'sql:foreign', kind: 'relation', name: canonical(facts), at });
  const inner = hidden(facts, walk);
  if (inner !== undefined) walk.absorb(inner, at);
}

function hidden(facts: RelationFacts, walk: Walk): Walk | undefined {
  const { catalogue } = walk;
  if (catalogue === undefined) return undefined;
  const name = canonical(facts);
  const ofCatalogue = known.get(catalogue) ?? new Map<string, Walk | undefined>();
  known.set(catalogue, ofCatalogue);
  if (ofCatalogue.has(name)) return ofCatalogue.get(name);
  // Until it is known there is nothing: a body may read the relation whose index calls it.
  ofCatalogue.set(name, undefined);
  const inner = walk.inner(name);
  for (const relation of [facts, ...partsOf(facts, catalogue)]) ofOne(relation, facts, inner);
  const found = inner.isEmpty ? undefined : inner;
  ofCatalogue.set(name, found);
  return found;
}

function ofOne(relation: RelationFacts, facts: RelationFacts, inner: Walk): void {
  const via = `operator class in ${canonical(relation)}`;
  for (const name of relation.supports) inner.add({ action: 'sql:call', kind: 'function', name, attributes: { via } });
  if (relation.kind === 'f' && relation !== facts)
    inner.add({ action: 'sql:foreign', kind: 'relation', name: canonical(relation) });
  foldedCode(relation, inner);
}
