import type { FuncCall, Node, WindowDef } from 'libpg-query';
import { as, nameOf } from '../grammar/nodes.ts';
import { anyOf, madeOf } from '../lineage/provenance.ts';
import type { Provenance } from '../lineage/provenance.ts';
import { findName } from '../lineage/scope.ts';
import type { Entry } from '../lineage/scope.ts';
import { expression, made } from './expressions.ts';
import { callFunction, isFunctionName } from './functions.ts';
import type { Place } from './place.ts';
import { readColumn } from './read-column.ts';
import { advance } from './sequences.ts';

/** Repetitions and series up to this are ordinary. */
const MODEST = 10_000;

/** `f(…)`, aggregates and window functions: made of every argument, filter, ordering and partition. */
export function functionCall(node: FuncCall, place: Place): Provenance {
  const { walk } = place;
  walk.step(3);
  const all = everything(node, place);
  const names = nameOf(node.funcname);
  const name = names?.at(-1);
  if (names === undefined || name === undefined) {
    walk.unreadable('A function has no readable name.', node.location);
    return madeOf(all);
  }
  const schema = names.length > 1 ? names.at(-2) : undefined;
  const projected = schema === undefined ? projection(name, node, place) : undefined;
  if (projected !== undefined && !isFunctionName(walk, undefined, name)) return projected;
  if (advance(walk, schema, name, node)) return madeOf(all);
  const modest = (node.args ?? []).every(isModest);
  const called = callFunction(walk, { schema, name, arguments: all, location: node.location, modest });
  return projected === undefined ? called : anyOf([called, projected]);
}

/** All that goes into the value of a call. */
function everything(node: FuncCall, place: Place): Provenance[] {
  const args = (node.args ?? []).map((argument) => expression(argument, place));
  const around = made([...(node.agg_order ?? []), node.agg_filter], place);
  return node.over === undefined ? [...args, around] : [...args, around, windowOf(node.over, place)];
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
  return constant.fval === undefined && (constant.ival?.ival ?? 0) <= MODEST;
}

export function windowOf(node: WindowDef, place: Place): Provenance {
  place.walk.reads(node);
  return made([...(node.partitionClause ?? []), ...(node.orderClause ?? []), node.startOffset, node.endOffset], place);
}
