import type { Node } from 'libpg-query';
import type { Span } from '../../../domain/effect.ts';
import type { Inference } from '../../../domain/inference.ts';
import { canonical } from '../catalogue/index.ts';
import type { PostgresCatalogue } from '../catalogue/index.ts';
import type { FunctionFacts } from '../catalogue/model.ts';
import { NOWHERE, fromColumns, madeOf, unknownFrom } from '../lineage/provenance.ts';
import type { Provenance } from '../lineage/provenance.ts';
import { NO_ITEM, NO_OUTPUT } from '../lineage/scope.ts';
import type { Entry, Output, Scope } from '../lineage/scope.ts';
import { query } from './query.ts';
import { statement } from './statement.ts';
import { anyRow, storedExpression } from './types.ts';
import { refuseUnread } from './unread.ts';
import type { Walk } from './walk.ts';

/** Functions looked into for one statement; what lies beyond stays a call that needs a permit like every other. */
const MAX_BODIES = 100;

const QUERIES: readonly string[] = ['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'];

/** A body as walked: what it does, and where the rows of its last statement come from. */
interface Body {
  readonly walk: Walk;
  readonly output: Output;
}

/** Bodies are walked once a catalogue; `undefined` while that happens, and for those that cannot be read whole. */
const walked = new WeakMap<PostgresCatalogue, Map<string, Body | undefined>>();

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
    const inner = body === undefined ? undefined : walkedBody(body, name, walk);
    if (inner !== undefined) takeOver(inner.walk, walk, at);
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
  walk.flows.movesOf(inner.flows, at);
  walk.planning = planning;
}

/** What the body of a function in plain SQL tells of its answer, arguments apart. */
export interface Origin {
  /** The columns that it gives. */
  readonly shown: Provenance;
  /** Those that decide which rows they are of, and whether it fails. */
  readonly decides: Provenance;
  /** Something in it may fail for some values. */
  readonly fails: boolean;
}

/** Undefined where the body is not read whole, computes defaults, or puts values somewhere that it may read again. */
export function originOf({ body, defaults, ...named }: FunctionFacts, walk: Walk): Origin | undefined {
  const read = body === undefined ? undefined : walkedBody(body, canonical(named), walk);
  if (read === undefined || defaults !== undefined || read.walk.flows.moves.length > 0) return undefined;
  const { columns, open } = read.output;
  return {
    shown: madeOf([...columns.map(({ from }) => from), ...(open === undefined ? [] : [open])]),
    decides: madeOf(read.walk.flows.inferences.map(decided)),
    fails: read.walk.flows.failures > 0,
  };
}

const decided = ({ column }: Inference): Provenance =>
  column === undefined ? unknownFrom('a body decides by values of any origin') : fromColumns(column);

/**
 * Which rows a function gives by itself is its owner's word, as a view's own conditions are. What it is asked with an
 * argument (`client_of('ada@example.com')`), its body tells, where that can be read.
 */
export function rowsOf(functions: readonly FunctionFacts[], args: readonly Node[], walk: Walk): void {
  if (args.length === 0) return;
  for (const one of functions) walk.flows.infer('rows', originOf(one, walk)?.decides ?? NOWHERE);
}

/** A rule's action, walked as statements of its own; undefined when any of it cannot be read. */
export const bodyWalk = (text: string, via: string, walk: Walk): Walk | undefined =>
  walkedBody(text, via, walk, ROWS_OF_A_RULE)?.walk;

function walkedBody(text: string, via: string, walk: Walk, names = argumentsOf(via)): Body | undefined {
  const { catalogue } = walk;
  const statements = catalogue?.body(text);
  if (catalogue === undefined || statements === undefined) return undefined;
  const known = walked.get(catalogue) ?? new Map<string, Body | undefined>();
  walked.set(catalogue, known);
  const key = `${via}\0${text}`;
  if (known.has(key)) return known.get(key);
  known.set(key, undefined);
  const inner = walk.inner(via);
  const output = statements.map((node) => one(node, inner, names)).at(-1) ?? NO_OUTPUT;
  if (inner.found.isUnreadable) return undefined;
  const body = { walk: inner, output };
  known.set(key, body);
  return body;
}

function one(node: Node, inner: Walk, names: Scope): Output {
  const isQuery = QUERIES.some((tag) => Object.hasOwn(node, tag));
  const output = isQuery ? query(node, inner, names, undefined) : statement(node, inner);
  refuseUnread(inner, node);
  return output;
}

/** Of an argument: nowhere in the body. Whoever calls it knows where it comes from. */
const GIVEN: Provenance = { sources: new Set(), derived: true };

/** Names that are no column mean arguments: `x`, `function.x`. */
const argumentsOf = (via: string): Scope => openRows([undefined, via.slice(via.indexOf('.') + 1)], GIVEN);

/** Names in an action of a rule may mean the old and the new row: values of any origin. */
const ROWS_OF_A_RULE: Scope = openRows([undefined, 'old', 'new'], unknownFrom('the row of a rule'));

function openRows(aliases: readonly (string | undefined)[], open: Provenance): Scope {
  const entries = aliases.map((alias): Entry => ({
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
