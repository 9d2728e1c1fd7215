import type { JoinExpr, Node, RangeSubselect, RangeTableSample } from 'libpg-query';
import { as, nameOf, tagOf, textOf } from '../grammar/nodes.ts';
import { NOWHERE, anyOf } from '../lineage/provenance.ts';
import { NO_ITEM, combine } from '../lineage/scope.ts';
import type { Column, Entry, FromItem, Output, Scope } from '../lineage/scope.ts';
import { Connections, conjuncts } from './connections.ts';
import { columnsFrom, entryFrom, renamed } from './entries.ts';
import { expression } from './expressions.ts';
import { jsonTable, rangeFunction, xmlTable } from './from-functions.ts';
import { condition } from './infer/conditions.ts';
import { useOperator } from './operators.ts';
import type { Place } from './place.ts';
import { query } from './query.ts';
import { rangeVar } from './relations.ts';
import { readWhole } from './unread.ts';
import type { Walk } from './walk.ts';

export interface FromResult {
  /** Relations that FOR UPDATE would lock. */
  readonly bases: readonly string[];
  /** Every entry has at most a few rows by its own text, or there is none. */
  readonly single: boolean;
  /** Entries that the WHERE touches. */
  readonly filtered: ReadonlySet<Entry>;
}

/** FROM and WHERE together: items from left to right, each LATERAL one seeing those before it. Fills `scope.item`. */
export function fromClause(nodes: readonly Node[], scope: Scope, walk: Walk, where: Node | undefined): FromResult {
  const connections = new Connections();
  connections.join(new Set(scope.item.entries));
  for (const node of nodes) {
    walk.looks(scope.item.entries.length + scope.item.columns.length);
    const heard = walk.listen(() => fromItem(node, { walk, scope }, connections));
    scope.item = combine(scope.item, heard.value);
    const [entry] = heard.value.entries;
    if (entry !== undefined) connections.join(new Set([...heard.entries, entry]));
  }
  const filtered = new Set<Entry>();
  for (const part of conjuncts(where, walk)) {
    const heard = walk.listen(() => condition(part, 'predicate', { walk, scope }));
    connections.join(heard.entries);
    for (const entry of heard.entries) filtered.add(entry);
  }
  if (connections.separate()) {
    walk.found.crossJoin = true;
    // It may take longer than a statement is given.
    walk.flows.mayFail(NOWHERE);
  }
  return {
    bases: scope.item.entries.flatMap((entry) => entry.bases),
    single: scope.item.entries.every((entry) => entry.single),
    filtered,
  };
}

function fromItem(node: Node, place: Place, connections: Connections): FromItem {
  const { walk } = place;
  if (!walk.step()) return NO_ITEM;
  const relation = as(node, 'RangeVar');
  if (relation !== undefined) return leaf(rangeVar(relation, place), connections);
  const subquery = as(node, 'RangeSubselect');
  if (subquery !== undefined) return leaf(rangeSubselect(subquery, place), connections);
  const join = as(node, 'JoinExpr');
  if (join !== undefined) return joined(join, place, connections);
  const call = as(node, 'RangeFunction') ?? as(node, 'RangeTableFunc') ?? as(node, 'JsonTable');
  if (call !== undefined) return leaf(tableFunction(node, place), connections);
  const sample = as(node, 'RangeTableSample');
  if (sample !== undefined) return sampled(sample, place, connections);
  walk.unreadable(`No rule reads ${tagOf(node) ?? 'this'} in FROM.`);
  return NO_ITEM;
}

function leaf(entry: Entry, connections: Connections): FromItem {
  connections.add(entry);
  return { entries: [entry], columns: entry.columns };
}

function tableFunction(node: Node, place: Place): Entry {
  const call = as(node, 'RangeFunction');
  if (call !== undefined) return rangeFunction(call, place);
  const xml = as(node, 'RangeTableFunc');
  return xml === undefined ? jsonTable(as(node, 'JsonTable') ?? {}, place) : xmlTable(xml, place);
}

function rangeSubselect(node: RangeSubselect, place: Place): Entry {
  const { walk, scope } = place;
  readWhole(walk, node.alias);
  walk.reads(node);
  const output = query(node.subquery, walk, node.lateral === true ? scope : scope.parent, scope.ctes);
  return outputEntry(node.alias?.aliasname, node.alias?.colnames, output);
}

