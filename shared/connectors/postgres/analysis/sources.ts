import type { PostgresCatalogue } from '../catalogue/index.ts';
import { canonical } from '../catalogue/index.ts';
import type { RelationFacts } from '../catalogue/model.ts';
import { fromColumns } from '../lineage/provenance.ts';
import type { Provenance } from '../lineage/provenance.ts';
import { ancestors, byCanonical, partsOf } from './relation-facts.ts';

/** Found once a catalogue: a table may have a thousand partitions. */
const found = new WeakMap<PostgresCatalogue, Map<string, readonly Provenance[]>>();

/**
 * What each column of a relation is known as: its own name, that of its parents, whose class is meant for it too, of what
 * its foreign keys refer to, for it holds the same values, and, unless ONLY the relation itself is read, those of the parts
 * that its rows lie in.
 */
export function sourcesOf(facts: RelationFacts, catalogue: PostgresCatalogue, parts: boolean): readonly Provenance[] {
  const known = found.get(catalogue) ?? new Map<string, readonly Provenance[]>();
  found.set(catalogue, known);
  const key = `${canonical(facts)}\0${String(parts)}`;
  const sources = known.get(key) ?? everySource(facts, catalogue, parts);
  known.set(key, sources);
  return sources;
}

function everySource(facts: RelationFacts, catalogue: PostgresCatalogue, parts: boolean): readonly Provenance[] {
  const related = [facts, ...ancestors(facts, catalogue), ...(parts ? partsOf(facts, catalogue) : [])];
  const having = (name: string): RelationFacts[] =>
    related.filter((relation) => relation === facts || relation.columns.some((column) => column.name === name));
  return facts.columns.map(({ name }) =>
    fromColumns(
      ...having(name).map((relation) => catalogue.column(canonical(relation), name)),
      ...referredTo(facts, name, catalogue).map(({ relation, key }) => catalogue.column(relation, key)),
    ),
  );
}

type Reference = RelationFacts['references'][number];

/** Keys may refer to keys that refer on. */
function referredTo(facts: RelationFacts, column: string, catalogue: PostgresCatalogue): readonly Reference[] {
  const found = new Map<string, Reference>();
  const pending = facts.references.filter((one) => one.column === column);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { relation, key } = next;
    if (found.has(`${relation}.${key}`)) continue;
    found.set(`${relation}.${key}`, next);
    const further = byCanonical(relation, catalogue)?.references ?? [];
    pending.push(...further.filter((one) => one.column === key));
  }
  return [...found.values()];
}
