import type { Node } from 'libpg-query';
import { as, tagOf } from '../grammar/nodes.ts';
import { NO_OUTPUT } from '../lineage/scope.ts';
import type { CteFrame, Output, Scope } from '../lineage/scope.ts';
import { deleteRows, insertRows, mergeRows, updateRows } from './dml.ts';
import { select } from './select.ts';
import type { Walk } from './walk.ts';

/** What a query can see from around it. */
export interface Around {
  readonly walk: Walk;
  readonly outer: Scope | undefined;
  readonly ctes: CteFrame | undefined;
}

/** A query that may stand inside a statement: SELECT, VALUES, TABLE, and in a WITH also what changes rows. */
export function query(
  node: Node | undefined,
  walk: Walk,
  outer: Scope | undefined,
  ctes: CteFrame | undefined,
): Output {
  const around: Around = { walk, outer, ctes };
  const selected = as(node, 'SelectStmt');
  if (selected !== undefined) return select(selected, around);
  const inserted = as(node, 'InsertStmt');
  if (inserted !== undefined) return insertRows(inserted, around);
  const updated = as(node, 'UpdateStmt');
  if (updated !== undefined) return updateRows(updated, around);
  const deleted = as(node, 'DeleteStmt');
  if (deleted !== undefined) return deleteRows(deleted, around);
  const mergedRows = as(node, 'MergeStmt');
  if (mergedRows !== undefined) return mergeRows(mergedRows, around);
  walk.unreadable(`No rule reads ${node === undefined ? 'an absent query' : (tagOf(node) ?? 'this')} as a query.`);
  return NO_OUTPUT;
}
