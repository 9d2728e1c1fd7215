import type { AlterTableStmt, CreateSchemaStmt, DropStmt, GrantStmt, Node, TruncateStmt } from 'libpg-query';
import { temporary } from './creation.ts';
import type { Span } from '../../../domain/effect.ts';
import { canonical } from '../catalogue/index.ts';
import type { RelationFacts } from '../catalogue/model.ts';
import { as, nameOf } from '../grammar/nodes.ts';
import { NO_OUTPUT } from '../lineage/scope.ts';
import type { Output } from '../lineage/scope.ts';
import { maintained } from './maintenance.ts';
import { checked, checkedBy } from './infer/checked.ts';
import { detached } from './infer/renames.ts';
import { byRange, define, namedBy } from './objects.ts';
import { byCanonical } from './relation-facts.ts';
import { sequenceNamed } from './sequences.ts';
import { statement } from './statement.ts';
import { sweep } from './sweep.ts';
import { readWhole } from './unread.ts';
import { dropped, droppedFromRelations, droppedSchema, truncated } from './victims.ts';
import type { SqlAction, SqlResourceKind } from './vocabulary.ts';
import type { Walk } from './walk.ts';
import { write } from './writes.ts';

const RELATIONS: ReadonlySet<string> = new Set([
  'OBJECT_TABLE',
  'OBJECT_VIEW',
  'OBJECT_MATVIEW',
  'OBJECT_FOREIGN_TABLE',
  'OBJECT_INDEX',
  'OBJECT_COLUMN',
  'OBJECT_TABCONSTRAINT',
  'OBJECT_POLICY',
  'OBJECT_RULE',
  'OBJECT_TRIGGER',
]);

const KINDS: Readonly<Record<string, SqlResourceKind>> = {
  OBJECT_SEQUENCE: 'sequence',
  OBJECT_FUNCTION: 'function',
  OBJECT_PROCEDURE: 'function',
  OBJECT_ROUTINE: 'function',
  OBJECT_AGGREGATE: 'function',
  OBJECT_OPERATOR: 'operator',
  OBJECT_SCHEMA: 'schema',
  OBJECT_TYPE: 'type',
  OBJECT_DOMAIN: 'type',
  OBJECT_ROLE: 'role',
  OBJECT_DATABASE: 'database',
  OBJECT_FOREIGN_SERVER: 'server',
  OBJECT_PARAMETER_ACL: 'setting',
};

/** What sort of resource an ObjectType of the grammar is to policies. */
export function kindOf(objectType: string | undefined): SqlResourceKind {
  if (objectType !== undefined && RELATIONS.has(objectType)) return 'relation';
  return KINDS[objectType ?? ''] ?? 'object';
}

/** Triggers, rules and policies are named after their table: `DROP TRIGGER t ON orders` is about orders. */
const ON_TABLE: ReadonlySet<string> = new Set(['OBJECT_POLICY', 'OBJECT_RULE', 'OBJECT_TRIGGER']);

export function drop(node: DropStmt, walk: Walk): Output {
  readWhole(walk, node);
  const cascade = node.behavior === 'DROP_CASCADE';
  const attributes = { unbounded: cascade, locks: true };
  const onTable = ON_TABLE.has(node.removeType ?? '');
  for (const object of node.objects ?? []) {
    if (!walk.step()) return NO_OUTPUT;
    const named = namedBy(object);
    const parts = onTable ? named.parts.slice(0, -1) : named.parts;
    const effect = define(walk, 'sql:drop', kindOf(node.removeType), { ...named, parts }, attributes);
    if (!onTable) victimsOf(node.removeType, effect.name, cascade, walk, effect.at);
  }
  return NO_OUTPUT;
}

const DROPS_RELATION: ReadonlySet<string> = new Set([
  'OBJECT_TABLE',
  'OBJECT_VIEW',
  'OBJECT_MATVIEW',
  'OBJECT_FOREIGN_TABLE',
  'OBJECT_SEQUENCE',
]);

function victimsOf(type: string | undefined, name: string, cascade: boolean, walk: Walk, at: Span | undefined): void {
  const facts = DROPS_RELATION.has(type ?? '') ? byCanonical(name, walk.catalogue) : undefined;
  if (facts !== undefined) dropped(facts, cascade, walk, at);
  else if (cascade && type === 'OBJECT_SCHEMA')
    inCatalogue(walk, () => {
      droppedSchema(name, walk, at);
    });
  else if (cascade)
    inCatalogue(walk, () => {
      droppedFromRelations(name, walk, at);
    });
}

