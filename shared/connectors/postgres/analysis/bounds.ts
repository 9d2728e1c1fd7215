import type { A_Expr, BoolExpr, Node } from 'libpg-query';
import { as, textOf } from '../grammar/nodes.ts';

/**
 * Conditions that hold for every row though they name a column: TRUE, `id = id`, `x OR TRUE`, `x IS NULL OR x IS NOT
 * NULL`. Only shapes that are certain; a condition that names no column of the target is unbounded anyway.
 */
export function isAlwaysTrue(node: Node | undefined): boolean {
  if (node === undefined) return true;
  const constant = as(node, 'A_Const');
  if (constant !== undefined) return constant.boolval?.boolval === true;
  const logic = as(node, 'BoolExpr');
  if (logic !== undefined) return logicHolds(logic);
  const comparison = as(node, 'A_Expr');
  return comparison !== undefined && comparesWithItself(comparison, ['=', '<=', '>=']);
}

function logicHolds({ boolop, args = [] }: BoolExpr): boolean {
  if (boolop === 'AND_EXPR') return args.every(isAlwaysTrue);
  if (boolop === 'OR_EXPR') return args.some(isAlwaysTrue) || coversNull(args);
  return boolop === 'NOT_EXPR' && isAlwaysFalse(args[0]);
}

function isAlwaysFalse(node: Node | undefined): boolean {
  const constant = as(node, 'A_Const');
  if (constant?.boolval !== undefined) return constant.boolval.boolval !== true;
  const comparison = as(node, 'A_Expr');
  return comparison !== undefined && comparesWithItself(comparison, ['<>', '<', '>']);
}

function comparesWithItself(node: A_Expr, operators: readonly string[]): boolean {
  return node.kind === 'AEXPR_OP' && operators.includes(textOf(node.name?.[0]) ?? '') && same(node.lexpr, node.rexpr);
}

/** `x IS NULL OR x IS NOT NULL`. */
function coversNull(args: readonly Node[]): boolean {
  const tests = args.map((node) => as(node, 'NullTest')).filter((test) => test !== undefined);
  return tests.some(
    (test) =>
      test.nulltesttype === 'IS_NULL' &&
      tests.some((other) => other.nulltesttype === 'IS_NOT_NULL' && same(test.arg, other.arg)),
  );
}

function same(left: Node | undefined, right: Node | undefined): boolean {
  return left !== undefined && right !== undefined && withoutPlaces(left) === withoutPlaces(right);
}

function withoutPlaces(node: Node): string {
  return JSON.stringify(node, (name, value: unknown) => (name === 'location' ? undefined : value));
}
