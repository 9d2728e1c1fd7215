import type { Node } from 'libpg-query';
import { as } from '../../grammar/nodes.ts';
import { madeOf } from '../../lineage/provenance.ts';
import type { Provenance } from '../../lineage/provenance.ts';
import type { FunctionFacts } from '../../catalogue/model.ts';
import { originOf } from '../bodies.ts';
import type { Place } from '../place.ts';
import { isFromRows, isStored, isWritten } from './failures.ts';
import { shapeOf } from './shapes.ts';
import { TOTAL } from './total.ts';

/** A call of a function, its arguments read already. `users`: what its name can mean beside what comes with the server. */
export interface Called {
  readonly name: string;
  readonly users: readonly FunctionFacts[];
  readonly nodes: readonly Node[];
  readonly from: readonly Provenance[];
}

/**
 * Notes that this call fails for some values of its arguments. A function of the database's owner may fail by what it
 * reads itself, too: that is the word of who permits it.
 */
export function callFails(call: Called, place: Place): void {
  const { walk } = place;
  const from = madeOf(call.from);
  const fails = call.users.some((user) => originOf(user, walk)?.fails !== false);
  if (fails) walk.flows.mayFail({ sources: from.sources, derived: true });
  else if (call.users.length === 0 && !isTotalCall(call, place)) walk.flows.mayFail(from);
}

type Rule = (call: Called, place: Place) => boolean;

const listed = (names: Iterable<string>, rule: Rule): [string, Rule][] => Array.from(names, (name) => [name, rule]);

/** The built-in functions that do not fail, each with what that takes. */
const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ...listed(TOTAL.anyArguments, () => true),
  ...listed(TOTAL.ordered, ({ nodes, from }, { walk }) => !walk.flows.looseRows || areStored(nodes, from)),
  ...listed(TOTAL.valueFirst, ({ from }) => onlyAt(0, from)),
  ...listed(TOTAL.valueSecond, ({ from }) => onlyAt(1, from)),
  ...listed(TOTAL.written, ({ from }) => onlyAt(undefined, from)),
  ...listed(TOTAL.textKeys, ({ from }) => from.every((one, index) => index % 2 === 1 || !isFromRows(one))),
  ...listed(TOTAL.aColumn, ({ nodes, from }) => areStored(nodes, from)),
  ['format', ({ nodes }) => isPlainFormat(nodes[0])],
  ['array_agg', ({ nodes }, place) => nodes.every((node) => shapeOf(node, place) !== undefined)],
]);

function isTotalCall(call: Called, place: Place): boolean {
  const isTooLong = call.from.some((one) => one.huge === true) && call.from.some(isFromRows);
  return !isTooLong && RULES.get(call.name)?.(call, place) === true;
}

const areStored = (nodes: readonly Node[], from: readonly Provenance[]): boolean =>
  nodes.every((node, at) => isWritten(node) || isStored(node, from[at]));

/** Only the argument at that place comes from rows; the others are written in the text. */
const onlyAt = (place: number | undefined, from: readonly Provenance[]): boolean =>
  from.every((one, index) => index === place || !isFromRows(one));

/** `%s`, `%I`, `%L`; a `*` takes a width from the values. */
function isPlainFormat(node: Node | undefined): boolean {
  const text = as(node, 'A_Const')?.sval?.sval;
  return text !== undefined && !text.includes('*');
}
