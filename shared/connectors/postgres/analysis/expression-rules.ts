import type { A_Expr, A_Indirection, CaseExpr, ColumnRef, Node, SubLink } from 'libpg-query';
import { as, nameOf, textOf } from '../grammar/nodes.ts';
import { NOWHERE, anyOf, madeOf, unknownFrom } from '../lineage/provenance.ts';
import type { Provenance } from '../lineage/provenance.ts';
import { findEntry, findName } from '../lineage/scope.ts';
import type { Entry } from '../lineage/scope.ts';
import { expression, made } from './expressions.ts';
import { callFunction, isFunctionName } from './functions.ts';
import { conditional, operatorFails } from './infer/failures.ts';
import { useOperator } from './operators.ts';
import type { Place } from './place.ts';
import { query } from './query.ts';
import { tableOf } from './partition-keys.ts';
import { readColumn, readRow } from './read-column.ts';
import { castsByName } from './types.ts';
import type { Walk } from './walk.ts';

/** Columns that every table has and `*` does not show (PostgreSQL 18, 5.6). They hold no stored value. */
const SYSTEM_COLUMNS: ReadonlySet<string> = new Set(['tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid']);

/** `column`, `alias.column`, `schema.table.column`, or `alias.*` used as a value. */
export function columnRef(node: ColumnRef, place: Place): Provenance {
  const fields = node.fields ?? [];
  const star = as(fields.at(-1), 'A_Star') !== undefined;
  const names = nameOf(star ? fields.slice(0, -1) : fields);
  if (names === undefined || names.length > 4 || (star && names.length === 0)) {
    place.walk.unreadable('A column has no readable name.', node.location);
    return unknownFrom('its column cannot be read');
  }
  place.walk.step(2);
  place.walk.looks(place.scope.item.columns.length + place.scope.item.entries.length);
  const last = names.at(-1) ?? '';
  if (star) return rowOf(place, names, node.location);
  return names.length === 1 ? unqualified(place, last, node.location) : qualified(place, names, node.location);
}

const systemColumn = (name: string, entries: readonly Entry[], walk: Walk): Provenance =>
  name === 'tableoid' ? tableOf(entries, walk) : NOWHERE;

function unqualified(place: Place, name: string, location: number | undefined): Provenance {
  const { walk, scope } = place;
  const found = findName(scope, name);
  if (found.kind === 'column') return readColumn(walk, found.columns);
  if (found.kind === 'row') return madeOf([readRow(walk, found.entry)]);
  if (found.kind === 'open') {
    walk.touch(found.entries, found.from.sources);
    for (const entry of found.entries)
      readColumn(
        walk,
        entry.columns.filter((column) => column.name === name),
      );
    return found.from;
  }
  if (SYSTEM_COLUMNS.has(name)) return systemColumn(name, scope.item.entries, walk);
  walk.lacks(`No column ${name} is known here.`, location);
  return unknownFrom(`no column ${name} is known`);
}

function qualified(place: Place, names: readonly string[], location: number | undefined): Provenance {
  const column = names.at(-1) ?? '';
  const entry = entryOf(place, names.slice(0, -1));
  if (entry !== undefined) return fieldOf(place, entry, column, location);
  place.walk.lacks(`No table or alias ${names.slice(0, -1).join('.')} is known here.`, location);
  return unknownFrom(`no column ${names.join('.')} is known`);
}

function rowOf(place: Place, names: readonly string[], location: number | undefined): Provenance {
  const entry = entryOf(place, names);
  if (entry !== undefined) return madeOf([readRow(place.walk, entry)]);
  place.walk.lacks(`No table or alias ${names.join('.')} is known here.`, location);
  return unknownFrom(`no table ${names.join('.')} is known`);
}

/** The entry that `alias`, `schema.table` or `database.schema.table` names. */
export function entryOf(place: Place, names: readonly string[]): Entry | undefined {
  return findEntry(place.scope, names.length > 1 ? names.at(-2) : undefined, names.at(-1) ?? '');
}

/** `row.name`: a column, or by attribute notation a function of the row (PostgreSQL 18, 8.16.5). */
function fieldOf(place: Place, entry: Entry, name: string, location: number | undefined): Provenance {
  const { walk } = place;
  const columns = entry.columns.filter((column) => column.name === name);
  if (columns.length > 0) return readColumn(walk, columns);
  if (SYSTEM_COLUMNS.has(name)) return systemColumn(name, [entry], walk);
  walk.touch([entry], entry.open?.sources ?? []);
  if (isFunctionName(walk, undefined, name))
    return callFunction(walk, { schema: undefined, name, arguments: [readRow(walk, entry)], location, modest: true });
  if (entry.open !== undefined) return entry.open;
  walk.lacks(`No column ${name} is known in ${entry.alias ?? 'this row'}.`, location);
  return unknownFrom(`no column ${name} is known`);
}

const BETWEEN: readonly string[] = ['<', '<=', '>', '>='];

export function aExpr(node: A_Expr, place: Place): Provenance {
  const name = nameOf(node.name) ?? [];
  const symbols = name[0]?.includes('BETWEEN') === true ? BETWEEN.map((symbol) => [symbol]) : [name];
  const operators = symbols.map((symbol) => useOperator(place.walk, symbol, node.location, operandsOf(node)));
  const { value, mayFail } = conditional(place.walk, () => ({
    left: operand(node.lexpr, place),
    right: operand(node.rexpr, place),
  }));
  const { left, right } = value;
  if (mayFail && comparesInTurn(node)) place.walk.flows.mayFail(madeOf([left, right]));
  operatorFails(node, left, right, place);
  return madeOf([...operators, left, right]);
}