/** Who falls with it, only the catalogue knows. */
function inCatalogue(walk: Walk, victims: () => void): void {
  if (walk.catalogue === undefined) walk.lacks('What depends on it is not known.');
  else victims();
}

export function truncate(node: TruncateStmt, walk: Walk): Output {
  const attributes = { unbounded: true, locks: true };
  for (const relation of node.relations ?? []) {
    if (!walk.step()) return NO_OUTPUT;
    const range = as(relation, 'RangeVar');
    const facts = range === undefined ? undefined : write(range, walk, { event: 'truncate', attributes });
    if (facts !== undefined && node.behavior === 'DROP_CASCADE') truncated(facts, walk, walk.span(range?.location));
    if (facts !== undefined && node.restart_seqs === true) restarted(facts, walk, walk.span(range?.location));
  }
  return NO_OUTPUT;
}

/** RESTART IDENTITY sets the sequences of the table's columns back. */
function restarted(facts: RelationFacts, walk: Walk, at: Span | undefined): void {
  for (const column of facts.columns) {
    const [, name] = /^nextval\('(.+)'::regclass\)$/.exec(column.value ?? '') ?? [];
    const sequence = name === undefined ? undefined : sequenceNamed(walk, name.replaceAll("''", "'"));
    if (sequence !== undefined)
      walk.add({
        action: 'sql:advance',
        kind: 'sequence',
        name: sequence,
        at,
        attributes: { indirect: true, via: canonical(facts) },
      });
  }
}

/** ALTER TABLE: one effect on the relation, and one more where a command loses data or changes the owner. */
export function alterTable(node: AlterTableStmt, walk: Walk): Output {
  const named = byRange(node.relation);
  readWhole(walk, node.relation);
  define(walk, 'sql:alter', 'relation', named, { locks: true });
  maintained(node.relation, walk);
  for (const command of node.cmds ?? []) {
    const altered = as(command, 'AlterTableCmd');
    const kind = altered?.subtype;
    if (altered !== undefined) checked(node.relation, checkedBy(altered), walk);
    if (kind === 'AT_DetachPartition') detached(as(altered?.def, 'PartitionCmd')?.name, walk);
    if (kind === 'AT_DropColumn' || kind === 'AT_DetachPartition')
      define(walk, 'sql:drop', 'relation', named, { locks: true });
    if (kind === 'AT_ChangeOwner') define(walk, 'sql:role', 'relation', named);
  }
  sweep(walk, { cmds: node.cmds });
  return NO_OUTPUT;
}

export function grant(node: GrantStmt, walk: Walk): Output {
  readWhole(walk, node);
  const action: SqlAction = node.is_grant === true ? 'sql:grant' : 'sql:revoke';
  const all = node.targtype !== 'ACL_TARGET_OBJECT';
  for (const object of node.objects ?? []) {
    const named = namedBy(object);
    define(
      walk,
      action,
      all ? 'schema' : kindOf(node.objtype),
      all ? { ...named, parts: [nameOf([object])?.[0] ?? 'unnamed'] } : named,
    );
  }
  if ((node.objects ?? []).length === 0) define(walk, action, 'object', { parts: ['default privileges'] });
  return NO_OUTPUT;
}

export function createSchema(node: CreateSchemaStmt, walk: Walk): Output {
  readWhole(walk, node.authrole);
  define(walk, 'sql:create', 'schema', { parts: [node.schemaname ?? node.authrole?.rolename ?? 'unnamed'] });
  for (const element of node.schemaElts ?? []) statement(element, walk);
  return NO_OUTPUT;
}

/** A definition with nothing to tell apart: one effect by name, its inside swept. */
export function simple(
  action: SqlAction,
  kind: SqlResourceKind,
  nodes: readonly (Node | undefined)[],
  whole: object,
  walk: Walk,
): Output {
  const names = nodes.filter((node) => node !== undefined);
  for (const node of names.length === 0 ? [undefined] : names) define(walk, action, kind, namedBy(node));
  if (action === 'sql:create') for (const node of names) temporary(as(node, 'RangeVar'), walk);
  sweep(walk, whole);
  return NO_OUTPUT;
}
