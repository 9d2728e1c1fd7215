import type { OnConflictClause, RangeVar } from 'libpg-query';
import { as } from '../grammar/nodes.ts';
import { NOWHERE } from '../lineage/provenance.ts';
import { combine } from '../lineage/scope.ts';
import type { Entry, Scope } from '../lineage/scope.ts';
import { assigned } from './dml.ts';
import { columnsFrom, entryFrom } from './entries.ts';
import { expression } from './expressions.ts';
import type { Place } from './place.ts';
import { readWhole } from './unread.ts';
import type { Walk } from './walk.ts';
import { write } from './writes.ts';

/** ON CONFLICT: DO UPDATE is an update of its own; `excluded` is the row that was to be inserted. */
export function onConflict(clause: OnConflictClause, relation: RangeVar, entry: Entry, scope: Scope, walk: Walk): void {
  walk.reads(clause, clause.infer);
  const place: Place = { walk, scope };
  for (const node of clause.infer?.indexElems ?? []) {
    const element = as(node, 'IndexElem');
    walk.reads(element);
    for (const part of [...(element?.collation ?? []), ...(element?.opclass ?? [])]) readWhole(walk, part);
    expression(element?.expr, place);
  }
  expression(clause.infer?.whereClause, place);
  if (clause.action !== 'ONCONFLICT_UPDATE') return;
  const open = entry.open === undefined ? undefined : NOWHERE;
  const excluded = entryFrom({ alias: 'excluded', open, bases: [], single: true });
  excluded.columns.push(
    ...columnsFrom(
      entry.columns.map((column) => ({ name: column.name, from: NOWHERE })),
      excluded,
    ),
  );
  // Unqualified names mean the target: `excluded` is reached by its name only.
  const inside: Place = { walk, scope: { ...scope, item: combine(scope.item, { entries: [excluded], columns: [] }) } };
  const columns = assigned(clause.targetList ?? [], inside);
  expression(clause.whereClause, inside);
  write(relation, walk, { event: 'update', columns });
}
