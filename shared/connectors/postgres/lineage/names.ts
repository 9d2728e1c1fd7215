import type { Node } from 'libpg-query';
import { as, nameOf, tagOf, textOf } from '../grammar/nodes.ts';

/** What PostgreSQL calls a column whose expression suggests no name. */
const NAMELESS = '?column?';

/** Fixed names, by node type (FigureColname in parse_target.c describes the rules). */
const FIXED: Readonly<Record<string, string>> = {
  A_ArrayExpr: 'array',
  RowExpr: 'row',
  CoalesceExpr: 'coalesce',
  GroupingFunc: 'grouping',
  MergeSupportFunc: 'merge_action',
  XmlSerialize: 'xmlserialize',
  JsonParseExpr: 'json',
  JsonScalarExpr: 'json_scalar',
  JsonSerializeExpr: 'json_serialize',
  JsonObjectConstructor: 'json_object',
  JsonArrayConstructor: 'json_array',
  JsonArrayQueryConstructor: 'json_array',
  JsonObjectAgg: 'json_objectagg',
  JsonArrayAgg: 'json_arrayagg',
};

const XML: Readonly<Record<string, string>> = {
  IS_XMLCONCAT: 'xmlconcat',
  IS_XMLELEMENT: 'xmlelement',
  IS_XMLFOREST: 'xmlforest',
  IS_XMLPARSE: 'xmlparse',
  IS_XMLPI: 'xmlpi',
  IS_XMLROOT: 'xmlroot',
};

const JSON_FUNCTIONS: Readonly<Record<string, string>> = {
  JSON_EXISTS_OP: 'json_exists',
  JSON_QUERY_OP: 'json_query',
  JSON_VALUE_OP: 'json_value',
};

/** The name PostgreSQL gives an output column without AS. */
export function outputName(node: Node | undefined): string {
  return strong(node) ?? weak(node) ?? NAMELESS;
}

/** Names that win over a cast's type name. */
function strong(node: Node | undefined): string | undefined {
  if (node === undefined) return undefined;
  const tag = tagOf(node) ?? '';
  const rule = STRONG[tag];
  return rule === undefined ? FIXED[tag] : rule(node);
}

/** A cast lends its type's name, and CASE its own, where nothing better is found inside. */
function weak(node: Node | undefined): string | undefined {
  const cast = as(node, 'TypeCast');
  if (cast !== undefined) return nameOf(cast.typeName?.names)?.at(-1);
  const collate = as(node, 'CollateClause');
  if (collate !== undefined) return weak(collate.arg);
  const inside = as(node, 'A_Indirection');
  if (inside !== undefined) return weak(inside.arg);
  return as(node, 'CaseExpr') === undefined ? undefined : 'case';
}

const STRONG: Readonly<Record<string, (node: Node) => string | undefined>> = {
  ColumnRef: (node) => lastName(as(node, 'ColumnRef')?.fields),
  FuncCall: (node) => nameOf(as(node, 'FuncCall')?.funcname)?.at(-1),
  A_Indirection: (node) => lastName(as(node, 'A_Indirection')?.indirection) ?? strong(as(node, 'A_Indirection')?.arg),
  TypeCast: (node) => strong(as(node, 'TypeCast')?.arg),
  CollateClause: (node) => strong(as(node, 'CollateClause')?.arg),
  CaseExpr: (node) => strong(as(node, 'CaseExpr')?.defresult),
  A_Expr: (node) => (as(node, 'A_Expr')?.kind === 'AEXPR_NULLIF' ? 'nullif' : undefined),
  MinMaxExpr: (node) => (as(node, 'MinMaxExpr')?.op === 'IS_GREATEST' ? 'greatest' : 'least'),
  SQLValueFunction: (node) => valueFunction(as(node, 'SQLValueFunction')?.op),
  XmlExpr: (node) => XML[as(node, 'XmlExpr')?.op ?? ''],
  JsonFuncExpr: (node) => JSON_FUNCTIONS[as(node, 'JsonFuncExpr')?.op ?? ''],
  SubLink: subLinkName,
};

function subLinkName(node: Node): string | undefined {
  const link = as(node, 'SubLink');
  if (link?.subLinkType === 'EXISTS_SUBLINK') return 'exists';
  if (link?.subLinkType === 'ARRAY_SUBLINK') return 'array';
  if (link?.subLinkType !== 'EXPR_SUBLINK') return undefined;
  const first = as(as(link.subselect, 'SelectStmt')?.targetList?.[0], 'ResTarget');
  return first === undefined ? undefined : (first.name ?? outputName(first.val));
}

function lastName(parts: readonly Node[] | undefined): string | undefined {
  return (parts ?? []).flatMap((part) => textOf(part) ?? []).at(-1);
}

/** SVFOP_CURRENT_DATE → current_date; the `_N` forms with a precision share the name. */
function valueFunction(op: string | undefined): string | undefined {
  return op
    ?.replace(/^SVFOP_/, '')
    .replace(/_N$/, '')
    .toLowerCase();
}
