import type { Node } from 'libpg-query';
import { tagOf, as } from '../grammar/nodes.ts';
import type { NodeOf } from '../grammar/nodes.ts';
import { NOWHERE, anyOf, madeOf, unknownFrom } from '../lineage/provenance.ts';
import type { Provenance } from '../lineage/provenance.ts';
import { aExpr, caseExpr, columnRef, indirection, subLink } from './expression-rules.ts';
import { functionCall, windowOf } from './call-rules.ts';
import { arrayFails, castFails, inTurn, xmlFails } from './infer/failures.ts';
import { JSON_RULES } from './json-rules.ts';
import type { Place } from './place.ts';
import { useOperator } from './operators.ts';
import { useType } from './types.ts';

/** Node types that the raw grammar uses for values. `ResTarget` stands here for the named arguments of XML functions. */
export type ExpressionTag =
  | 'A_Const'
  | 'ParamRef'
  | 'ColumnRef'
  | 'A_Expr'
  | 'BoolExpr'
  | 'TypeCast'
  | 'CollateClause'
  | 'FuncCall'
  | 'A_Indirection'
  | 'A_ArrayExpr'
  | 'SubLink'
  | 'CaseExpr'
  | 'CoalesceExpr'
  | 'MinMaxExpr'
  | 'NullTest'
  | 'BooleanTest'
  | 'RowExpr'
  | 'SQLValueFunction'
  | 'XmlExpr'
  | 'XmlSerialize'
  | 'GroupingFunc'
  | 'GroupingSet'
  | 'SetToDefault'
  | 'NamedArgExpr'
  | 'List'
  | 'ResTarget'
  | 'MergeSupportFunc'
  | 'A_Indices'
  | 'SortBy'
  | 'MultiAssignRef'
  | 'CurrentOfExpr'
  | 'WindowDef'
  | 'String'
  | keyof typeof JSON_RULES;

export type ExpressionRules = { readonly [K in ExpressionTag]: (node: NodeOf<K>, place: Place) => Provenance };

export const EXPRESSION_RULES: ExpressionRules = {
  A_Const: () => NOWHERE,
  ParamRef: () => NOWHERE,
  SQLValueFunction: () => NOWHERE,
  SetToDefault: () => NOWHERE,
  MergeSupportFunc: () => NOWHERE,
  String: () => NOWHERE,
  ColumnRef: columnRef,
  A_Expr: aExpr,
  FuncCall: functionCall,
  A_Indirection: indirection,
  SubLink: subLink,
  CaseExpr: caseExpr,
  WindowDef: windowOf,
  BoolExpr: (node, place) => inTurn(node.args ?? [], place.walk, (argument) => expression(argument, place)),
  NullTest: (node, place) => made([node.arg], place),
  BooleanTest: (node, place) => made([node.arg], place),
  RowExpr: (node, place) => {
    place.walk.usesRow(undefined);
    place.walk.flows.looseRows = true;
    return made(node.args, place);
  },
  A_ArrayExpr: (node, place) => {
    const from = made(node.elements, place);
    arrayFails(node.elements ?? [], from, place);
    return from;
  },
  MinMaxExpr: (node, place) => {
    const from = made(node.args, place);
    if (place.walk.flows.looseRows) place.walk.flows.mayFail(from);
    return from;
  },
  GroupingFunc: (node, place) => made(node.args, place),
  GroupingSet: (node, place) => made(node.content, place),
  CoalesceExpr: (node, place) => inTurn(node.args ?? [], place.walk, (argument) => expression(argument, place)),
  CollateClause: (node, place) => {
    place.walk.reads(...(node.collname ?? []));
    return expression(node.arg, place);
  },
  TypeCast: (node, place) => {
    useType(place.walk, node.typeName, node.arg);
    const from = expression(node.arg, place);
    castFails(node.typeName, node.arg, from, place.walk);
    return madeOf([from]);
  },
  List: (node, place) => anyOf((node.items ?? []).map((item) => expression(item, place))),
  NamedArgExpr: (node, place) => expression(node.arg, place),
  ResTarget: (node, place) => made([...(node.indirection ?? []), node.val], place),
  SortBy: (node, place) => {
    const names = (node.useOp ?? []).flatMap((part) => as(part, 'String')?.sval ?? []);
    if (names.length > 0) useOperator(place.walk, names, node.location);
    return made([node.node], place);
  },
  A_Indices: (node, place) => made([node.lidx, node.uidx], place),
  MultiAssignRef: (node, place) => made([node.source], place),
  XmlExpr: (node, place) => {
    const from = made([...(node.named_args ?? []), ...(node.args ?? [])], place);
    xmlFails(node, from, place);
    return from;
  },
  XmlSerialize: (node, place) => {
    useType(place.walk, node.typeName);
    const from = made([node.expr], place);
    // It may be no document, or too long for its type.
    place.walk.flows.mayFail(from);
    return from;
  },
  CurrentOfExpr: (node, place) => {
    place.walk.unreadable(
      `WHERE CURRENT OF ${node.cursor_name ?? ''} depends on a cursor of another statement. Name the row by its key.`,
    );
    return NOWHERE;
  },
  ...JSON_RULES,
};

/** Reads one expression: where its value comes from, and on the way everything it would touch or run. */
export function expression(node: Node | undefined, place: Place): Provenance {
  if (node === undefined) return NOWHERE;
  if (!place.walk.step()) return unknownFrom('the statement is too large to follow');
  const tag = tagOf(node);
  if (tag !== undefined && isExpressionTag(tag)) return apply(tag, node, place);
  place.walk.unreadable(`No rule reads ${tag ?? 'this'} as a value.`);
  return unknownFrom('its expression cannot be read');
}

export function isExpressionTag(tag: string): tag is ExpressionTag {
  return Object.hasOwn(EXPRESSION_RULES, tag);
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- K ties the rule to the node it is for
function apply<K extends ExpressionTag>(tag: K, node: Node, place: Place): Provenance {
  const inside = as(node, tag);
  if (inside === undefined) return NOWHERE;
  place.walk.reads(inside);
  return EXPRESSION_RULES[tag](inside, place);
}

/** A value made of these. */
export function made(nodes: readonly (Node | undefined)[] | undefined, place: Place): Provenance {
  return madeOf((nodes ?? []).map((node) => expression(node, place)));
}
