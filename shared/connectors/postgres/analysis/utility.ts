import type {
  CallStmt,
  CopyStmt,
  DefElem,
  ExplainStmt,
  LockStmt,
  Node,
  VariableSetStmt,
  VariableShowStmt,
} from 'libpg-query';
import { canonical } from '../catalogue/index.ts';
import { as, nameOf, textOf } from '../grammar/nodes.ts';
import { NOWHERE, madeOf, unknownFrom } from '../lineage/provenance.ts';
import type { Provenance } from '../lineage/provenance.ts';
import { NO_ITEM, NO_OUTPUT } from '../lineage/scope.ts';
import type { Output, Scope } from '../lineage/scope.ts';
import { expression } from './expressions.ts';
import { callFunction } from './functions.ts';
import { everythingRead } from './plans.ts';
import { condition } from './infer/conditions.ts';
import { assigns, leaves } from './infer/moves.ts';
import { query } from './query.ts';
import { readRow } from './read-column.ts';
import { findRelation, nameShown, readEntry } from './relations.ts';
import { statement } from './statement.ts';
import { readWhole } from './unread.ts';
import type { SqlAction, SqlResourceKind } from './vocabulary.ts';
import type { Walk } from './walk.ts';
import { write } from './writes.ts';

const EMPTY: Scope = { item: NO_ITEM, parent: undefined, ctes: undefined };

export function opaque(why: string): Output {
  return { ...NO_OUTPUT, open: unknownFrom(why) };
}

/** Options that EXPLAIN has in PostgreSQL 18; another might run or write something. */
const EXPLAIN_OPTIONS: ReadonlySet<string> = new Set([
  'analyze',
  'analyse',
  'verbose',
  'costs',
  'settings',
  'generic_plan',
  'buffers',
  'serialize',
  'wal',
  'timing',
  'summary',
  'memory',
  'format',
]);

/**
 * EXPLAIN runs nothing, unless ANALYZE: then it is the statement itself. A plan tells of every column that is read, in
 * views and policies too, for it counts rows by their statistics and quotes conditions; and of what decides on partitions.
 */
export function explain(node: ExplainStmt, walk: Walk): Output {
  const options = (node.options ?? []).map((option) => as(option, 'DefElem') ?? {});
  readWhole(walk, node.options);
  for (const option of options)
    if (!EXPLAIN_OPTIONS.has(option.defname ?? ''))
      walk.unreadable(`EXPLAIN has an unknown option ${option.defname ?? ''}.`, option.location);
  const runs = options.some((option) => option.defname?.startsWith('analy') === true && !isOff(option));
  const before = walk.planning;
  walk.planning = before || !runs;
  const output = statement(node.query, walk);
  walk.planning = before;
  const from = madeOf([everythingRead(walk), ...output.columns.map((column) => column.from)]);
  walk.add({ action: 'sql:explain', kind: 'constant', name: 'plan' });
  return { ...NO_OUTPUT, columns: [{ name: 'QUERY PLAN', from }] };
}

function isOff(option: DefElem): boolean {
  const value =
    option.arg === undefined
      ? 'true'
      : (textOf(option.arg)?.toLowerCase() ??
        String(as(option.arg, 'Integer')?.ival ?? (as(option.arg, 'Integer') === undefined ? 'true' : 0)));
  return value === 'false' || value === 'off' || value === '0';
}

/** COPY's rows travel beside the answer (PostgreSQL 18, 54.2.6), and the Data API has no such thing: nothing would come. */
const NO_STREAM_OUT =
  'COPY … TO STDOUT sends its rows as a stream, which the Data API does not carry. Send the SELECT itself.';
const NO_STREAM_IN =
  'COPY … FROM STDIN takes its rows from a stream, which the Data API does not carry. Send INSERT … VALUES.';

export function copy(node: CopyStmt, walk: Walk): Output {
  readWhole(walk, node.options);
  if (node.is_program === true) walk.add({ action: 'sql:copy-program', kind: 'server', name: 'program' });
  else if (node.filename !== undefined) walk.add({ action: 'sql:copy-file', kind: 'server', name: node.filename });
  else walk.unreadable(node.is_from === true ? NO_STREAM_IN : NO_STREAM_OUT);
  const rows = node.query === undefined ? NO_OUTPUT : statement(node.query, walk);
  const row = node.relation === undefined ? NOWHERE : copyRelation(node, node.relation, walk);
  const from = [row, ...rows.columns.map((column) => column.from), ...(rows.open === undefined ? [] : [rows.open])];
  if (writesOut(node)) leaves(madeOf(from), node.filename ?? 'program', walk, undefined);
  for (const attribute of node.attlist ?? []) walk.reads(attribute);
  return opaque('COPY answers with a stream');
}

