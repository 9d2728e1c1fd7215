import type { Span } from '../../../../domain/effect.ts';
import type { SourceColumn } from '../../../../domain/lineage.ts';
import { anyOf, fromColumns, unknownFrom } from '../../lineage/provenance.ts';
import type { Provenance } from '../../lineage/provenance.ts';
import type { Column, Entry, Output, Scope } from '../../lineage/scope.ts';
import { byCanonical } from '../relation-facts.ts';
import type { Walk } from '../walk.ts';

/** The columns of a written relation that get a value, and where each value comes from. */
export type Assigned = ReadonlyMap<string, Provenance>;

/** What `INSERT INTO t (a, b) SELECT …` puts where: by position, and from anywhere where columns cannot be counted. */
export function byPosition(names: readonly string[], { columns, open }: Output): Assigned {
  return new Map(names.map((name, index) => [name, open ?? columns[index]?.from ?? fromColumns()]));
}

/** Several writes of one statement, as the branches of MERGE are. */
export function together(all: readonly Assigned[]): Assigned {
  const names = new Set(all.flatMap((one) => [...one.keys()]));
  return new Map([...names].map((name) => [name, anyOf(all.flatMap((one) => one.get(name) ?? []))]));
}

/** A write moves values to other columns, and by what keys refuse it tells what is there already. */
export function assigns(entry: Entry, values: Assigned, walk: Walk, at: Span | undefined): void {
  for (const [name, from] of values) {
    const column = entry.columns.find((candidate) => candidate.name === name);
    const into = [...(column?.from.sources ?? [])];
    walk.flows.move({ from, into, place: `${entry.rowOf ?? entry.alias ?? 'unknown'}.${name}`, at });
    for (const source of into) keysTell(source, walk, at);
  }
}

function keysTell(source: SourceColumn, walk: Walk, at: Span | undefined): void {
  const facts = byCanonical(source.relation, walk.catalogue);
  if (facts?.unique.includes(source.column) === true) walk.flows.infer('constraint', fromColumns(source), false, at);
  for (const { column, relation, key } of facts?.references ?? [])
    if (column === source.column && walk.catalogue !== undefined)
      walk.flows.infer('constraint', fromColumns(walk.catalogue.column(relation, key)), false, at);
}

/** A new relation made of a query's output: its columns are known by the names they get there. */
export function makes(name: string, { columns, open }: Output, walk: Walk, at: Span | undefined): void {
  for (const column of columns) {
    const own = walk.catalogue?.column(name, column.name);
    walk.flows.move({ from: column.from, into: own === undefined ? [] : [own], place: `${name}.${column.name}`, at });
  }
  if (open !== undefined) walk.flows.move({ from: open, into: [], place: name, at });
}

/** All of it leaves the database: no column of it will be masked there. */
export function leaves(from: Provenance, place: string, walk: Walk, at: Span | undefined): void {
  walk.flows.move({ from, into: [], place, at });
}

/** After a write a column holds what it held or what was put there: RETURNING shows either. */
export function afterWrite(
  scope: Scope,
  entry: Entry,
  values: Assigned,
): { readonly scope: Scope; readonly entry: Entry } {
  const replaced = new Map<Column, Column>();
  for (const column of entry.columns) {
    const put = values.get(column.name);
    if (put !== undefined) replaced.set(column, { ...column, from: anyOf([column.from, put]) });
  }
  const now = (column: Column): Column => replaced.get(column) ?? column;
  const after: Entry = { ...entry, columns: entry.columns.map(now) };
  const entries = scope.item.entries.map((one) => (one === entry ? after : one));
  return { entry: after, scope: { ...scope, item: { entries, columns: scope.item.columns.map(now) } } };
}

export const NOT_COUNTED = unknownFrom('its columns cannot be counted');
