import type { Node } from 'libpg-query';
import { as, nameOf } from '../../grammar/nodes.ts';

/**
 * The column side of `column = :value`, the one comparison that a policy can permit apart: it answers for one value that
 * the request brought along, where LIKE, `<` and lists answer for many. A cast of the parameter is still that.
 */
export function comparedWithParameter(node: Node | undefined): Node | undefined {
  const comparison = as(node, 'A_Expr');
  const operator = nameOf(comparison?.name);
  if (comparison?.kind !== 'AEXPR_OP' || operator?.length !== 1 || operator[0] !== '=') return undefined;
  const { lexpr, rexpr } = comparison;
  if (isColumn(lexpr) && isParameter(rexpr)) return lexpr;
  return isParameter(lexpr) && isColumn(rexpr) ? rexpr : undefined;
}

const isColumn = (node: Node | undefined): boolean => as(node, 'ColumnRef') !== undefined;

function isParameter(node: Node | undefined): boolean {
  return as(node, 'ParamRef') !== undefined || as(as(node, 'TypeCast')?.arg, 'ParamRef') !== undefined;
}
