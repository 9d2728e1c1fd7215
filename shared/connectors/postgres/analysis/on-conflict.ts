import type { InferClause, OnConflictClause, RangeVar } from 'libpg-query';
import { as } from '../grammar/nodes.ts';
import { NOWHERE } from '../lineage/provenance.ts';
import { combine } from '../lineage/scope.ts';
import type { Entry, Scope } from '../lineage/scope.ts';
import { assigned } from './dml.ts';
import { columnsFrom, entryFrom } from './entries.ts';
import { saysDefault } from './explicit-default.ts';
import { expression } from './expressions.ts';
import type { Place } from './place.ts';
import { readWhole } from './unread.ts';
import type { Walk } from './walk.ts';
import { write } from './writes.ts';

/** ON CONFLICT: DO UPDATE is an update of its own; `excluded` is the row that was to be inserted. */
export function onConflict(clause: OnConflictClause, relation: RangeVar, entry: Entry, scope: Scope, walk: Walk): void {
  walk.reads(clause);
  if (clause.infer !== undefined) infer(clause.infer, { walk, scope });
  if (clause.action !== 'ONCONFLICT_UPDATE') return;
  const open = entry.open === undefined ? undefined : NOWHERE;
  const excluded = entryFrom({ alias: 'excluded', open, bases: [], single: true });
  const columns = entry.columns.map((column) => ({ name: column.name, from: NOWHERE }));
  excluded.columns.push(...columnsFrom(columns, excluded));
  // Unqualified names mean the target: `excluded` is reached by its name only.
  const item = combine(scope.item, { entries: [excluded], columns: [] });
  const inside: Place = { walk, scope: { ...scope, item } };
  const set = assigned(clause.targetList ?? [], inside);
  expression(clause.whereClause, inside);
  write(relation, walk, { event: 'update', columns: set, defaults: saysDefault(clause.targetList) });
}

function infer(clause: InferClause, place: Place): void {
  place.walk.reads(clause);
  for (const node of clause.indexElems ?? []) {
    const element = as(node, 'IndexElem');
    place.walk.reads(element);
    for (const part of [...(element?.collation ?? []), ...(element?.opclass ?? [])]) readWhole(place.walk, part);
    expression(element?.expr, place);
  }
  expression(clause.whereClause, place);
}
