import type { Node } from 'libpg-query';
import { as } from '../grammar/nodes.ts';
import type { Scope } from '../lineage/scope.ts';
import { readWhole } from './unread.ts';
import type { Walk } from './walk.ts';

/** FOR UPDATE, FOR SHARE, …: the rows of the named entries are locked, or of all, through subqueries and views. */
export function locks(clauses: readonly Node[], scope: Scope, walk: Walk): void {
  for (const node of clauses) {
    const clause = as(node, 'LockingClause');
    readWhole(walk, clause);
    const names = (clause?.lockedRels ?? []).map((relation) => as(relation, 'RangeVar'));
    const entries = scope.item.entries.filter(
      (entry) => names.length === 0 || names.some((name) => name?.relname === entry.alias),
    );
    const bases = entries.flatMap((entry) => entry.bases);
    const at = walk.span(names[0]?.location);
    for (const base of bases.length === 0 ? ['unknown'] : bases)
      walk.add({ action: 'sql:lock', kind: 'relation', name: base, at, attributes: { locks: true } });
  }
}
