import type { MergeStmt, MergeWhenClause, Node } from 'libpg-query';
import { as } from '../grammar/nodes.ts';
import { NO_OUTPUT, combine } from '../lineage/scope.ts';
import type { Entry, Output, Scope } from '../lineage/scope.ts';
import { withCtes } from './ctes.ts';
import { assigned, incomplete, targetScope } from './dml.ts';
import { saysDefault } from './explicit-default.ts';
import { expression } from './expressions.ts';
import { fromClause } from './from.ts';
import { condition } from './infer/conditions.ts';
import { afterWrite, assigns, byPosition, together } from './infer/moves.ts';
import type { Assigned } from './infer/moves.ts';
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
  const joined = walk.listen(() => condition(node.joinCondition, 'join', { walk, scope }));
  const written: Assigned[] = [];
  for (const clause of node.mergeWhenClauses ?? []) {
    const done = branch(clause, scope, walk, joined.entries, entry);
    written.push(done.values);
    if (done.what !== undefined) write(relation, walk, done.what);
    assigns(entry, done.values, walk, walk.span(relation.location));
  }
  const after = afterWrite(scope, entry, together(written));
  return returning(node.returningClause, after.entry, after.scope, walk);
}

interface Branch {
  readonly what?: Write;
  readonly values: Assigned;
}

function branch(node: Node, scope: Scope, walk: Walk, joined: ReadonlySet<Entry>, target: Entry): Branch {
  const clause: MergeWhenClause = as(node, 'MergeWhenClause') ?? {};
  walk.reads(clause);
  const place = { walk, scope };
  const tested = walk.listen(() => condition(clause.condition, 'predicate', place));
  const set = assigned(clause.targetList ?? [], place);
  const given = (clause.values ?? []).map((value) => ({ name: '', from: expression(value, place) }));
  const columns = new Set(set.keys());
  const defaults = saysDefault(clause.targetList) || saysDefault(clause.values);
  const unbounded = !joined.has(target) && !tested.entries.has(target);
  switch (clause.commandType) {
    case 'CMD_UPDATE':
      return { what: { event: 'update', columns, defaults, attributes: { unbounded } }, values: set };
    case 'CMD_DELETE':
      return { what: { event: 'delete', attributes: { unbounded } }, values: set };
    case 'CMD_INSERT': {
      const names = clause.targetList === undefined ? target.columns.map(({ name }) => name) : [...columns];
      const values = byPosition(names, { ...NO_OUTPUT, columns: given });
      return { what: { event: 'insert', defaults, ...(clause.targetList === undefined ? {} : { columns }) }, values };
    }
    case 'CMD_NOTHING':
      return { values: set };
    default:
      walk.unreadable('A branch of MERGE cannot be read.');
      return { values: set };
  }
}