/** Rows go to a file or a program on the server, where nothing masks them. */
const writesOut = ({ is_from: from, is_program: program, filename }: CopyStmt): boolean =>
  from !== true && (program === true || filename !== undefined);

function copyRelation(node: CopyStmt, relation: NonNullable<CopyStmt['relation']>, walk: Walk): Provenance {
  const names = nameOf(node.attlist) ?? [];
  const entry = readEntry(relation, walk, node.is_from === true);
  const scope = { ...EMPTY, item: { entries: [entry], columns: entry.columns } };
  condition(node.whereClause, 'predicate', { walk, scope });
  if (node.is_from !== true) return readRow(walk, entry);
  // COPY … (DEFAULT '\\D') puts defaults into listed columns, too.
  const defaults = (node.options ?? []).some((option) => as(option, 'DefElem')?.defname === 'default');
  write(relation, walk, { event: 'insert', defaults, ...(names.length > 0 ? { columns: new Set(names) } : {}) });
  const given = names.length > 0 ? names : entry.columns.map(({ name }) => name);
  assigns(entry, new Map(given.map((name) => [name, NOWHERE])), walk, walk.span(relation.location));
  return NOWHERE;
}

export function setVariable(node: VariableSetStmt, walk: Walk): Output {
  readWhole(walk, node);
  const name = node.name?.toLowerCase() ?? 'all';
  if (name === 'role' || name === 'session_authorization')
    walk.add({ action: 'sql:role', kind: 'role', name: roleIn(node) });
  else if (node.kind === 'VAR_SET_MULTI') walk.add({ action: 'sql:transaction', kind: 'object', name: 'transaction' });
  else walk.add({ action: 'sql:set', kind: 'setting', name });
  return NO_OUTPUT;
}

function roleIn(node: VariableSetStmt): string {
  return as(node.args?.[0], 'A_Const')?.sval?.sval ?? 'default';
}

export function show(node: VariableShowStmt, walk: Walk): Output {
  const name = node.name ?? 'all';
  walk.add({ action: 'sql:show', kind: 'setting', name: name.toLowerCase() });
  return name.toLowerCase() === 'all'
    ? opaque('settings may hold anything')
    : { ...NO_OUTPUT, columns: [{ name, from: NOWHERE }] };
}

export function call(node: CallStmt, walk: Walk): Output {
  const { funccall } = node;
  walk.reads(funccall);
  const names = nameOf(funccall?.funcname) ?? [];
  // CALL is for procedures, which may do anything; a pure function of that name changes nothing about it.
  walk.add({ action: 'sql:call', kind: 'function', name: names.join('.') });
  const args = (funccall?.args ?? []).map((argument) => expression(argument, { walk, scope: EMPTY }));
  callFunction(walk, {
    schema: names.length > 1 ? names.at(-2) : undefined,
    name: names.at(-1) ?? '',
    arguments: args,
    location: funccall?.location,
    modest: true,
  });
  return opaque('a procedure may answer anything');
}

export function lock(node: LockStmt, walk: Walk): Output {
  for (const relation of node.relations ?? []) {
    const range = as(relation, 'RangeVar');
    if (range === undefined) continue;
    const facts = findRelation(range, walk);
    const name = facts === undefined ? nameShown(range) : canonical(facts);
    walk.add({
      action: 'sql:lock',
      kind: 'relation',
      name,
      at: walk.span(range.location),
      attributes: { locks: true },
    });
  }
  return NO_OUTPUT;
}

/** A query that is kept for later: what it would do is what it does. */
export function kept(body: Node | undefined, name: string, walk: Walk): Output {
  walk.add({ action: 'sql:session', kind: 'object', name });
  if (as(body, 'SelectStmt') === undefined) statement(body, walk);
  else query(body, walk, undefined, undefined);
  return NO_OUTPUT;
}

/** A statement that is one effect and nothing else. */
export function only(walk: Walk, action: SqlAction, kind: SqlResourceKind, name: string): Output {
  walk.add({ action, kind, name });
  return NO_OUTPUT;
}
