import type { JsonFuncExpr, JsonKeyValue, Node } from 'libpg-query';
import type { NodeOf } from '../grammar/nodes.ts';
import { madeOf } from '../lineage/provenance.ts';
import type { Provenance } from '../lineage/provenance.ts';
import { expression, made } from './expressions.ts';
import { condition } from './infer/conditions.ts';
import { isFromRows } from './infer/failures.ts';
import { behaviors, context, returned, value } from './json-parts.ts';
import type { Place } from './place.ts';
import { query } from './query.ts';
import { windowOf } from './call-rules.ts';
import { useType } from './types.ts';

type JsonTag =
  | 'JsonObjectConstructor'
  | 'JsonArrayConstructor'
  | 'JsonArrayQueryConstructor'
  | 'JsonObjectAgg'
  | 'JsonArrayAgg'
  | 'JsonKeyValue'
  | 'JsonValueExpr'
  | 'JsonParseExpr'
  | 'JsonScalarExpr'
  | 'JsonSerializeExpr'
  | 'JsonIsPredicate'
  | 'JsonFuncExpr'
  | 'JsonArgument';

type JsonRules = { readonly [K in JsonTag]: (node: NodeOf<K>, place: Place) => Provenance };

/** The SQL/JSON constructors and query functions (PostgreSQL 18, 9.16): all built in, all made of their arguments. */
export const JSON_RULES: JsonRules = {
  JsonObjectConstructor: (node, place) => returned(node.output, place, () => made(node.exprs, place)),
  JsonArrayConstructor: (node, place) => returned(node.output, place, () => made(node.exprs, place)),
  JsonArrayQueryConstructor: (node, place) => {
    place.walk.reads(node.format);
    return returned(node.output, place, () => {
      const { columns, open } = query(node.query, place.walk, place.scope, place.scope.ctes);
      return madeOf([...columns.map((column) => column.from), ...(open === undefined ? [] : [open])]);
    });
  },
  JsonObjectAgg: (node, place) => {
    place.walk.reads(node.arg);
    return madeOf([aggregate(node.constructor, place), keyValue(node.arg ?? {}, place)]);
  },
  JsonArrayAgg: (node, place) => madeOf([aggregate(node.constructor, place), value(node.arg, place)]),
  JsonKeyValue: keyValue,
  JsonValueExpr: (node, place) => value(node, place),
  JsonParseExpr: (node, place) =>
    returned(node.output, place, () => {
      const from = value(node.expr, place);
      if (isFromRows(from)) place.walk.flows.mayFail(from);
      return from;
    }),
  JsonScalarExpr: (node, place) => returned(node.output, place, () => made([node.expr], place)),
  JsonSerializeExpr: (node, place) => returned(node.output, place, () => context(node.expr, place)),
  JsonIsPredicate: (node, place) => {
    place.walk.reads(node.format);
    return made([node.expr], place);
  },
  JsonArgument: (node, place) => value(node.val, place),
  JsonFuncExpr: jsonFunction,
};

/** A key that is NULL is refused, and under UNIQUE KEYS one that is there already. */
function keyValue({ key, value: of }: JsonKeyValue, place: Place): Provenance {
  const name = made([key], place);
  if (isFromRows(name)) place.walk.flows.mayFail(name);
  return madeOf([name, value(of, place)]);
}

function jsonFunction(node: JsonFuncExpr, place: Place): Provenance {
  place.walk.reads(node.output, node.output?.returning, node.output?.returning?.format);
  useType(place.walk, node.output?.typeName);
  const item = context(node.context_item, place);
  const path = made([node.pathspec], place);
  if (isFromRows(path)) place.walk.flows.mayFail(path);
  const all = madeOf([item, path, made(node.passing, place)]);
  return madeOf([all, behaviors([node.on_empty, node.on_error], all, place)]);
}

/** `constructor` is a member of every JavaScript object, so it is looked at only where the parser put one. */
function aggregate(node: unknown, place: Place): Provenance {
  const own = isAggregate(node) ? node : {};
  place.walk.reads(own);
  const order: readonly Node[] = own.agg_order ?? [];
  const window = own.over === undefined ? [] : [windowOf(own.over, place)];
  const filter = condition(own.agg_filter, 'predicate', place);
  return returned(own.output, place, () =>
    madeOf([...order.map((item) => expression(item, place)), filter, ...window]),
  );
}

function isAggregate(node: unknown): node is NodeOf<'JsonAggConstructor'> {
  return typeof node === 'object' && node !== null;
}
