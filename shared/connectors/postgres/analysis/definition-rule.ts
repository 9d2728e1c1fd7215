import type { Node } from 'libpg-query';
import type { NodeOf, NodeTag } from '../grammar/nodes.ts';
import type { Output } from '../lineage/scope.ts';
import { simple } from './definitions.ts';
import type { SqlAction, SqlResourceKind } from './vocabulary.ts';
import type { Walk } from './walk.ts';

export type DefinitionRule<K extends NodeTag> = (node: NodeOf<K>, walk: Walk) => Output;
type Names = Node | readonly Node[] | string | undefined;

/** A rule that says: this action on the object named so; and sweeps the rest. */
export function on<N extends object>(
  action: SqlAction,
  kind: SqlResourceKind | ((node: N) => SqlResourceKind),
  names: (node: N) => Names,
): (node: N, walk: Walk) => Output {
  return (node, walk) => {
    const sort = typeof kind === 'function' ? kind(node) : kind;
    return simple(action, sort, [asNode(names(node))], node, walk);
  };
}

export function asNode(names: Names): Node | undefined {
  if (typeof names === 'string') return { String: { sval: names } };
  return isList(names) ? { List: { items: [...names] } } : names;
}

function isList(names: Names): names is readonly Node[] {
  return Array.isArray(names);
}

/** ALTER of something that stands on a relation or is named otherwise. */
export const either = (relation: NodeOf<'RangeVar'> | undefined, object: Node | undefined): Node | undefined =>
  relation === undefined ? object : { RangeVar: relation };
