import type { JsonFuncExpr, JsonOutput, Node } from 'libpg-query';
import type { NodeOf } from '../grammar/nodes.ts';
import { madeOf } from '../lineage/provenance.ts';
import type { Provenance } from '../lineage/provenance.ts';
import { expression, made } from './expressions.ts';
import { behavior, value } from './json-parts.ts';
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
  JsonObjectConstructor: (node, place) => output(node.output, place, () => made(node.exprs, place)),
  JsonArrayConstructor: (node, place) => output(node.output, place, () => made(node.exprs, place)),
  JsonArrayQueryConstructor: (node, place) => {
    place.walk.reads(node.format);
    return output(node.output, place, () =>
      madeOf(query(node.query, place.walk, place.scope, place.scope.ctes).columns.map((column) => column.from)),
    );
  },
  JsonObjectAgg: (node, place) => {
    place.walk.reads(node.arg);
    return madeOf([aggregate(node.constructor, place), made([node.arg?.key], place), value(node.arg?.value, place)]);
  },
  JsonArrayAgg: (node, place) => madeOf([aggregate(node.constructor, place), value(node.arg, place)]),
  JsonKeyValue: (node, place) => madeOf([made([node.key], place), value(node.value, place)]),
  JsonValueExpr: (node, place) => value(node, place),
  JsonParseExpr: (node, place) => output(node.output, place, () => value(node.expr, place)),
  JsonScalarExpr: (node, place) => output(node.output, place, () => made([node.expr], place)),
  JsonSerializeExpr: (node, place) => output(node.output, place, () => value(node.expr, place)),
  JsonIsPredicate: (node, place) => {
    place.walk.reads(node.format);
    return made([node.expr], place);
  },
  JsonArgument: (node, place) => value(node.val, place),
  JsonFuncExpr: jsonFunction,
};

function jsonFunction(node: JsonFuncExpr, place: Place): Provenance {
  return output(node.output, place, () =>
    madeOf([
      value(node.context_item, place),
      made([node.pathspec, ...(node.passing ?? [])], place),
      behavior(node.on_empty, place),
      behavior(node.on_error, place),
    ]),
  );
}

function output(node: JsonOutput | undefined, place: Place, of: () => Provenance): Provenance {
  place.walk.reads(node, node?.returning, node?.returning?.format);
  useType(place.walk, node?.typeName);
  return of();
}

/** `constructor` is a member of every JavaScript object, so it is looked at only where the parser put one. */
function aggregate(node: unknown, place: Place): Provenance {
  const own = isAggregate(node) ? node : {};
  place.walk.reads(own);
  const order: readonly Node[] = own.agg_order ?? [];
  const window = own.over === undefined ? [] : [windowOf(own.over, place)];
  return output(own.output, place, () =>
    madeOf([...order.map((item) => expression(item, place)), made([own.agg_filter], place), ...window]),
  );
}

function isAggregate(node: unknown): node is NodeOf<'JsonAggConstructor'> {
  return typeof node === 'object' && node !== null;
}
