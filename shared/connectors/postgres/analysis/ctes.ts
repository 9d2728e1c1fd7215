import type { CTECycleClause, CommonTableExpr, Node, WithClause } from 'libpg-query';
import { as, textOf } from '../grammar/nodes.ts';
import { NOWHERE, anyOf, madeOf, unknownFrom } from '../lineage/provenance.ts';
import { NO_ITEM } from '../lineage/scope.ts';
import type { Provenance } from '../lineage/provenance.ts';
import type { CteFrame, Output, OutputColumn } from '../lineage/scope.ts';
import { expression } from './expressions.ts';
import { query } from './query.ts';
import type { Around } from './query.ts';
import { readWhole } from './unread.ts';

/** Rounds of a recursive query. Each round can only add source columns, and real ones settle after two. */
const MAX_ROUNDS = 8;

const FORWARD: Output = {
  columns: [],
  open: unknownFrom('it refers to a query that comes later'),
  bases: [],
  single: false,
};

/** Binds the names of a WITH: each is visible to those after it; with RECURSIVE to itself and to those before it as well. */
export function withCtes(clause: WithClause | undefined, around: Around): CteFrame | undefined {
  if (clause === undefined) return around.ctes;
  around.walk.reads(clause);
  const frame: CteFrame = { bindings: new Map(), parent: around.ctes };
  const tables = (clause.ctes ?? []).map((node) => as(node, 'CommonTableExpr')).filter((node) => node !== undefined);
  if (clause.recursive === true) for (const table of tables) bind(frame, table, FORWARD);
  for (const table of tables) {
    around.walk.reads(table);
    // A WITH that writes is kept at its word even inside EXPLAIN: better to ask once too often.
    const { planning } = around.walk;
    around.walk.planning = planning && as(table.ctequery, 'SelectStmt') !== undefined;
    bind(
      frame,
      table,
      clause.recursive === true
        ? recursive(table, frame, around)
        : named(table, query(table.ctequery, around.walk, around.outer, frame)),
    );
    around.walk.planning = planning;
  }
  return frame;
}

function bind(frame: CteFrame, table: CommonTableExpr, output: Output): void {
  const name = table.ctename ?? '';
  frame.bindings.set(name, { name, output });
}

/** The least fixed point: what comes out of the first arm goes in again until no column has a new source. */
function recursive(table: CommonTableExpr, frame: CteFrame, around: Around): Output {
  const union = as(table.ctequery, 'SelectStmt');
  const first = union?.larg;
  if (union === undefined || first === undefined || union.op === 'SETOP_NONE')
    return withExtras(table, named(table, query(table.ctequery, around.walk, around.outer, frame)), around);
  const inside = withCtes(union.withClause, { ...around, ctes: frame });
  let output = named(table, query({ SelectStmt: first }, around.walk, around.outer, inside));
  if (union.rarg?.whereClause === undefined && union.rarg?.limitCount === undefined) {
    around.walk.found.expensive = true;
    around.walk.flows.mayFail(NOWHERE);
  }
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    bind(frame, table, withExtras(table, output, around));
    const next = named(table, query(table.ctequery, around.walk, around.outer, frame));
    if (sourcesOf(next) === sourcesOf(output)) return withExtras(table, next, around);
    output = next;
  }
  return { ...FORWARD, open: unknownFrom('its recursion does not settle') };
}

/** Provenance only grows, so its size tells whether it changed. */
function sourcesOf(output: Output): string {
  return output.columns
    .map(
      (column) =>
        `${column.from.sources.size}${column.from.derived ? 'd' : ''}${column.from.unknown === undefined ? '' : 'u'}`,
    )
    .join();
}

/** `WITH t(a, b) AS …` renames from the left. */
function named(table: CommonTableExpr, output: Output): Output {
  return rename(output, table.aliascolnames);
}

export function rename(output: Output, names: readonly Node[] | undefined): Output {
  if (names === undefined || names.length === 0) return output;
  const columns = Array.from({ length: Math.max(names.length, output.columns.length) }, (_, index): OutputColumn => {
    const column = output.columns[index];
    return {
      name: textOf(names[index]) ?? column?.name ?? '',
      from: renamedFrom(column, output.open),
    };
  });
  return { ...output, columns };
}

/** By position, and from anywhere where columns are missing from the list. */
function renamedFrom(column: OutputColumn | undefined, open: Provenance | undefined): Provenance {
  if (column === undefined) return open ?? unknownFrom('it is named but not selected');
  return open === undefined ? column.from : anyOf([column.from, open]);
}

/** SEARCH and CYCLE add columns made of the ones they name (PostgreSQL 18, 7.8.2), in this order. */
function withExtras(table: CommonTableExpr, output: Output, around: Around): Output {
  const { search_clause: search, cycle_clause: cycle } = table;
  if (search === undefined && cycle === undefined) return output;
  readWhole(around.walk, search);
  const all = madeOf(output.columns.map((column) => column.from));
  const extra: OutputColumn[] = search === undefined ? [] : [{ name: search.search_seq_column ?? '', from: all }];
  if (cycle !== undefined) extra.push(...cycleColumns(cycle, all, around));
  return { ...output, columns: [...output.columns, ...extra] };
}

function cycleColumns(cycle: CTECycleClause, all: Provenance, { walk, outer, ctes }: Around): OutputColumn[] {
  walk.reads(cycle);
  // Where a row was met before, the recursion stops.
  walk.flows.infer('comparison', all);
  for (const node of cycle.cycle_col_list ?? []) readWhole(walk, node);
  const scope = { item: NO_ITEM, parent: outer, ctes };
  for (const value of [cycle.cycle_mark_value, cycle.cycle_mark_default]) expression(value, { walk, scope });
  return [
    { name: cycle.cycle_mark_column ?? '', from: NOWHERE },
    { name: cycle.cycle_path_column ?? '', from: all },
  ];
}