/** A query's output under a name. */
export function outputEntry(alias: string | undefined, names: readonly Node[] | undefined, output: Output): Entry {
  const entry = entryFrom({ alias, open: output.open, bases: output.bases, single: output.single });
  entry.columns.push(...renamed(columnsFrom(output.columns, entry), names, output.open));
  return entry;
}

function sampled(node: RangeTableSample, place: Place, connections: Connections): FromItem {
  const { walk } = place;
  walk.reads(node);
  const method = nameOf(node.method)?.at(-1) ?? '';
  if (method !== 'bernoulli' && method !== 'system')
    walk.unreadable(`The sampling method ${method} is not one of PostgreSQL's own.`, node.location);
  for (const argument of [...(node.args ?? []), node.repeatable]) walk.flows.infer('rows', expression(argument, place));
  return node.relation === undefined ? NO_ITEM : fromItem(node.relation, place, connections);
}

function joined(node: JoinExpr, place: Place, connections: Connections): FromItem {
  const { walk, scope } = place;
  walk.reads(node);
  readWhole(walk, node.alias);
  readWhole(walk, node.join_using_alias);
  walk.looks(scope.item.entries.length + scope.item.columns.length);
  const left = node.larg === undefined ? NO_ITEM : fromItem(node.larg, place, connections);
  const seenByRight: Scope = { ...scope, item: combine(scope.item, left) };
  const heard = walk.listen(() =>
    node.rarg === undefined ? NO_ITEM : fromItem(node.rarg, { walk, scope: seenByRight }, connections),
  );
  const right = heard.value;
  walk.looks((left.columns.length + right.columns.length) * (1 + (node.usingClause ?? []).length));
  if (right.entries[0] !== undefined) connections.join(new Set([...heard.entries, right.entries[0]]));
  const names =
    node.isNatural === true ? common(left, right) : (node.usingClause ?? []).flatMap((name) => textOf(name) ?? []);
  const item = merged(left, right, names, place, connections);
  const inside: Scope = { ...scope, item: combine(scope.item, { ...item, columns: combine(left, right).columns }) };
  for (const part of conjuncts(node.quals, walk))
    connections.join(walk.listen(() => condition(part, 'join', { walk, scope: inside })).entries);
  return aliased(node, item, names);
}

function common(left: FromItem, right: FromItem): string[] {
  return left.columns
    .map((column) => column.name)
    .filter((name) => right.columns.some((column) => column.name === name));
}

/** USING and NATURAL put the merged columns first; each comes from both sides. */
function merged(
  left: FromItem,
  right: FromItem,
  names: readonly string[],
  place: Place,
  connections: Connections,
): FromItem {
  if (names.length > 0) useOperator(place.walk, ['='], undefined);
  const both = names.map((name): Column => {
    const sides = [...left.columns, ...right.columns].filter((column) => column.name === name);
    const touches = sides.flatMap((column) => column.touches);
    for (const touch of touches) for (const { site, column } of touch.reads) site.columns.add(column);
    connections.join(new Set(touches.map((touch) => touch.entry)));
    const from = anyOf(sides.map((column) => column.from));
    place.walk.flows.infer('join', from);
    return { name, from, touches };
  });
  const rest = [...left.columns, ...right.columns].filter((column) => !names.includes(column.name));
  return { entries: [...left.entries, ...right.entries], columns: [...both, ...rest] };
}

/** `(a JOIN b …) AS j` hides a and b; `USING (…) AS j` names the merged columns only. */
function aliased(node: JoinExpr, item: FromItem, names: readonly string[]): FromItem {
  const using = node.join_using_alias?.aliasname;
  const bases = item.entries.flatMap((entry) => entry.bases);
  if (using !== undefined) {
    const entry: Entry = {
      ...entryFrom({ alias: using, open: undefined, bases: [], single: true }),
      columns: item.columns.slice(0, names.length),
    };
    return { ...item, entries: [...item.entries, entry] };
  }
  if (node.alias === undefined) return item;
  const opens = item.entries.flatMap((entry) => entry.open ?? []);
  const open = opens.length === 0 ? undefined : anyOf(opens);
  const columns = renamed(item.columns, node.alias.colnames, open);
  return { entries: [{ ...entryFrom({ alias: node.alias.aliasname, open, bases, single: false }), columns }], columns };
}
