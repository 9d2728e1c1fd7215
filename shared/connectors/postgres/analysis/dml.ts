import type { DeleteStmt, InsertStmt, Node, RangeVar, UpdateStmt } from 'libpg-query';
import { as } from '../grammar/nodes.ts';
import { NOWHERE, anyOf } from '../lineage/provenance.ts';
import type { Provenance } from '../lineage/provenance.ts';
import type { CteFrame, Entry, FromItem, Output, Scope } from '../lineage/scope.ts';
import { NO_ITEM, NO_OUTPUT } from '../lineage/scope.ts';
import { isAlwaysTrue } from './bounds.ts';
import { withCtes } from './ctes.ts';
import { saysDefault } from './explicit-default.ts';
import { expression } from './expressions.ts';
import { fromClause } from './from.ts';
import { afterWrite, assigns, byPosition } from './infer/moves.ts';
import type { Assigned } from './infer/moves.ts';
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
  const listed = assigned(node.cols ?? [], { walk, scope: { item: NO_ITEM, parent: undefined, ctes } });
  const columns = node.cols === undefined ? {} : { columns: new Set(listed.keys()) };
  const defaults = saysDefault(as(node.selectStmt, 'SelectStmt')?.valuesLists);
  write(node.relation, walk, { event: 'insert', defaults, ...columns });
  const rows = node.selectStmt === undefined ? NO_OUTPUT : query(node.selectStmt, walk, around.outer, ctes);
  const target = targetScope(node.relation, around, ctes);
  const names = node.cols === undefined ? target.entry.columns.map(({ name }) => name) : [...listed.keys()];
  const values = node.selectStmt === undefined ? new Map<string, Provenance>() : byPosition(names, rows);
  const at = walk.span(node.relation.location);
  assigns(target.entry, values, walk, at);
  const { onConflictClause: clause } = node;
  const set =
    clause === undefined
      ? values
      : onConflict(clause, { relation: node.relation, entry: target.entry, scope: target.scope, values, walk });
  const { entry, scope } = afterWrite(target.scope, target.entry, set);
  return returning(node.returningClause, entry, scope, walk);
}

export function updateRows(node: UpdateStmt, around: Around): Output {
  const { walk } = around;
  walk.reads(node);
  const ctes = withCtes(node.withClause, around);
  if (node.relation === undefined) return incomplete(walk, 'UPDATE');
  const target = targetScope(node.relation, around, ctes);
  const from = fromClause(node.fromClause ?? [], target.scope, walk, node.whereClause);
  const values = assigned(node.targetList ?? [], { walk, scope: target.scope });
  const columns = new Set(values.keys());
  const unbounded = !from.filtered.has(target.entry) || isAlwaysTrue(node.whereClause);
  const defaults = saysDefault(node.targetList);
  const only = node.relation.inh !== true;
  write(node.relation, walk, { event: 'update', columns, defaults, attributes: { unbounded }, only });
  assigns(target.entry, values, walk, walk.span(node.relation.location));
  const { entry, scope } = afterWrite(target.scope, target.entry, values);
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

/** The columns that a column list or SET names, each with where its value comes from. */
export function assigned(targets: readonly Node[], place: Place): Assigned {
  const columns = new Map<string, Provenance>();
  for (const node of targets) {
    const target = as(node, 'ResTarget');
    place.walk.reads(target);
    const parts = [...(target?.indirection ?? []), target?.val].map((part) => expression(part, place));
    // A part of a value: `SET tags[1] = …`, once a part.
    if (target?.name !== undefined) columns.set(target.name, anyOf([columns.get(target.name) ?? NOWHERE, ...parts]));
  }
  return columns;
}

export function incomplete(walk: Walk, what: string): Output {
  walk.unreadable(`${what} names no relation.`);
  return NO_OUTPUT;
}
