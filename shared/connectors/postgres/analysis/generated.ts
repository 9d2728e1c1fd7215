import { canonical, expressionsOf } from '../catalogue/index.ts';
import type { RelationFacts } from '../catalogue/model.ts';
import { asSelect } from '../catalogue/texts.ts';
import { anyOf, madeOf, unknownFrom } from '../lineage/provenance.ts';
import type { Provenance } from '../lineage/provenance.ts';
import { NO_ITEM } from '../lineage/scope.ts';
import type { Column, Scope } from '../lineage/scope.ts';
import { expression } from './expressions.ts';
import type { Walk } from './walk.ts';

/**
 * A generated column (PostgreSQL 18, 5.4) comes from the columns that it is made of as well: `lower(email)` is as
 * classified as `email`, whatever it is called. One refers to no other generated one, so one round is enough.
 */
export function withGenerated(facts: RelationFacts, columns: readonly Column[], walk: Walk): Column[] {
  if (!facts.columns.some((column) => column.generated === true)) return [...columns];
  const scope: Scope = { item: { ...NO_ITEM, columns: columns.map(silent) }, parent: undefined, ctes: undefined };
  return columns.map((column, index) => {
    const { generated, value } = facts.columns[index] ?? {};
    if (generated !== true || value === undefined) return column;
    return { ...column, from: anyOf([column.from, madeFrom(value, scope, facts, walk)]) };
  });
}

/** What it is made of is no read of this statement: the value is there already, or is made by the table's owner's word. */
const silent = (column: Column): Column => ({ ...column, touches: [] });

function madeFrom(value: string, scope: Scope, facts: RelationFacts, walk: Walk): Provenance {
  const nodes = expressionsOf(walk.catalogue?.parsed(asSelect(value)));
  const inner = walk.within(canonical(facts), value);
  if (nodes.length === 0 || inner === undefined) return unknownFrom('how it is generated cannot be read');
  return madeOf(nodes.map((node) => expression(node, { walk: inner, scope })));
}
