import type { Node, RangeVar } from 'libpg-query';
import { as } from '../grammar/nodes.ts';
import { hiddenCode } from './hidden-code.ts';
import { partsOf } from './relation-facts.ts';
import { anyRow, storedExpression } from './types.ts';
import { boundView } from './views.ts';
import type { Walk } from './walk.ts';

/**
 * What reads a relation's rows to build, check or measure something (ALTER TABLE, CREATE INDEX, REINDEX, CLUSTER, VACUUM,
 * ANALYZE) computes the expressions that are stored with it.
 */
export function maintained(relation: RangeVar | undefined, walk: Walk): void {
  const facts = walk.catalogue?.relation(relation?.schemaname, relation?.relname ?? '');
  if (facts === undefined) return;
  const at = walk.span(relation?.location);
  hiddenCode(facts, walk, at);
  const all = [facts, ...partsOf(facts, walk.catalogue)];
  if (!walk.step(all.length << 3)) return;
  const texts = all.flatMap((one) => [
    ...one.checks,
    ...(one.statistics ?? []),
    ...one.columns.flatMap((column) => (column.generated === true ? (column.value ?? []) : [])),
  ]);
  for (const text of new Set(texts))
    storedExpression(walk, text, { via: `maintenance of ${facts.name}`, at }, anyRow());
}

export function maintainedAll(nodes: readonly (Node | undefined)[], walk: Walk): void {
  for (const node of nodes) maintained(as(node, 'RangeVar'), walk);
}

/** REFRESH MATERIALIZED VIEW runs the query again. */
export function refreshed(relation: RangeVar | undefined, walk: Walk): void {
  const facts = walk.catalogue?.relation(relation?.schemaname, relation?.relname ?? '');
  if (facts?.kind !== 'm') return;
  const bound = boundView(facts, walk);
  if (bound === undefined) walk.unreadable(`The definition of ${facts.name} cannot be followed.`);
  else walk.absorb(bound.walk, walk.span(relation?.location));
  maintained(relation, walk);
}
