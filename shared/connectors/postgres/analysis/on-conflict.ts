import type { InferClause, OnConflictClause, RangeVar } from 'libpg-query';
import { as } from '../grammar/nodes.ts';
import { NOWHERE } from '../lineage/provenance.ts';
import { combine } from '../lineage/scope.ts';
import type { Entry, Scope } from '../lineage/scope.ts';
import { assigned } from './dml.ts';
import { columnsFrom, entryFrom } from './entries.ts';
import { saysDefault } from './explicit-default.ts';
import { expression } from './expressions.ts';
import { condition } from './infer/conditions.ts';
import { NOT_COUNTED, assigns, together } from './infer/moves.ts';
import type { Assigned } from './infer/moves.ts';
import type { Place } from './place.ts';
import { readWhole } from './unread.ts';
import type { Walk } from './walk.ts';
import { write } from './writes.ts';

/** An INSERT that may meet rows: its target, and the values that it brings. */
interface Conflicting {
  readonly relation: RangeVar;
  readonly entry: Entry;
  readonly scope: Scope;
  readonly values: Assigned;
  readonly walk: Walk;
}

/**
 * ON CONFLICT: DO UPDATE is an update of its own; `excluded` is the row that was to be inserted. Gives back all that the
 * columns may hold afterwards.
 */
export function onConflict(clause: OnConflictClause, into: Conflicting): Assigned {
  const { relation, entry, scope, values, walk } = into;
  walk.reads(clause);
  if (clause.infer !== undefined) infer(clause.infer, { walk, scope });
  if (clause.action !== 'ONCONFLICT_UPDATE') return values;
  const open = entry.open === undefined ? undefined : NOT_COUNTED;
  const excluded = entryFrom({ alias: 'excluded', open, bases: [], single: true });
  const columns = entry.columns.map(({ name }) => ({ name, from: values.get(name) ?? NOWHERE }));
  excluded.columns.push(...columnsFrom(columns, excluded));
  // Unqualified names mean the target: `excluded` is reached by its name only.
  const item = combine(scope.item, { entries: [excluded], columns: [] });
  const inside: Place = { walk, scope: { ...scope, item } };
  const set = assigned(clause.targetList ?? [], inside);
  condition(clause.whereClause, 'predicate', inside);
  write(relation, walk, { event: 'update', columns: new Set(set.keys()), defaults: saysDefault(clause.targetList) });
  assigns(entry, set, walk, walk.span(relation.location));
  return together([values, set]);
}

function infer(clause: InferClause, place: Place): void {
  place.walk.reads(clause);
  const { walk } = place;
  for (const node of clause.indexElems ?? []) {
    const element = as(node, 'IndexElem');
    place.walk.reads(element);
    for (const part of [...(element?.collation ?? []), ...(element?.opclass ?? [])]) readWhole(place.walk, part);
    for (const part of element?.name === undefined ? [] : [element.name]) byKey(part, place);
    walk.flows.infer('constraint', expression(element?.expr, place));
  }
  expression(clause.whereClause, place);
}

/** Whether there is a row with these keys already shows in how many are inserted. */
function byKey(name: string, { walk, scope }: Place): void {
  for (const column of scope.item.columns) if (column.name === name) walk.flows.infer('constraint', column.from);
}
