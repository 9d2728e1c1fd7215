import type { Node } from 'libpg-query';
import type { Span } from '../../../domain/effect.ts';
import type { PostgresCatalogue } from '../catalogue/index.ts';
import { unknownFrom } from '../lineage/provenance.ts';
import { NO_ITEM } from '../lineage/scope.ts';
import type { Entry, Scope } from '../lineage/scope.ts';
import { query } from './query.ts';
import { statement } from './statement.ts';
import { anyRow, storedExpression } from './types.ts';
import { refuseUnread } from './unread.ts';
import type { Walk } from './walk.ts';

/** Functions looked into for one statement; what lies beyond stays a call that needs a permit like every other. */
const MAX_BODIES = 100;

const QUERIES: readonly string[] = ['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'];

/** Bodies are walked once a catalogue; `undefined` while that happens, and for those that cannot be read whole. */
const walked = new WeakMap<PostgresCatalogue, Map<string, Walk | undefined>>();

/**
 * What called functions do, as far as plain SQL tells: its effects join those of the statement, as indirect. The call
 * itself stays an effect that needs a permit, so a body that cannot be read takes nothing away.
 */
export function openBodies(walk: Walk): void {
  const opened = new Set<string>();
  for (
    let found = unopened(walk, opened);
    found.length > 0 && opened.size < MAX_BODIES;
    found = unopened(walk, opened)
  ) {
    for (const { name, at } of found) {
      opened.add(name);
      openNamed(walk, name, at);
    }
    walk.finish();
  }
}

function openNamed(walk: Walk, name: string, at: Span | undefined): void {
  for (const { body, defaults, supports } of walk.catalogue?.functionsNamed(name) ?? []) {
    const inner = body === undefined ? undefined : bodyWalk(body, name, walk);
    if (inner !== undefined) takeOver(inner, walk, at);
    const via = `default of ${name}`;
    if (defaults !== undefined) storedExpression(walk, defaults, { via, at }, anyRow());
    const attributes = { indirect: true, via: name };
    for (const part of supports ?? []) walk.add({ action: 'sql:call', kind: 'function', name: part, at, attributes });
  }
}

function unopened(walk: Walk, opened: ReadonlySet<string>): readonly { name: string; at: Span | undefined }[] {
  return walk.found
    .findings()
    .filter((finding) => finding.action === 'sql:call' && !opened.has(finding.name))
    .map(({ name, at }) => ({ name, at }));
}

/** Under EXPLAIN a function may run all the same, while constants are folded: what it writes is no plan. */
function takeOver(inner: Walk, walk: Walk, at: Span | undefined): void {
  const { planning } = walk;
  walk.planning = false;
  walk.absorb(inner, at);
  walk.planning = planning;
}

/** A body or a rule's action, walked as statements of its own; undefined when any of it cannot be read. */
export function bodyWalk(text: string, via: string, walk: Walk): Walk | undefined {
  const { catalogue } = walk;
  const statements = catalogue?.body(text);
  if (catalogue === undefined || statements === undefined) return undefined;
  const known = walked.get(catalogue) ?? new Map<string, Walk | undefined>();
  walked.set(catalogue, known);
  const key = `${via}\0${text}`;
  if (known.has(key)) return known.get(key);
  known.set(key, undefined);
  const inner = walk.inner(via);
  for (const node of statements) one(node, inner, via);
  if (inner.found.isUnreadable) return undefined;
  known.set(key, inner);
  return inner;
}

function one(node: Node, inner: Walk, via: string): void {
  if (QUERIES.some((tag) => Object.hasOwn(node, tag))) query(node, inner, argumentNames(via), undefined);
  else statement(node, inner);
  refuseUnread(inner, node);
}

/** Names that are no column mean arguments (`x`, `function.x`), or the old and new row of a rule: values of any origin. */
function argumentNames(via: string): Scope {
  const open = unknownFrom('an argument');
  const entries = [undefined, 'old', 'new', via.slice(via.indexOf('.') + 1)].map((alias): Entry => ({
    alias,
    schema: undefined,
    columns: [],
    open,
    bases: [],
    rowOf: undefined,
    single: true,
  }));
  return { item: { ...NO_ITEM, entries }, parent: undefined, ctes: undefined };
}
