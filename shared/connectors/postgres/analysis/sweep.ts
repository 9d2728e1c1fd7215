import type { Node } from 'libpg-query';
import { as, nameOf } from '../grammar/nodes.ts';
import { unknownFrom } from '../lineage/provenance.ts';
import { callFunction } from './functions.ts';
import { byRange, define } from './objects.ts';
import { query } from './query.ts';
import type { Walk } from './walk.ts';

/**
 * The inside of a definition (CREATE, ALTER, …): marked as read, and searched for what may run or be read because of
 * it. ALTER TABLE … ADD COLUMN … DEFAULT f() runs f; CREATE VIEW reads what its query reads, as far as policies care.
 */
export function sweep(walk: Walk, root: object | undefined): void {
  if (root === undefined) return;
  const pending: object[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (!walk.step()) return;
    walk.reads(node);
    for (const child of Object.values(node)) if (isObject(child) && !handled(walk, child)) pending.push(child);
  }
}

/** True when a rule of its own has read the node whole. */
function handled(walk: Walk, child: object): boolean {
  if (Array.isArray(child)) return false;
  const node = asNode(child);
  if (as(node, 'SelectStmt') !== undefined) {
    query(node, walk, undefined, undefined);
    return true;
  }
  const call = as(node, 'FuncCall');
  const names = nameOf(call?.funcname);
  if (call !== undefined && names !== undefined)
    callFunction(walk, {
      schema: names.length > 1 ? names.at(-2) : undefined,
      name: names.at(-1) ?? '',
      arguments: [unknownFrom('a definition')],
      location: call.location,
      modest: true,
    });
  const range = as(node, 'RangeVar');
  if (range !== undefined) define(walk, 'sql:select', 'relation', byRange(range));
  return false;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Any object of the tree may be asked whether it wraps a node; one that does not simply has no such member. */
function asNode(value: object): Node;
function asNode(value: object): unknown {
  return value;
}
