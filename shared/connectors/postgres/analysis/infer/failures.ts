import type { A_Expr, Node, TypeName, XmlExpr } from 'libpg-query';
import { as, nameOf } from '../../grammar/nodes.ts';
import { NOWHERE, madeOf } from '../../lineage/provenance.ts';
import type { Provenance } from '../../lineage/provenance.ts';
import type { Place } from '../place.ts';
import type { Walk } from '../walk.ts';
import { byCanonical } from '../relation-facts.ts';
import { shapeOf } from './shapes.ts';
import { TOTAL } from './total.ts';

const COMPUTES: ReadonlySet<string | undefined> = new Set([
  'AEXPR_OP',
  'AEXPR_OP_ANY',
  'AEXPR_OP_ALL',
  'AEXPR_LIKE',
  'AEXPR_ILIKE',
  'AEXPR_SIMILAR',
]);

export function operatorFails(node: A_Expr, left: Provenance, right: Provenance, place: Place): void {
  const { flows } = place.walk;
  const { kind, lexpr, rexpr } = node;
  const all = madeOf([left, right]);
  if (flows.looseRows && !(hasType(lexpr, left) && hasType(rexpr, right))) flows.mayFail(all);
  if (!COMPUTES.has(kind) || dividesByNumber(node, left)) return;
  const symbol = nameOf(node.name)?.at(-1) ?? '';
  if (!isTotalOperator(symbol, right) || (all.huge === true && isFromRows(all))) flows.mayFail(all);
  else if (symbol === '||') joinFails([lexpr, rexpr], [left, right], place);
}

/** What is stored can be divided by any number but zero: `salary / 12`. */
function dividesByNumber({ name, lexpr, rexpr }: A_Expr, left: Provenance): boolean {
  const symbol = nameOf(name)?.at(-1);
  return (symbol === '/' || symbol === '%') && isStored(lexpr, left) && (as(rexpr, 'A_Const')?.ival?.ival ?? 0) > 0;
}

const isTotalOperator = (symbol: string, right: Provenance): boolean =>
  TOTAL.operators.has(symbol) && !(TOTAL.patterns.has(symbol) && isFromRows(right));

/** What is no array can be put to anything; of what may be one, its length decides. */
function joinFails(nodes: readonly (Node | undefined)[], from: readonly Provenance[], place: Place): void {
  const unsure = from.filter((_, index) => shapeOf(nodes[index], place) === undefined);
  if (unsure.length > 0) place.walk.flows.mayFail(madeOf(unsure));
}

/** A column of a table, a constant, or a row that is written where it is compared. */
const hasType = (node: Node | undefined, from: Provenance): boolean =>
  node === undefined || isWritten(node) || isStored(node, from) || as(node, 'RowExpr') !== undefined;

/**
 * Elements and forests escape what is put into them as it is stored, or as text; a made value may be a date without end,
 * which XML does not know. A document or an instruction may be no XML.
 */
export function xmlFails({ op, args = [], named_args: named = [] }: XmlExpr, from: Provenance, place: Place): void {
  const values = [...args, ...named.map((item) => as(item, 'ResTarget')?.val ?? item)];
  const escapes = op === 'IS_XMLELEMENT' || op === 'IS_XMLFOREST';
  if (!escapes || !values.every((value) => isColumn(value) || isWritten(value) || isXml(value) || isText(value)))
    place.walk.flows.mayFail(from);
}

const isXml = (node: Node): boolean => as(node, 'XmlExpr') !== undefined;

function isText(node: Node): boolean {
  const name = nameOf(as(node, 'FuncCall')?.funcname)?.at(-1) ?? '';
  const cast = nameOf(as(node, 'TypeCast')?.typeName?.names)?.at(-1) ?? '';
  return TOTAL.types.has(cast) || (TOTAL.texts.has(name) && name !== 'chr');
}

/** JSON that is made, or stored as such; a text is read first, and may be none. */
export function readsJson(node: Node | undefined, from: Provenance, place: Place): void {
  if (isFromRows(from) && shapeOf(node, place) !== 'json') place.walk.flows.mayFail(from);
}

export function castFails(type: TypeName | undefined, of: Node | undefined, from: Provenance, walk: Walk): void {
  if (isWritten(of)) return;
  const names = nameOf(type?.names) ?? [];
  const name = names.at(-1) ?? '';
  const isText = TOTAL.types.has(name) && type?.arrayBounds === undefined;
  // A domain of that name has checks.
  if (walk.userType(names.at(-2), name) !== undefined) walk.flows.mayFail(from);
  else if (!isText && !(type?.arrayBounds === undefined && isWidened(name, of, from, walk))) walk.flows.mayFail(from);
}

/** A number in a wider type, a day as a moment: of a column as it is stored. */
function isWidened(name: string, of: Node | undefined, from: Provenance, { catalogue }: Walk): boolean {
  const fitting = TOTAL.widened.get(name);
  if (fitting === undefined || !isStored(of, from) || from.sources.size === 0) return false;
  return [...from.sources].every(({ relation, column }) => {
    const facts = byCanonical(relation, catalogue)?.columns.find((one) => one.name === column);
    return facts?.array !== true && fitting.has(facts?.type.replace('pg_catalog.', '') ?? '');
  });
}

/** Arrays of arrays must be of one length: `ARRAY[string_to_array(email, 'a'), …]` fails for the others. */
export function arrayFails(elements: readonly Node[], from: Provenance, place: Place): void {
  if (!elements.every((element) => shapeOf(element, place) !== undefined)) place.walk.flows.mayFail(from);
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

export const isFromRows = (from: Provenance): boolean =>
  from !== NOWHERE && (from.sources.size > 0 || from.unknown !== undefined);

const isColumn = (node: Node | undefined): boolean => as(node, 'ColumnRef') !== undefined;

export const isWritten = (node: Node | undefined): boolean =>
  as(node, 'A_Const') !== undefined || as(node, 'ParamRef') !== undefined;

/** A column as it is in a table: nothing was made of it. */
export const isStored = (node: Node | undefined, from: Provenance | undefined): boolean =>
  isColumn(node) && from?.derived !== true;
