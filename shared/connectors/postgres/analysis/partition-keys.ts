import type { RelationFacts } from '../catalogue/model.ts';
import { canonical } from '../catalogue/index.ts';
import { NOWHERE, fromColumns, madeOf } from '../lineage/provenance.ts';
import type { Provenance } from '../lineage/provenance.ts';
import type { Entry } from '../lineage/scope.ts';
import { ancestors, byCanonical, partsOf } from './relation-facts.ts';
import type { Walk } from './walk.ts';

/**
 * The columns that decide which partition a row lies in. Reading one partition is a condition on them, and `tableoid`,
 * which every table has, says of each row what they hold.
 */
function keysOf(facts: RelationFacts, walk: Walk): Provenance {
  const { catalogue } = walk;
  const keys = facts.partitionBy ?? [];
  if (catalogue === undefined || keys.length === 0) return NOWHERE;
  const names = keys.includes('*') ? facts.columns.map(({ name }) => name) : keys;
  return madeOf([fromColumns(...names.map((name) => catalogue.column(canonical(facts), name)))]);
}

/** `FROM orders_large` of a table that is partitioned by its amounts. */
export function readsPartition(facts: RelationFacts, walk: Walk, location: number | undefined): void {
  if (!facts.partition) return;
  for (const parent of ancestors(facts, walk.catalogue))
    walk.flows.infer('predicate', keysOf(parent, walk), false, walk.span(location));
}

/** What `tableoid` tells of the rows of these entries. */
export function tableOf(entries: readonly Entry[], walk: Walk): Provenance {
  const relations = entries.flatMap(({ rowOf }) =>
    rowOf === undefined ? [] : (byCanonical(rowOf, walk.catalogue) ?? []),
  );
  return madeOf(relations.map((facts) => placesOf(facts, walk)));
}

/** The keys of a relation, of what it is part of, and of its parts. */
export function placesOf(facts: RelationFacts, walk: Walk): Provenance {
  const related = [facts, ...ancestors(facts, walk.catalogue), ...partsOf(facts, walk.catalogue)];
  return madeOf(related.map((one) => keysOf(one, walk)));
}
