import { canonical } from '../catalogue/index.ts';
import type { RelationFacts, WriteEvent } from '../catalogue/model.ts';
import { as } from '../grammar/nodes.ts';
import { expression } from './expressions.ts';
import { newAndOldRow } from './types.ts';
import type { Walk } from './walk.ts';
import type { Write } from './writes.ts';

/**
 * Triggers of a written relation and of the tables below that hold its rows, by function. A condition (WHEN) runs
 * whether or not the trigger then fires. Under EXPLAIN none do.
 */
export function triggers(facts: RelationFacts, parts: readonly RelationFacts[], what: Write, walk: Walk): void {
  if (walk.planning) return;
  const moved = moves([facts, ...parts], what);
  const met = new Set<string>();
  for (const relation of [facts, ...parts]) {
    const events: readonly WriteEvent[] = moved && relation !== facts ? ['insert', 'update', 'delete'] : [what.event];
    for (const trigger of relation.triggers) {
      // Triggers of a partitioned table are there once more on each partition.
      const once = `${trigger.name} ${trigger.function}`;
      if (met.has(once) || !trigger.events.some((event) => events.includes(event))) continue;
      met.add(once);
      fires(relation, trigger, what, walk);
    }
  }
}

/** An UPDATE that may bring a row into another partition deletes it here and inserts it there (PostgreSQL 18, CREATE TABLE). */
function moves(relations: readonly RelationFacts[], { event, columns }: Write): boolean {
  if (event !== 'update') return false;
  const keys = relations.flatMap((relation) => relation.partitionBy ?? []);
  return keys.some((key) => key === '*' || columns === undefined || columns.has(key));
}

function fires(relation: RelationFacts, trigger: RelationFacts['triggers'][number], what: Write, walk: Walk): void {
  const via = `${canonical(relation)}.${trigger.name}`;
  const inner = walk.inner(via);
  inner.add({ action: 'sql:trigger', kind: 'function', name: trigger.function });
  if (trigger.definition !== undefined) condition(trigger.definition, inner);
  walk.absorb(inner, what.at);
}

function condition(definition: string, inner: Walk): void {
  const when = as(inner.catalogue?.parsed(definition), 'CreateTrigStmt')?.whenClause;
  if (when === undefined) inner.unreadable('The condition of a trigger cannot be read.');
  else expression(when, { walk: inner, scope: newAndOldRow() });
}
