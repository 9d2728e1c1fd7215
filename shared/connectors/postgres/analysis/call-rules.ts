import type { FuncCall, Node, WindowDef } from 'libpg-query';
import { as, nameOf } from '../grammar/nodes.ts';
import { anyOf, madeOf, unknownFrom } from '../lineage/provenance.ts';
import type { Provenance } from '../lineage/provenance.ts';
import { findName } from '../lineage/scope.ts';
import type { Entry } from '../lineage/scope.ts';
import { expression, made } from './expressions.ts';
import { rowsOf } from './bodies.ts';
import { isSetReturning } from '../catalogue/builtins.ts';
import { callFunction, isFunctionName } from './functions.ts';
import { condition } from './infer/conditions.ts';
import { callFails } from './infer/failing-calls.ts';
import type { Called } from './infer/failing-calls.ts';
import { isFromRows } from './infer/failures.ts';
import type { Place } from './place.ts';
import { readColumn } from './read-column.ts';
import { advance } from './sequences.ts';

/** Repetitions and series up to this are ordinary. */
const MODEST = 10_000;
/** Letters of a text that is repeated: with the above 10 MB at most. */
const MODEST_TEXT = 1_000;

/** `f(…)`, aggregates and window functions: made of every argument, filter, ordering and partition. */
export function functionCall(node: FuncCall, place: Place): Provenance {
  const { walk } = place;
  walk.step(3);
  const { args, around } = everything(node, place);
  const all = [...args, ...around];
  const names = nameOf(node.funcname);
  const name = names?.at(-1);
  if (names === undefined || name === undefined) {
    walk.unreadable('A function has no readable name.', node.location);
    return madeOf(all);
  }
  const schema = names.length > 1 ? names.at(-2) : undefined;
  const projected = schema === undefined ? projection(name, node, place) : undefined;
  if (projected !== undefined && !isFunctionName(walk, undefined, name)) return projected;
  if (advance(walk, schema, name, node, madeOf(all))) return madeOf(all);
  const modest = (node.args ?? []).every(isModest);
  tells({ schema, name, nodes: node.args ?? [], from: args }, place);
  const called = callFunction(walk, { schema, name, arguments: all, location: node.location, modest });
  return projected === undefined ? called : anyOf([called, projected]);
}

/** What a call tells beside its value: that it failed, and how many rows it gave. */
function tells(
  { schema, ...call }: Omit<Called, 'users'> & { readonly schema: string | undefined },
  place: Place,
): void {
  const { walk } = place;
  const users = walk.catalogue?.functions(schema, call.name) ?? [];
  callFails({ ...call, users }, place);
  if (RUNS_A_TEXT.test(call.name))
    walk.flows.infer('code', unknownFrom(`${call.name}() runs a text that is not read here`));
  if (users.length === 0 && isSetReturning(call.name)) walk.flows.infer('rows', madeOf(call.from));
  rowsOf(
    users.filter(({ set }) => set === true),
    call.nodes,
    walk,
  );
}

/** They take a query as a text, which no rule here reads: rows, order and failures of their answers may tell of any column. */
const RUNS_A_TEXT = /^(query|cursor)_to_xml|^(ts_stat|ts_rewrite|connectby|xpath_table)$|^(dblink|crosstab)/;

/** All that goes into the value of a call: its arguments, and what stands around them. A filter is a condition too. */
function everything(node: FuncCall, place: Place): { readonly args: Provenance[]; readonly around: Provenance[] } {
  const args = (node.args ?? []).map((argument) => expression(argument, place));
  const order = made(node.agg_order, place);
  const around = [order, condition(node.agg_filter, 'predicate', place)];
  return { args, around: node.over === undefined ? around : [...around, windowOf(node.over, place)] };
}

/** `email(customers)` is another spelling of `customers.email` (PostgreSQL 18, 8.16.5). */
function projection(name: string, node: FuncCall, place: Place): Provenance | undefined {
  const entry = wholeRowArgument(node, place);
  const column = entry?.columns.find((candidate) => candidate.name === name);
  return column === undefined ? undefined : readColumn(place.walk, [column]);
}

function wholeRowArgument(node: FuncCall, place: Place): Entry | undefined {
  const [only, ...more] = node.args ?? [];
  const name = nameOf(as(only, 'ColumnRef')?.fields);
  if (more.length > 0 || name?.length !== 1) return undefined;
  const found = findName(place.scope, name[0] ?? '');
  return found.kind === 'row' ? found.entry : undefined;
}

function isModest(argument: Node): boolean {
  const constant = as(argument, 'A_Const');
  if (constant === undefined) return false;
  const length = constant.sval?.sval?.length ?? 0;
  return constant.fval === undefined && (constant.ival?.ival ?? 0) <= MODEST && length <= MODEST_TEXT;
}

/** Partitions and order of a window decide its values, and rows come out sorted by them. */
export function windowOf(node: WindowDef, place: Place): Provenance {
  const { walk, scope } = place;
  walk.reads(node);
  const partition = made(node.partitionClause, place);
  const order = made(node.orderClause, place);
  walk.flows.infer('grouping', partition);
  walk.flows.infer('ordering', order);
  const offsets = made([node.startOffset, node.endOffset], place);
  // One below zero is refused.
  if (isFromRows(offsets)) walk.flows.mayFail(offsets);
  const named = [node.name, node.refname].flatMap((name) => scope.windows?.get(name ?? '') ?? []);
  return madeOf([partition, order, offsets, ...named]);
}
