import type { Node } from 'libpg-query';
import { builtinColumns } from '../catalogue/builtins.ts';
import { as, nameOf } from '../grammar/nodes.ts';
import { outputName } from '../lineage/names.ts';
import { anyOf, unknownFrom } from '../lineage/provenance.ts';
import type { Provenance } from '../lineage/provenance.ts';
import type { Column, Entry, OutputColumn } from '../lineage/scope.ts';
import { entryOf, rowNamed } from './expression-rules.ts';
import { expression } from './expressions.ts';
import type { Place } from './place.ts';
import { readColumn, readRow } from './read-column.ts';

export interface Targets {
  readonly columns: readonly OutputColumn[];
  readonly open?: Provenance;
}

/** A target list or RETURNING list: stars expanded, names as PostgreSQL gives them. */
export function targets(nodes: readonly Node[], place: Place): Targets {
  const columns: OutputColumn[] = [];
  const opens: Provenance[] = [];
  for (const node of nodes) {
    const one = target(node, place);
    columns.push(...one.columns);
    if (one.open !== undefined) opens.push(one.open);
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
  return { columns: [{ name: item.name ?? outputName(item.val), from: expression(item.val, place) }] };
}

/** `*`, `alias.*`, `(alias).*`, `(function(…)).*`; undefined for everything else. */
function starOf(node: Node | undefined, place: Place): Targets | undefined {
  const reference = as(node, 'ColumnRef');
  const names = reference?.fields ?? [];
  if (reference !== undefined && as(names.at(-1), 'A_Star') !== undefined)
    return columnStar(nameOf(names.slice(0, -1)), reference.location, reference, place);
  const indirection = as(node, 'A_Indirection');
  const steps = indirection?.indirection ?? [];
  if (indirection === undefined || as(steps.at(-1), 'A_Star') === undefined) return undefined;
  const entry = steps.length === 1 ? rowNamed(indirection.arg, place) : undefined;
  if (entry !== undefined) {
    place.walk.reads(indirection, as(indirection.arg, 'ColumnRef'));
    return expanded([entry], entry.columns, place);
  }
  const from = expression(node, place);
  const functionName = nameOf(as(indirection.arg, 'FuncCall')?.funcname)?.at(-1);
  const known = functionName === undefined || steps.length > 1 ? undefined : builtinColumns(functionName);
  return known === undefined ? { columns: [], open: from } : { columns: known.map((name) => ({ name, from })) };
}

function columnStar(
  names: readonly string[] | undefined,
  location: number | undefined,
  reference: object,
  place: Place,
): Targets {
  const { walk, scope } = place;
  walk.reads(reference);
  if (names === undefined) return { columns: [], open: unknownFrom('its name cannot be read') };
  if (names.length === 0) return expanded(scope.item.entries, scope.item.columns, place);
  const entry = entryOf(place, names);
  if (entry !== undefined) return expanded([entry], entry.columns, place);
  walk.lacks(`No table or alias ${names.join('.')} is known here.`, location);
  return { columns: [], open: unknownFrom(`no table ${names.join('.')} is known`) };
}

function expanded(entries: readonly Entry[], columns: readonly Column[], place: Place): Targets {
  for (const entry of entries) readRow(place.walk, entry);
  const outputs = columns.map((column) => ({ name: column.name, from: readColumn(place.walk, [column]) }));
  const opens = entries.flatMap((entry) => entry.open ?? []);
  return opens.length === 0 ? { columns: outputs } : { columns: outputs, open: anyOf(opens) };
}
