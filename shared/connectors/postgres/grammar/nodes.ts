import type { Node } from 'libpg-query';

/** The name of a node type of the grammar, e.g. `SelectStmt`. */
export type NodeTag = Node extends infer N ? (N extends unknown ? keyof N : never) : never;

/** The members of one node type. */
export type NodeOf<K extends NodeTag> = Extract<Node, Record<K, unknown>>[K] & object;

/** The tag of a wrapped node. The parser puts exactly one there; anything else is nothing that we can name. */
export function tagOf(node: Node): string | undefined {
  const tags = Object.keys(node);
  return tags.length === 1 ? tags[0] : undefined;
}

/** The node inside its wrapper when it is of type `tag`. */
export function as<K extends NodeTag>(node: Node | undefined, tag: K): NodeOf<K> | undefined;
export function as(node: object | undefined, tag: string): unknown {
  const inside: unknown = node !== undefined && Object.hasOwn(node, tag) ? Reflect.get(node, tag) : undefined;
  return inside;
}

/** The text of a `String` node. */
export function textOf(node: Node | undefined): string | undefined {
  return as(node, 'String')?.sval ?? (as(node, 'String') === undefined ? undefined : '');
}

/** A dotted name given as a list of `String` nodes; undefined without a list, or when a part is anything else. */
export function nameOf(parts: readonly Node[] | undefined): readonly string[] | undefined {
  const names = parts?.map(textOf);
  return names?.every((name) => name !== undefined) === true ? names : undefined;
}
