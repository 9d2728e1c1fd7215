import type { A_Expr, Node, TypeName } from 'libpg-query';
import { as, nameOf } from '../../grammar/nodes.ts';
import { NOWHERE, madeOf } from '../../lineage/provenance.ts';
import type { Provenance } from '../../lineage/provenance.ts';
import type { Walk } from '../walk.ts';
import { TOTAL } from './total.ts';

/** A call of a function, its arguments read already. `builtin`: it is one that comes with the server. */
export interface Called {
  readonly name: string;
  readonly builtin: boolean;
  readonly nodes: readonly Node[];
  readonly from: readonly Provenance[];
}

/** Notes that this call fails for some values of its arguments. */
export function callFails({ name, builtin, nodes, from }: Called, walk: Walk): void {
  if (!(builtin && isTotalCall(name, nodes, from))) walk.flows.mayFail(madeOf(from));
}

function isTotalCall(name: string, nodes: readonly Node[], from: readonly Provenance[]): boolean {
  const fromRows = from.filter(isFromRows).length;
  if (TOTAL.anyArguments.has(name)) return true;
  if (TOTAL.oneValue.has(name)) return fromRows <= 1;
  if (TOTAL.textKeys.has(name)) return from.every((one, index) => index % 2 === 1 || !isFromRows(one));
  return TOTAL.aColumn.has(name) && nodes.every((node) => isColumn(node) || isWritten(node));
}

export function operatorFails({ kind, name }: A_Expr, left: Provenance, right: Provenance, walk: Walk): void {
  const symbol = nameOf(name)?.at(-1) ?? '';
  const total =
    kind !== 'AEXPR_OP' &&
    kind !== 'AEXPR_OP_ANY' &&
    kind !== 'AEXPR_OP_ALL' &&
    kind !== 'AEXPR_LIKE' &&
    kind !== 'AEXPR_ILIKE' &&
    kind !== 'AEXPR_SIMILAR'
      ? true
      : TOTAL.operators.has(symbol) && !(TOTAL.patterns.has(symbol) && isFromRows(right));
  if (!total) walk.flows.mayFail(madeOf([left, right]));
}

export function castFails(type: TypeName | undefined, of: Node | undefined, from: Provenance, walk: Walk): void {
  if (isWritten(of)) return;
  const name = nameOf(type?.names)?.at(-1) ?? '';
  const isText = TOTAL.types.has(name) && type?.arrayBounds === undefined;
  if (!isText) walk.flows.mayFail(from);
}

/** Arrays of arrays must be of one length: `ARRAY[string_to_array(email, 'a'), …]` fails for the others. */
export function arrayFails(elements: readonly Node[], from: Provenance, walk: Walk): void {
  if (!elements.every((element) => isColumn(element) || isWritten(element) || isText(element)))
    walk.flows.mayFail(from);
}

function isText(node: Node): boolean {
  const name = nameOf(as(node, 'FuncCall')?.funcname)?.at(-1) ?? '';
  const cast = nameOf(as(node, 'TypeCast')?.typeName?.names)?.at(-1) ?? '';
  return (
    TOTAL.types.has(cast) || ['lower', 'upper', 'left', 'right', 'reverse', 'length', 'md5', 'substr'].includes(name)
  );
}

/**
 * Runs `part` and tells whether anything in it may fail. What decides whether it runs at all (the condition of a CASE)
 * is told by its failing.
 */
export function conditional<T>(walk: Walk, part: () => T): { readonly value: T; readonly mayFail: boolean } {
  const before = walk.flows.failures;
  const value = part();
  return { value, mayFail: walk.flows.failures > before };
}

/** Evaluated from the left until one decides (AND, OR, COALESCE): each tells of those before it, if it may fail. */
export function inTurn(nodes: readonly Node[], walk: Walk, read: (node: Node) => Provenance): Provenance {
  const { value, mayFail } = conditional(walk, () => nodes.map(read));
  const all = madeOf(value);
  if (mayFail && nodes.length > 1) walk.flows.mayFail(all);
  return all;
}

const isFromRows = (from: Provenance): boolean =>
  from !== NOWHERE && (from.sources.size > 0 || from.unknown !== undefined);

const isColumn = (node: Node | undefined): boolean => as(node, 'ColumnRef') !== undefined;

const isWritten = (node: Node | undefined): boolean =>
  as(node, 'A_Const') !== undefined || as(node, 'ParamRef') !== undefined;
