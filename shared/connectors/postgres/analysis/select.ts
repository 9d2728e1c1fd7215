import type { ColumnRef, Node, SelectStmt, SortBy } from 'libpg-query';
import { as, nameOf, textOf } from '../grammar/nodes.ts';
import { outputName } from '../lineage/names.ts';
import { anyOf, madeOf } from '../lineage/provenance.ts';
import type { Provenance } from '../lineage/provenance.ts';
import { NO_ITEM, combine } from '../lineage/scope.ts';
import type { Output, OutputColumn, Scope } from '../lineage/scope.ts';
import { withCtes } from './ctes.ts';
import { expression } from './expressions.ts';
import { fromClause } from './from.ts';
import { condition } from './infer/conditions.ts';
import { locks } from './locking.ts';
import type { Place } from './place.ts';
import type { Around } from './query.ts';
import { filled } from './creation.ts';
import { targets } from './targets.ts';
import { useOperator } from './operators.ts';
import type { Walk } from './walk.ts';

/** SELECT in all its shapes: plain, VALUES, set operation. */
export function select(node: SelectStmt, around: Around): Output {
  const { walk } = around;
  walk.reads(node);
  walk.queries = true;
  if (!walk.step()) return { columns: [], bases: [], single: false };
  const inside: Around = { ...around, ctes: withCtes(node.withClause, around) };
  const output = node.op !== undefined && node.op !== 'SETOP_NONE' ? setOperation(node, inside) : plain(node, inside);
  if (node.intoClause !== undefined) filled(node.intoClause, output, walk);
  const single = output.single || isOne(node.limitCount);
  return { ...output, single };
}

function plain(node: SelectStmt, around: Around): Output {
  const { walk } = around;
  const scope: Scope = { item: NO_ITEM, parent: around.outer, ctes: around.ctes };
  if (node.valuesLists !== undefined) {
    const rows = values(node.valuesLists, around, scope);
    ordering(node, rows, { ...scope, item: asItem(rows) }, around);
    return rows;
  }
  const from = fromClause(node.fromClause ?? [], scope, walk, node.whereClause);
  const inside: Scope = { ...scope, windows: namedWindows(node.windowClause ?? [], { walk, scope }) };
  const columns = targets(node.targetList ?? [], { walk, scope: inside });
  grouping(node, columns, inside, around);
  const output: Output = { ...columns, bases: from.bases, single: isAggregate(node) || from.single };
  ordering(node, output, inside, around);
  locks(node.lockingClause ?? [], inside, walk);
  return output;
}

/** `WINDOW w AS (…)`: each may build on those before it. */
function namedWindows(nodes: readonly Node[], { walk, scope }: Place): ReadonlyMap<string, Provenance> {
  const windows = new Map<string, Provenance>();
  for (const node of nodes) {
    const definition = as(node, 'WindowDef');
    const from = expression(node, { walk, scope: { ...scope, windows } });
    if (definition?.name !== undefined) windows.set(definition.name, from);
  }
  return windows;
}

type Columns = Pick<Output, 'columns' | 'open'>;

function grouping(node: SelectStmt, output: Columns, scope: Scope, around: Around): void {
  const { walk } = around;
  for (const group of node.groupClause ?? []) walk.flows.infer('grouping', grouped(group, output, scope, around));
  condition(node.havingClause, 'predicate', { walk, scope });
  // DISTINCT without ON is a list with an empty node in it.
  const distinct = node.distinctClause ?? [];
  const on = distinct.filter((part) => Object.keys(part).length > 0);
  for (const part of on) walk.flows.infer('grouping', byName(part, output, scope, around, true));
  if (distinct.length > 0 && on.length === 0) walk.flows.infer('grouping', everyColumn(output));
}

/** Sets of groups, and the list that `(a, b)` is here, group by each of what they hold. */
function grouped(node: Node, output: Columns, scope: Scope, around: Around): Provenance {
  const set = as(node, 'GroupingSet');
  const row = as(node, 'RowExpr');
  if (set === undefined && row?.row_format !== 'COERCE_IMPLICIT_CAST')
    return byName(node, output, scope, around, false);
  around.walk.reads(set, row);
  return madeOf([...(set?.content ?? []), ...(row?.args ?? [])].map((part) => grouped(part, output, scope, around)));
}

const everyColumn = ({ columns, open }: Columns): Provenance =>
  madeOf([...columns.map((column) => column.from), ...(open === undefined ? [] : [open])]);

function ordering(node: SelectStmt, output: Output, scope: Scope, around: Around): void {
  const { walk } = around;
  for (const part of node.sortClause ?? []) walk.flows.infer('ordering', byName(part, output, scope, around, true));
  for (const part of [node.limitCount, node.limitOffset]) condition(part, 'rows', { walk, scope });
}