/** Rows are compared value by value, BETWEEN and IN are an AND and an OR: each stops where it is decided. */
const comparesInTurn = ({ kind, lexpr, rexpr }: A_Expr): boolean =>
  kind === 'AEXPR_IN' ||
  kind?.includes('BETWEEN') === true ||
  [lexpr, rexpr].some((node) => as(node, 'RowExpr') !== undefined);

/** A row that is compared as it is written has the types that are written there. */
function operand(node: Node | undefined, place: Place): Provenance {
  const { looseRows } = place.walk.flows;
  const from = expression(node, place);
  const rows = [node, ...(as(node, 'List')?.items ?? [])].flatMap((item) => as(item, 'RowExpr') ?? []);
  const holdsRows = rows.some(({ args = [] }) => args.some((item) => as(item, 'RowExpr') !== undefined));
  if (rows.length > 0 && !holdsRows) place.walk.flows.looseRows = looseRows;
  return from;
}

/** `x BETWEEN …`, `x IN (…)` and `x op ANY (…)` compare with what is inside a list: only the left side tells its type. */
function operandsOf(node: A_Expr): readonly (Node | undefined)[] {
  return node.kind === 'AEXPR_OP' ? [node.lexpr, node.rexpr] : [node.lexpr];
}

/** Which branch is taken shows in the value, and, where a branch may fail, in whether there is one. */
export function caseExpr(node: CaseExpr, place: Place): Provenance {
  const { walk } = place;
  if (node.arg !== undefined) useOperator(walk, ['='], node.location);
  const { value, mayFail } = conditional(walk, () => {
    const whens = (node.args ?? []).map((branch) => as(branch, 'CaseWhen'));
    walk.reads(...whens);
    return {
      conditions: made([node.arg, ...whens.map((when) => when?.expr)], place),
      results: made([...whens.map((when) => when?.result), node.defresult], place),
    };
  });
  if (mayFail) walk.flows.mayFail(value.conditions);
  return madeOf([value.conditions, value.results]);
}

/** `(value).field`, `(value)[i]`, `(value).*`. */
export function indirection(node: A_Indirection, place: Place): Provenance {
  const steps = node.indirection ?? [];
  const first = textOf(steps[0]);
  const entry = first === undefined ? undefined : rowNamed(node.arg, place);
  if (entry !== undefined && first !== undefined) {
    place.walk.reads(as(node.arg, 'ColumnRef'));
    return fields(steps.slice(1), fieldOf(place, entry, first, as(node.arg, 'ColumnRef')?.location), place);
  }
  return fields(steps, made([node.arg], place), place);
}

/** A field of a value whose type we do not follow: a function of that name may run; else it is a part of the value. */
function fields(steps: readonly Node[], of: Provenance, place: Place): Provenance {
  let value = of;
  for (const step of steps) {
    const name = textOf(step);
    if (as(step, 'A_Indices') !== undefined) value = madeOf([value, expression(step, place)]);
    else if (name !== undefined && castsByName(place.walk, name)) value = madeOf([value]);
    if (name !== undefined && isFunctionName(place.walk, undefined, name))
      value = anyOf([
        value,
        callFunction(place.walk, { schema: undefined, name, arguments: [value], location: undefined, modest: true }),
      ]);
  }
  return value;
}

/** The entry when the node is a bare name that means a whole row here. */
export function rowNamed(node: Node | undefined, place: Place): Entry | undefined {
  const names = nameOf(as(node, 'ColumnRef')?.fields);
  if (names === undefined || names.length === 0) return undefined;
  if (names.length > 1) return undefined;
  const found = findName(place.scope, names[0] ?? '');
  return found.kind === 'row' ? found.entry : undefined;
}

export function subLink(node: SubLink, place: Place): Provenance {
  const { walk, scope } = place;
  const tested = madeOf([operand(node.testexpr, place)]);
  comparesRows(node, walk);
  const { value: inside, mayFail } = conditional(walk, () =>
    walk.listen(() => query(node.subselect, walk, scope, scope.ctes)),
  );
  if (node.subLinkType === 'EXISTS_SUBLINK')
    return place.decides === true ? NOWHERE : madeOf([{ sources: inside.columns, derived: true }]);
  const { columns, open, single } = inside.value;
  const values = [...columns.map((column) => column.from), ...(open === undefined ? [] : [open])];
  if (node.subLinkType !== 'EXPR_SUBLINK' || node.testexpr !== undefined) {
    const all = madeOf([tested, ...values]);
    // It stops at the first row that decides.
    if (mayFail && node.testexpr !== undefined) walk.flows.mayFail(all);
    return all;
  }
  // More than one row, where one is wanted, is an error.
  if (!single) walk.flows.mayFail(NOWHERE);
  return anyOf(values);
}

function comparesRows({ subLinkType, operName = [], testexpr, location }: SubLink, walk: Walk): void {
  if (subLinkType === 'ANY_SUBLINK' || subLinkType === 'ALL_SUBLINK')
    useOperator(walk, nameOf(operName) ?? ['='], location);
  if (operName.length === 0 && testexpr !== undefined) useOperator(walk, ['='], location);
}
