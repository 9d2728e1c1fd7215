import type { CreateTableAsStmt, IntoClause, RangeVar, ViewStmt } from 'libpg-query';
import { NO_OUTPUT } from '../lineage/scope.ts';
import type { Output } from '../lineage/scope.ts';
import { rename } from './ctes.ts';
import { makes } from './infer/moves.ts';
import { byRange, define } from './objects.ts';
import { query } from './query.ts';
import { sweep } from './sweep.ts';
import { readWhole } from './unread.ts';
import type { Walk } from './walk.ts';

/** A relation that is made; the name that it gets. */
export function created(relation: RangeVar | undefined, walk: Walk): string {
  readWhole(walk, relation);
  const { name } = define(walk, 'sql:create', 'relation', byRange(relation));
  temporary(relation, walk);
  return name;
}

/** What is made in pg_temp stays with the session and stands before every other schema for the statements after it. */
export function temporary(relation: RangeVar | undefined, walk: Walk): void {
  if (relation?.relpersistence === 't' || relation?.schemaname === 'pg_temp')
    walk.add({ action: 'sql:session', kind: 'object', name: 'temporary', at: walk.span(relation.location) });
}

/** CREATE TABLE AS and CREATE MATERIALIZED VIEW run their query. */
export function createTableAs(node: CreateTableAsStmt, walk: Walk): Output {
  const output = query(node.query, walk, undefined, undefined);
  // A materialised view is followed by its definition; a table is known by nothing but its name.
  if (node.objtype === 'OBJECT_TABLE') filled(node.into, output, walk);
  else {
    readWhole(walk, node.into);
    created(node.into?.rel, walk);
  }
  return NO_OUTPUT;
}

export function createView(node: ViewStmt, walk: Walk): Output {
  created(node.view, walk);
  sweep(walk, node);
  return NO_OUTPUT;
}

/** SELECT … INTO t, wherever it stands, and CREATE TABLE t AS: t is new, and holds what the query gives. */
export function filled(clause: IntoClause | undefined, output: Output, walk: Walk): void {
  readWhole(walk, clause);
  const name = created(clause?.rel, walk);
  makes(name, rename(output, clause?.colNames), walk, walk.span(clause?.rel?.location));
}
