import type { DeleteStmt, InsertStmt, Node, RangeVar, UpdateStmt } from 'libpg-query';
import { as } from '../grammar/nodes.ts';
import type { CteFrame, Entry, FromItem, Output, Scope } from '../lineage/scope.ts';
import { NO_ITEM, NO_OUTPUT } from '../lineage/scope.ts';
import { isAlwaysTrue } from './bounds.ts';
import { withCtes } from './ctes.ts';
import { saysDefault } from './explicit-default.ts';
import { expression } from './expressions.ts';
import { fromClause } from './from.ts';
import { onConflict } from './on-conflict.ts';
import type { Place } from './place.ts';
import { query } from './query.ts';
import type { Around } from './query.ts';
import { readEntry } from './relations.ts';
import { returning } from './returning.ts';
import type { Walk } from './walk.ts';
import { write } from './writes.ts';

export { mergeRows } from './merge.ts';

/** The relation that is written, as the first entry that names can mean. */
export function targetScope(
  relation: RangeVar,
  around: Around,
  ctes: CteFrame | undefined,
): { scope: Scope; entry: Entry; item: FromItem } {
  const entry = readEntry(relation, around.walk, true);
  const item: FromItem = { entries: [entry], columns: entry.columns };
  return { scope: { item, parent: around.outer, ctes }, entry, item };
}

export function insertRows(node: InsertStmt, around: Around): Output {
  const { walk } = around;
  walk.reads(node);
  const ctes = withCtes(node.withClause, around);
  if (node.relation === undefined) return incomplete(walk, 'INSERT');
  const columns = assigned(node.cols ?? [], { walk, scope: { item: NO_ITEM, parent: undefined, ctes } });
  const defaults = saysDefault(as(node.selectStmt, 'SelectStmt')?.valuesLists);
  write(node.relation, walk, { event: 'insert', defaults, ...(node.cols === undefined ? {} : { columns }) });
  if (node.selectStmt !== undefined) query(node.selectStmt, walk, around.outer, ctes);
  const { scope, entry } = targetScope(node.relation, around, ctes);
  if (node.onConflictClause !== undefined) onConflict(node.onConflictClause, node.relation, entry, scope, walk);
  return returning(node.returningClause, entry, scope, walk);
}

export function updateRows(node: UpdateStmt, around: Around): Output {
  const { walk } = around;
  walk.reads(node);
  const ctes = withCtes(node.withClause, around);
  if (node.relation === undefined) return incomplete(walk, 'UPDATE');
  const { scope, entry } = targetScope(node.relation, around, ctes);
  const from = fromClause(node.fromClause ?? [], scope, walk, node.whereClause);
  const columns = assigned(node.targetList ?? [], { walk, scope });
  const unbounded = !from.filtered.has(entry) || isAlwaysTrue(node.whereClause);
  const defaults = saysDefault(node.targetList);
  const only = node.relation.inh !== true;
  write(node.relation, walk, { event: 'update', columns, defaults, attributes: { unbounded }, only });
  return returning(node.returningClause, entry, scope, walk);
}

export function deleteRows(node: DeleteStmt, around: Around): Output {
  const { walk } = around;
  walk.reads(node);
  const ctes = withCtes(node.withClause, around);
  if (node.relation === undefined) return incomplete(walk, 'DELETE');
  const { scope, entry } = targetScope(node.relation, around, ctes);
  const from = fromClause(node.usingClause ?? [], scope, walk, node.whereClause);
  const unbounded = !from.filtered.has(entry) || isAlwaysTrue(node.whereClause);
  write(node.relation, walk, { event: 'delete', attributes: { unbounded }, only: node.relation.inh !== true });
  return returning(node.returningClause, entry, scope, walk);
}

/** The columns that a column list or SET names; the values are read on the way. */
export function assigned(targets: readonly Node[], place: Place): Set<string> {
  const columns = new Set<string>();
  for (const node of targets) {
    const target = as(node, 'ResTarget');
    place.walk.reads(target);
    if (target?.name !== undefined) columns.add(target.name);
    for (const part of [...(target?.indirection ?? []), target?.val]) expression(part, place);
  }
  return columns;
}

export function incomplete(walk: Walk, what: string): Output {
  walk.unreadable(`${what} names no relation.`);
  return NO_OUTPUT;
}
