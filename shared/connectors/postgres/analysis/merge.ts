import type { MergeStmt, MergeWhenClause, Node } from 'libpg-query';
import { as } from '../grammar/nodes.ts';
import { combine } from '../lineage/scope.ts';
import type { Entry, Output, Scope } from '../lineage/scope.ts';
import { withCtes } from './ctes.ts';
import { assigned, incomplete, targetScope } from './dml.ts';
import { saysDefault } from './explicit-default.ts';
import { expression } from './expressions.ts';
import { fromClause } from './from.ts';
import type { Around } from './query.ts';
import { returning } from './returning.ts';
import type { Walk } from './walk.ts';
import { write } from './writes.ts';
import type { Write } from './writes.ts';

/** MERGE is what its branches do. `*` in RETURNING shows the source first. */
export function mergeRows(node: MergeStmt, around: Around): Output {
  const { walk } = around;
  walk.reads(node);
  const ctes = withCtes(node.withClause, around);
  const { relation } = node;
  if (relation === undefined || node.sourceRelation === undefined) return incomplete(walk, 'MERGE');
  const { scope, entry, item } = targetScope(relation, around, ctes);
  const source: Scope = { ...scope, item: { entries: [], columns: [] } };
  fromClause([node.sourceRelation], source, walk, undefined);
  scope.item = combine(source.item, item);
  const joined = walk.listen(() => expression(node.joinCondition, { walk, scope }));
  for (const clause of node.mergeWhenClauses ?? []) {
    const what = branch(clause, scope, walk, joined.entries, entry);
    if (what !== undefined) write(relation, walk, what);
  }
  return returning(node.returningClause, entry, scope, walk);
}

function branch(node: Node, scope: Scope, walk: Walk, joined: ReadonlySet<Entry>, target: Entry): Write | undefined {
  const clause: MergeWhenClause = as(node, 'MergeWhenClause') ?? {};
  walk.reads(clause);
  const place = { walk, scope };
  const condition = walk.listen(() => expression(clause.condition, place));
  const columns = assigned(clause.targetList ?? [], place);
  for (const value of clause.values ?? []) expression(value, place);
  const defaults = saysDefault(clause.targetList) || saysDefault(clause.values);
  const unbounded = !joined.has(target) && !condition.entries.has(target);
  switch (clause.commandType) {
    case 'CMD_UPDATE':
      return { event: 'update', columns, defaults, attributes: { unbounded } };
    case 'CMD_DELETE':
      return { event: 'delete', attributes: { unbounded } };
    case 'CMD_INSERT':
      return { event: 'insert', defaults, ...(clause.targetList === undefined ? {} : { columns }) };
    case 'CMD_NOTHING':
      return undefined;
    default:
      walk.unreadable('A branch of MERGE cannot be read.');
      return undefined;
  }
}
