import type { ReturningClause } from 'libpg-query';
import { as } from '../grammar/nodes.ts';
import { NO_OUTPUT } from '../lineage/scope.ts';
import type { Entry, Output, Scope } from '../lineage/scope.ts';
import { targets } from './targets.ts';
import type { Walk } from './walk.ts';

/** RETURNING, with the old and new row under `old` and `new` or the names that WITH gives them (PostgreSQL 18, 6.4). */
export function returning(clause: ReturningClause | undefined, target: Entry, scope: Scope, walk: Walk): Output {
  if (clause === undefined) return NO_OUTPUT;
  walk.reads(clause);
  const given = (clause.options ?? []).flatMap((node) => {
    const option = as(node, 'ReturningOption');
    walk.reads(option);
    return option?.value ?? [];
  });
  const taken = new Set(scope.item.entries.map((entry) => entry.alias));
  const rows = ['old', 'new', ...given]
    .filter((name) => !taken.has(name))
    .map((alias): Entry => ({ ...target, alias, schema: undefined }));
  const inside: Scope = { ...scope, item: { ...scope.item, entries: [...scope.item.entries, ...rows] } };
  const output = targets(clause.exprs ?? [], { walk, scope: inside });
  return { ...output, bases: [], single: false };
}
