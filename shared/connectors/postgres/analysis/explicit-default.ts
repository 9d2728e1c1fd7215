import type { Node } from 'libpg-query';
import { as } from '../grammar/nodes.ts';

/** Does a list of assignments or of rows say DEFAULT somewhere: `SET a = DEFAULT`, `VALUES (1, DEFAULT)`? */
export function saysDefault(nodes: readonly (Node | undefined)[] | undefined): boolean {
  return (nodes ?? []).some((node) => as(node, 'SetToDefault') !== undefined || saysDefault(inside(node)));
}

function inside(node: Node | undefined): readonly (Node | undefined)[] | undefined {
  const target = as(node, 'ResTarget');
  if (target !== undefined) return [target.val];
  const several = as(node, 'MultiAssignRef');
  if (several !== undefined) return [several.source];
  return as(node, 'RowExpr')?.args ?? as(node, 'List')?.items;
}
