import type { JsonTable, JsonTableColumn, Node, RangeFunction, RangeTableFunc } from 'libpg-query';
import { builtinColumns, returnsAnyRow } from '../catalogue/builtins.ts';
import { as, nameOf } from '../grammar/nodes.ts';
import { outputName } from '../lineage/names.ts';
import { NOWHERE, madeOf } from '../lineage/provenance.ts';
import type { Provenance } from '../lineage/provenance.ts';
import type { FunctionFacts } from '../catalogue/model.ts';
import type { Entry, OutputColumn } from '../lineage/scope.ts';
import { columnsFrom, entryFrom, renamed } from './entries.ts';
import { expression, made } from './expressions.ts';
import { isFromRows } from './infer/failures.ts';
import { behaviors, context } from './json-parts.ts';
import type { Place } from './place.ts';
import { useType } from './types.ts';
import { readWhole } from './unread.ts';

/** A function in FROM, or several in ROWS FROM. What it returns is made of its arguments. */
export function rangeFunction(node: RangeFunction, place: Place): Entry {
  const { walk } = place;
  walk.reads(node);
  readWhole(walk, node.alias);
  const calls = (node.functions ?? []).map((item) => as(item, 'List')?.items ?? []);
  for (const item of node.functions ?? []) walk.reads(as(item, 'List'));
  const definitions = (node.coldeflist ?? []).map((definition) => definedColumn(definition, place));
  const own = calls.length > 1 ? undefined : node.alias?.aliasname;
  const outputs = calls.map((call) => callOutput(call, definitions, own, place));
  const alias = node.alias?.aliasname ?? outputName(calls[0]?.[0]);
  const entry = entryFrom({ alias, open: opensOf(outputs), bases: [], single: true });
  const columns = outputs.flatMap((output) => output.columns);
  if (node.ordinality === true) columns.push({ name: 'ordinality', from: NOWHERE });
  entry.columns.push(...renamed(columnsFrom(columns, entry), node.alias?.colnames, entry.open));
  return entry;
}

function opensOf(outputs: readonly CallOutput[]): Provenance | undefined {
  const opens = outputs.flatMap((output) => output.open ?? []);
  return opens.length === 0 ? undefined : madeOf(opens);
}

/** How many rows a function in FROM gives, its arguments decide. What a permitted function of unknown origin gives is its own. */
function numberOfRows({ sources }: Provenance, { walk }: Place): void {
  walk.flows.infer('rows', { sources, derived: true });
}

interface CallOutput {
  readonly columns: OutputColumn[];
  readonly open?: Provenance;
}

function callOutput(
  [call, list]: readonly (Node | undefined)[],
  outer: readonly string[],
  alias: string | undefined,
  place: Place,
): CallOutput {
  const own = (as(list, 'List')?.items ?? []).map((definition) => definedColumn(definition, place));
  place.walk.reads(as(list, 'List'));
  const from = madeOf([expression(call, place)]);
  const users = usersNamed(call, place);
  // Rows of the owner's own functions are told of where they are called.
  if (users.length === 0) numberOfRows(from, place);
  const { name, isBuiltin } = calledName(call);
  const known = listedColumns([...own, ...outer], isBuiltin ? name : undefined);
  if (known !== undefined) return { columns: known.map((column) => ({ name: column, from })) };
  const columns = scalars(call, name, alias, from);
  return users.length > 0 || mayHaveColumns(call, name, from, place) ? { columns, open: from } : { columns };
}

function calledName(call: Node | undefined): { readonly name: string; readonly isBuiltin: boolean } {
  const written = as(call, 'FuncCall')?.funcname;
  const parts = written === undefined ? [outputName(call)] : (nameOf(written) ?? []);
  return { name: parts.at(-1) ?? '', isBuiltin: parts.length === 1 || parts[0] === 'pg_catalog' };
}

const listedColumns = (defined: readonly string[], builtin: string | undefined): readonly string[] | undefined =>
  defined.length > 0 ? defined : builtin === undefined ? undefined : builtinColumns(builtin);

function usersNamed(call: Node | undefined, { walk }: Place): readonly FunctionFacts[] {
  const names = nameOf(as(call, 'FuncCall')?.funcname) ?? [];
  return walk.catalogue?.functions(names.at(-2), names.at(-1) ?? '') ?? [];
}

/** One column, called like the alias or the function; UNNEST of several arrays gives one each. */
function scalars(call: Node | undefined, name: string, alias: string | undefined, from: Provenance): OutputColumn[] {
  const count = name === 'unnest' ? Math.max(1, as(call, 'FuncCall')?.args?.length ?? 1) : 1;
  return Array.from({ length: count }, () => ({ name: count > 1 ? name : (alias ?? name), from }));
}

