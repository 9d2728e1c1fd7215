import type { Node } from 'libpg-query';
import { as, nameOf, tagOf } from '../../grammar/nodes.ts';
import { findEntry, findName } from '../../lineage/scope.ts';
import type { Column, Shape } from '../../lineage/scope.ts';
import type { Place } from '../place.ts';
import { TOTAL } from './total.ts';

/** A chain of a thousand `||` asks at every one for what is left of it. */
const known = new WeakMap<Node, { readonly shape: Shape | undefined }>();

/**
 * What the text of an expression tells of its value: that it is JSON, or at least no array. Arrays of different lengths
 * cannot be joined to one another, and a text that is no JSON cannot be read as such: both fail for some values only.
 */
export function shapeOf(node: Node | undefined, place: Place): Shape | undefined {
  const tag = node === undefined ? undefined : tagOf(node);
  if (node === undefined || tag === undefined) return undefined;
  const found = known.get(node) ?? { shape: shapeBy(tag, node, place) };
  known.set(node, found);
  return found.shape;
}

function shapeBy(tag: string, node: Node, place: Place): Shape | undefined {
  if (SCALARS.has(tag)) return 'scalar';
  if (JSONS.has(tag)) return 'json';
  return Object.hasOwn(RULES, tag) ? RULES[tag]?.(node, place) : undefined;
}

/** Literals count as what stands beside them makes of them, which is told of there. */
const SCALARS: ReadonlySet<string> = new Set([
  ...['A_Const', 'ParamRef', 'BoolExpr', 'NullTest', 'BooleanTest', 'SQLValueFunction', 'XmlExpr', 'XmlSerialize'],
  ...['GroupingFunc', 'MergeSupportFunc', 'JsonIsPredicate', 'JsonSerializeExpr'],
]);
const JSONS: ReadonlySet<string> = new Set([
  ...['JsonObjectConstructor', 'JsonArrayConstructor', 'JsonArrayQueryConstructor', 'JsonObjectAgg', 'JsonArrayAgg'],
  ...['JsonParseExpr', 'JsonScalarExpr'],
]);

const RULES: Readonly<Record<string, (node: Node, place: Place) => Shape | undefined>> = {
  ColumnRef: (node, place) => common(columnsNamed(node, place).map(({ shape }) => shape)),
  FuncCall: functionShape,
  TypeCast: castShape,
  A_Expr: operatorShape,
  CollateClause: (node, place) => shapeOf(as(node, 'CollateClause')?.arg, place),
  CoalesceExpr: (node, place) => allOf(as(node, 'CoalesceExpr')?.args, place),
  MinMaxExpr: (node, place) => allOf(as(node, 'MinMaxExpr')?.args, place),
  CaseExpr: (node, place) => {
    const { args = [], defresult } = as(node, 'CaseExpr') ?? {};
    const results = args.flatMap((branch) => as(branch, 'CaseWhen')?.result ?? []);
    return allOf(defresult === undefined ? results : [...results, defresult], place);
  },
  SubLink: (node) => (ANSWERS_YES_OR_NO.has(as(node, 'SubLink')?.subLinkType ?? '') ? 'scalar' : undefined),
  A_Indirection: (node) => {
    const index = as(as(node, 'A_Indirection')?.indirection?.at(-1), 'A_Indices');
    return index === undefined || index.is_slice === true ? undefined : 'scalar';
  },
};

const ANSWERS_YES_OR_NO: ReadonlySet<string> = new Set(['EXISTS_SUBLINK', 'ANY_SUBLINK', 'ALL_SUBLINK']);

const allOf = (nodes: readonly Node[] | undefined, place: Place): Shape | undefined =>
  common((nodes ?? []).map((node) => shapeOf(node, place)));

function common(shapes: readonly (Shape | undefined)[]): Shape | undefined {
  if (shapes.length === 0 || shapes.includes(undefined)) return undefined;
  return shapes.every((shape) => shape === 'json') ? 'json' : 'scalar';
}

function columnsNamed(node: Node, { scope }: Place): readonly Column[] {
  const names = nameOf(as(node, 'ColumnRef')?.fields) ?? [];
  const last = names.at(-1) ?? '';
  if (names.length === 1) {
    const found = findName(scope, last);
    return found.kind === 'column' ? found.columns : [];
  }
  const entry = findEntry(scope, names.length > 2 ? names.at(-3) : undefined, names.at(-2) ?? '');
  return entry?.columns.filter(({ name }) => name === last) ?? [];
}

/** Numbers and dates whose overloads take no arrays. */
const NUMBERS: ReadonlySet<string> = new Set(
  'count sum avg round floor ceil abs extract date_part now age row_number rank dense_rank ntile cardinality'.split(
    ' ',
  ),
);

function functionShape(node: Node, { walk }: Place): Shape | undefined {
  const names = nameOf(as(node, 'FuncCall')?.funcname) ?? [];
  const name = names.at(-1) ?? '';
  if ((walk.catalogue?.functions(names.at(-2), name).length ?? 0) > 0) return undefined;
  if (TOTAL.jsons.has(name)) return 'json';
  return TOTAL.texts.has(name) || NUMBERS.has(name) ? 'scalar' : undefined;
}

const SCALAR_TYPES: ReadonlySet<string> = new Set(
  'text varchar bpchar name int2 int4 int8 numeric float4 float8 bool date timestamp timestamptz interval uuid'.split(
    ' ',
  ),
);

function castShape(node: Node, { walk }: Place): Shape | undefined {
  const type = as(node, 'TypeCast')?.typeName;
  const names = nameOf(type?.names) ?? [];
  const name = names.at(-1) ?? '';
  if (type?.arrayBounds !== undefined || walk.userType(names.at(-2), name) !== undefined) return undefined;
  if (name === 'json' || name === 'jsonb') return 'json';
  return SCALAR_TYPES.has(name) ? 'scalar' : undefined;
}

const PARTS_OF_JSON: ReadonlySet<string> = new Set(['->', '#>']);
const ON_NUMBERS: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%', '->>', '#>>']);

function operatorShape(node: Node, place: Place): Shape | undefined {
  const { kind, name, lexpr, rexpr } = as(node, 'A_Expr') ?? {};
  const symbol = nameOf(name)?.at(-1) ?? '';
  if (kind === 'AEXPR_NULLIF') return shapeOf(lexpr, place);
  if (kind !== 'AEXPR_OP' || TOTAL.patterns.has(symbol) || COMPARISONS.has(symbol)) return 'scalar';
  if (PARTS_OF_JSON.has(symbol)) return 'json';
  if (ON_NUMBERS.has(symbol)) return 'scalar';
  return symbol === '||' ? common([shapeOf(lexpr, place), shapeOf(rexpr, place)]) : undefined;
}

const COMPARISONS: ReadonlySet<string> = new Set(['=', '<>', '<', '<=', '>', '>=', '@>', '<@', '&&', '?', '?|', '?&']);
