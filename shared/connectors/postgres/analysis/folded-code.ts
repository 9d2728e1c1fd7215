import type { Node } from 'libpg-query';
import { canonical, expressionsOf } from '../catalogue/index.ts';
import type { RelationFacts } from '../catalogue/model.ts';
import { asSelect } from '../catalogue/texts.ts';
import { as, nameOf } from '../grammar/nodes.ts';
import { bodyWalk } from './bodies.ts';
import { expression } from './expressions.ts';
import { anyRow } from './types.ts';
import { SQL_ACTIONS } from './vocabulary.ts';
import type { Walk } from './walk.ts';

/**
 * Planning any statement over a relation computes the constant parts of its checks, of its index, partition and
 * statistics expressions: with an index on `(a + f(1))`, `SELECT b FROM t` calls f (PostgreSQL 18: plancat.c and
 * relcache.c pass them through eval_const_expressions).
 */
export function foldedCode(facts: RelationFacts, walk: Walk): void {
  const constants = [...facts.checks, ...(facts.statistics ?? [])].flatMap((text) =>
    expressionsOf(walk.catalogue?.parsed(asSelect(text))).flatMap((node) => constantParts(node, walk)),
  );
  if (constants.length === 0) return;
  const inner = walk.inner(`planning of ${canonical(facts)}`);
  for (const node of constants) expression(node, { walk: inner, scope: anyRow() });
  walk.absorb(inner);
}

/** The largest parts that name no column, and calls of SQL functions, whose bodies take the place of the call. */
function constantParts(root: Node, walk: Walk): readonly Node[] {
  if (!namesColumn(root)) return computes(root) ? [root] : [];
  const own = isInlined(root, walk) ? [root] : [];
  return [...own, ...nodesBelow(root).flatMap((node) => constantParts(node, walk))];
}

const namesColumn = (node: Node): boolean =>
  as(node, 'ColumnRef') !== undefined || nodesBelow(node).some((inner) => namesColumn(inner));

const computes = (node: Node): boolean =>
  ['FuncCall', 'A_Expr', 'TypeCast'].some((tag) => Object.hasOwn(node, tag)) || nodesBelow(node).some(computes);

/** A function in plain SQL that does more than read its arguments; pure ones stay what they are when inlined. */
function isInlined(node: Node, walk: Walk): boolean {
  const names = nameOf(as(node, 'FuncCall')?.funcname);
  if (names === undefined) return false;
  const schema = names.length > 1 ? names.at(-2) : undefined;
  return (walk.catalogue?.functions(schema, names.at(-1) ?? '') ?? []).some((facts) => {
    if (facts.language !== 'sql') return false;
    const inner = facts.body === undefined ? undefined : bodyWalk(facts.body, canonical(facts), walk);
    return inner?.found.findings().some(({ action }) => SQL_ACTIONS[action] !== 'read') ?? false;
  });
}

/** The nodes right below this one. */
function nodesBelow(node: object): readonly Node[] {
  return Object.values(node).flatMap((value: unknown): readonly Node[] => {
    if (typeof value !== 'object' || value === null) return [];
    return isNode(value) ? [value] : nodesBelow(value);
  });
}

/** The grammar wraps each node in an object with one member, its tag. */
function isNode(value: object): value is Node {
  const names = Object.keys(value);
  return names.length === 1 && /^[A-Z]/.test(names[0] ?? '');
}