/**
 * A call that gives a row stands in FROM with the columns of that row: `FROM coalesce(c, NULL) x` has all of c's. Where
 * the type may be a row, the columns cannot be counted.
 */
function mayHaveColumns(call: Node | undefined, name: string, from: Provenance, place: Place): boolean {
  if (from.unknown !== undefined) return true;
  const node = as(call, 'FuncCall');
  if (node === undefined) return as(call, 'SQLValueFunction') === undefined;
  return returnsAnyRow(name) && !(node.args ?? []).every((argument) => isPlainArray(argument, place));
}

/** `ARRAY[1, 2]`, `'{a,b}'::text[]`, a literal: certainly no row, nor an array of rows. */
function isPlainArray(node: Node, place: Place): boolean {
  if (as(node, 'A_Const') !== undefined) return true;
  const elements = as(node, 'A_ArrayExpr')?.elements;
  if (elements !== undefined) return elements.every((element) => as(element, 'A_Const') !== undefined);
  const type = as(node, 'TypeCast')?.typeName;
  return type?.arrayBounds !== undefined && isServerType(nameOf(type.names) ?? [], place);
}

function isServerType(names: readonly string[], { walk }: Place): boolean {
  const schema = names.length > 1 ? names.at(-2) : undefined;
  if (walk.catalogue === undefined || (schema !== undefined && schema !== 'pg_catalog')) return false;
  return walk.userType(schema, names.at(-1) ?? '') === undefined;
}

function definedColumn(node: Node, place: Place): string {
  const column = as(node, 'ColumnDef');
  place.walk.reads(column);
  useType(place.walk, column?.typeName);
  readWhole(place.walk, column?.collClause);
  return column?.colname ?? '';
}

/** XMLTABLE: every column is made of the document, which fails by what it holds: two values for one, none, no number. */
export function xmlTable(node: RangeTableFunc, place: Place): Entry {
  const { walk } = place;
  walk.reads(node);
  readWhole(walk, node.alias);
  const document = made([node.docexpr, node.rowexpr, ...(node.namespaces ?? [])], place);
  numberOfRows(document, place);
  const entry = entryFrom({ alias: node.alias?.aliasname ?? 'xmltable', open: undefined, bases: [], single: true });
  const columns = (node.columns ?? []).map((item) => {
    const column = as(item, 'RangeTableFuncCol');
    walk.reads(column);
    useType(walk, column?.typeName);
    return {
      name: column?.colname ?? '',
      from: madeOf([document, made([column?.colexpr, column?.coldefexpr], place)]),
    };
  });
  const all = madeOf([document, ...columns.map(({ from }) => from)]);
  if (isFromRows(all)) walk.flows.mayFail(all);
  entry.columns.push(...renamed(columnsFrom(columns, entry), node.alias?.colnames, undefined));
  return entry;
}

/** JSON_TABLE: every column is made of the context item; NESTED adds columns in place. */
export function jsonTable(node: JsonTable, place: Place): Entry {
  const { walk } = place;
  walk.reads(node);
  readWhole(walk, node.alias);
  readWhole(walk, node.pathspec);
  const item = madeOf([context(node.context_item, place), made(node.passing, place)]);
  const from = madeOf([item, behaviors([node.on_error], item, place)]);
  numberOfRows(from, place);
  const entry = entryFrom({ alias: node.alias?.aliasname ?? 'json_table', open: undefined, bases: [], single: true });
  const columns = columnsFrom(jsonColumns(node.columns ?? [], from, place), entry);
  entry.columns.push(...renamed(columns, node.alias?.colnames, undefined));
  return entry;
}

function jsonColumns(nodes: readonly Node[], from: Provenance, place: Place): OutputColumn[] {
  return nodes.flatMap((node) => {
    const column = as(node, 'JsonTableColumn');
    if (column === undefined) return [];
    const parts = jsonColumn(column, from, place);
    if (column.coltype === 'JTC_NESTED') return jsonColumns(column.columns ?? [], from, place);
    return [{ name: column.name ?? '', from: madeOf([from, parts]) }];
  });
}

function jsonColumn(column: JsonTableColumn, from: Provenance, place: Place): Provenance {
  place.walk.reads(column, column.format);
  readWhole(place.walk, column.pathspec);
  useType(place.walk, column.typeName);
  return behaviors([column.on_empty, column.on_error], from, place);
}