/** ORDER BY prefers the names of the output, GROUP BY those of the input; a number means an output column. */
function byName(node: Node, output: Columns, scope: Scope, around: Around, outputFirst: boolean): Provenance {
  const { walk } = around;
  walk.looks(output.columns.length + scope.item.columns.length);
  const sort = as(node, 'SortBy');
  const reference = as(sort?.node ?? node, 'ColumnRef');
  if (reference === undefined || !meansOutput(reference, output.columns, scope, outputFirst)) {
    const from = expression(node, { walk, scope: withOutput(scope, output.columns) });
    return numbered(sort?.node ?? node, output) ?? from;
  }
  walk.reads(sort, reference);
  usesOperator(sort, walk);
  const name = textOf(reference.fields?.[0]);
  return madeOf(output.columns.filter((column) => column.name === name).map((column) => column.from));
}

function numbered(node: Node, { columns, open }: Columns): Provenance | undefined {
  const number = as(node, 'A_Const')?.ival?.ival;
  return number === undefined ? undefined : (open ?? columns[number - 1]?.from);
}

function usesOperator(sort: SortBy | undefined, walk: Walk): void {
  const operator = nameOf(sort?.useOp) ?? [];
  if (operator.length > 0) useOperator(walk, operator, sort?.location);
}

function meansOutput(
  reference: ColumnRef,
  output: readonly OutputColumn[],
  scope: Scope,
  outputFirst: boolean,
): boolean {
  const name = reference.fields?.length === 1 ? textOf(reference.fields[0]) : undefined;
  const isOutput = name !== undefined && output.some((column) => column.name === name);
  return isOutput && (outputFirst || !scope.item.columns.some((column) => column.name === name));
}

/**
 * PostgreSQL refuses the name of an output inside a larger ORDER BY expression, other databases take it. Reading it as
 * the output is harmless: it tells nothing new, and what PostgreSQL refuses does not run.
 */
function withOutput(scope: Scope, output: readonly OutputColumn[]): Scope {
  const missing = output.filter((column) => !scope.item.columns.some((input) => input.name === column.name));
  const columns = missing.map((column) => ({ ...column, touches: [] }));
  return columns.length === 0 ? scope : { ...scope, item: combine(scope.item, { entries: [], columns }) };
}

function setOperation(node: SelectStmt, around: Around): Output {
  const { walk } = around;
  const left = node.larg === undefined ? undefined : select(node.larg, around);
  const right = node.rarg === undefined ? undefined : select(node.rarg, around);
  if (left === undefined || right === undefined) {
    walk.unreadable('A set operation lacks an arm.');
    return { columns: [], bases: [], single: false };
  }
  // UNION ALL alone compares nothing.
  if (node.op !== 'SETOP_UNION' || node.all !== true)
    walk.flows.infer('comparison', madeOf([everyColumn(left), everyColumn(right)]));
  const output: Output = { ...union(left, right), bases: [...left.bases, ...right.bases], single: false };
  ordering(node, output, { item: asItem(output), parent: around.outer, ctes: around.ctes }, around);
  locks(node.lockingClause ?? [], { item: NO_ITEM, parent: undefined, ctes: undefined }, walk);
  return output;
}

/** Column by column; where one arm has columns that are not known, they may stand anywhere. */
function union(left: Output, right: Output): Pick<Output, 'columns' | 'open'> {
  const opens = [left.open, right.open].filter((open) => open !== undefined);
  const columns = left.columns.map((column, index): OutputColumn => {
    const other = right.columns[index];
    const from = anyOf([column.from, ...(other === undefined ? [] : [other.from]), ...opens]);
    return { name: column.name, from, shape: column.shape === other?.shape ? column.shape : undefined };
  });
  return opens.length === 0
    ? { columns }
    : { columns, open: anyOf([...opens, ...right.columns.map((column) => column.from)]) };
}

function values(lists: readonly Node[], around: Around, scope: Scope): Output {
  const rows = lists.map((list) => {
    const row = as(list, 'List');
    around.walk.reads(row);
    return (row?.items ?? []).map((item) => expression(item, { walk: around.walk, scope }));
  });
  const width = Math.max(0, ...rows.slice(0, 1).map((row) => row.length));
  const columns = Array.from({ length: width }, (_, index) => ({
    name: `column${index + 1}`,
    from: anyOf(rows.flatMap((row) => row[index] ?? [])),
  }));
  return { columns, bases: [], single: true };
}

/** The output of a set operation or VALUES as something that ORDER BY can name. */
function asItem(output: Output): typeof NO_ITEM {
  return combine(NO_ITEM, { entries: [], columns: output.columns.map((column) => ({ ...column, touches: [] })) });
}

/** An aggregate without GROUP BY gives one row; recognised by name only where nothing else can be meant. */
function isAggregate(node: SelectStmt): boolean {
  const names = new Set(['count', 'sum', 'min', 'max', 'avg']);
  return (
    (node.groupClause ?? []).length === 0 &&
    (node.targetList ?? []).some((target) =>
      names.has(
        outputName(
          as(as(target, 'ResTarget')?.val, 'FuncCall') === undefined ? undefined : as(target, 'ResTarget')?.val,
        ),
      ),
    )
  );
}

function isOne(node: Node | undefined): boolean {
  return as(node, 'A_Const')?.ival?.ival === 1;
}
