import type { A_Indirection, ColumnRef, Node } from 'libpg-query';
import { builtinColumns } from '../catalogue/builtins.ts';
import { as, nameOf } from '../grammar/nodes.ts';
import { outputName } from '../lineage/names.ts';
import { anyOf, unknownFrom } from '../lineage/provenance.ts';
import type { Provenance } from '../lineage/provenance.ts';
import type { Column, Entry, OutputColumn } from '../lineage/scope.ts';
import { entryOf, rowNamed } from './expression-rules.ts';
import { expression } from './expressions.ts';
import { shapeOf } from './infer/shapes.ts';
import type { Place } from './place.ts';
import { readAll, readColumn } from './read-column.ts';

export interface Targets {
  readonly columns: readonly OutputColumn[];
  readonly open?: Provenance;
}

/** MaxTupleAttributeNumber of PostgreSQL: it refuses a longer list itself, so reading on would be work for nothing. */
const MOST_OUTPUTS = 1_664;

/** A target list or RETURNING list: stars expanded, names as PostgreSQL gives them. */
export function targets(nodes: readonly Node[], place: Place): Targets {
  const columns: OutputColumn[] = [];
  const opens: Provenance[] = [];
  for (const node of nodes) {
    const one = target(node, place);
    columns.push(...one.columns);
    if (one.open !== undefined) opens.push(one.open);
    if (columns.length > MOST_OUTPUTS) {
      place.walk.unreadable('A list has more than 1,664 columns, which PostgreSQL refuses. Name the columns you need.');
      return { columns: [], open: unknownFrom('it has more columns than PostgreSQL takes') };
    }
  }
  return opens.length === 0 ? { columns } : { columns, open: anyOf(opens) };
}

function target(node: Node, place: Place): Targets {
  const { walk } = place;
  const item = as(node, 'ResTarget');
  if (item === undefined) {
    walk.unreadable('An item of the select list cannot be read.');
    return { columns: [], open: unknownFrom('its select list cannot be read') };
  }
  walk.reads(item);
  const star = starOf(item.val, place);
  if (star !== undefined) return star;
  for (const part of item.indirection ?? []) expression(part, place);
  const from = expression(item.val, place);
  return { columns: [{ name: item.name ?? outputName(item.val), from, shape: shapeOf(item.val, place) }] };
}

/** `*`, `alias.*`, `(alias).*`, `(function(…)).*`; undefined for everything else. */
function starOf(node: Node | undefined, place: Place): Targets | undefined {
  const reference = as(node, 'ColumnRef');
  if (reference !== undefined) return isStar(reference.fields) ? columnStar(reference, place) : undefined;
  const indirection = as(node, 'A_Indirection');
  return indirection !== undefined && isStar(indirection.indirection) ? valueStar(indirection, place) : undefined;
}

function isStar(steps: readonly Node[] | undefined): boolean {
  return as(steps?.at(-1), 'A_Star') !== undefined;
}

/** `(alias).*` is `alias.*`; of a built-in function the columns are known, of anything else they are not. */
function valueStar(node: A_Indirection, place: Place): Targets {
  const direct = node.indirection?.length === 1;
  const entry = direct ? rowNamed(node.arg, place) : undefined;
  if (entry !== undefined) {
    place.walk.reads(node, as(node.arg, 'ColumnRef'));
    return expanded([entry], entry.columns, place);
  }
  const from = expression({ A_Indirection: node }, place);
  const functionName = direct ? nameOf(as(node.arg, 'FuncCall')?.funcname)?.at(-1) : undefined;
  const known = functionName === undefined ? undefined : builtinColumns(functionName);
  return known === undefined ? { columns: [], open: from } : { columns: known.map((name) => ({ name, from })) };
}

function columnStar(reference: ColumnRef, place: Place): Targets {
  const { walk, scope } = place;
  const names = nameOf(reference.fields?.slice(0, -1));
  walk.reads(reference);
  if (names === undefined) return { columns: [], open: unknownFrom('its name cannot be read') };
  if (names.length === 0) return expanded(scope.item.entries, scope.item.columns, place);
  const entry = entryOf(place, names);
  if (entry !== undefined) return expanded([entry], entry.columns, place);
  walk.lacks(`No table or alias ${names.join('.')} is known here.`, reference.location);
  return { columns: [], open: unknownFrom(`no table ${names.join('.')} is known`) };
}

function expanded(entries: readonly Entry[], columns: readonly Column[], place: Place): Targets {
  if (!place.walk.step(columns.length)) return { columns: [] };
  for (const entry of entries) readAll(place.walk, entry);
  const outputs = columns.map((column) => {
    const { name, shape } = column;
    return { name, shape, from: readColumn(place.walk, [column]) };
  });
  const opens = entries.flatMap((entry) => entry.open ?? []);
  return opens.length === 0 ? { columns: outputs } : { columns: outputs, open: anyOf(opens) };
}
