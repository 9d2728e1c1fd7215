import type { Node, TypeName } from 'libpg-query';
import type { Span } from '../../../domain/effect.ts';
import { expressionsOf } from '../catalogue/index.ts';
import { asSelect } from '../catalogue/texts.ts';
import { as, nameOf } from '../grammar/nodes.ts';
import { unknownFrom } from '../lineage/provenance.ts';
import { NO_ITEM } from '../lineage/scope.ts';
import type { Entry, Scope } from '../lineage/scope.ts';
import { expression } from './expressions.ts';
import { readWhole } from './unread.ts';
import type { Walk } from './walk.ts';

/** Schemas whose types come with the server: their input, output and casts are PostgreSQL's own. */
const SERVER_SCHEMAS: ReadonlySet<string> = new Set(['pg_catalog', 'information_schema']);

/**
 * A type that the text names. A value that becomes a domain runs the domain's checks, and a user type brings its own
 * operators and casts, so every type has to be known.
 */
export function useType(walk: Walk, typeName: TypeName | undefined, of?: Node): void {
  if (typeName === undefined) return;
  readWhole(walk, typeName);
  const names = nameOf(typeName.names);
  const name = names?.at(-1);
  if (names === undefined || name === undefined) {
    walk.unreadable('A type has no readable name.', typeName.location);
    return;
  }
  if (
    !(typeName.typmods ?? []).every((node) => as(node, 'A_Const') !== undefined || as(node, 'ColumnRef') !== undefined)
  )
    walk.unreadable('A type modifier is not a constant.', typeName.location);
  const schema = names.length > 1 ? names.at(-2) : undefined;
  // A literal is read by the type's own input function; no cast runs.
  if (as(of, 'A_Const')?.sval === undefined) walk.asksFor(walk.userType(schema, name) ?? `pg_catalog.${name}`);
  resolve(walk, schema, name, typeName.location);
}

function resolve(walk: Walk, schema: string | undefined, name: string, location: number | undefined): void {
  if (schema === 'pg_catalog') return;
  const user = walk.userType(schema, name);
  if (user !== undefined) useUserType(walk, user, walk.span(location));
  else if (walk.catalogue === undefined || (schema !== undefined && !SERVER_SCHEMAS.has(schema)))
    walk.lacks(`No type ${schema === undefined ? name : `${schema}.${name}`} is known.`, location);
}

/** `(value).name` may be a cast to a user type of that name (PostgreSQL 18, 8.16.5). False where there is none. */
export function castsByName(walk: Walk, name: string): boolean {
  const user = walk.userType(undefined, name);
  if (user === undefined) return false;
  walk.asksFor(user);
  useUserType(walk, user);
  return true;
}

/** A user type by canonical name, with all it is made of. */
export function useUserType(walk: Walk, canonicalType: string, at?: Span): void {
  if (canonicalType.startsWith('pg_catalog.') || !walk.usesType(canonicalType)) return;
  const dot = canonicalType.indexOf('.');
  const type = walk.catalogue?.type(canonicalType.slice(0, dot), canonicalType.slice(dot + 1));
  if (type === undefined) return;
  for (const part of type.parts) useUserType(walk, part, at);
  for (const name of type.supports)
    walk.add({
      action: 'sql:call',
      kind: 'function',
      name,
      at,
      attributes: { indirect: true, via: `operator class of ${canonicalType}` },
    });
  for (const check of type.checks) storedExpression(walk, check, { via: `type ${canonicalType}`, at }, anyRow());
}

/** Why a stored expression is evaluated, and what in the text leads there. */
interface Cause {
  readonly via: string;
  readonly at: Span | undefined;
}

/** Walks an expression that the catalogue holds: its calls are effects of whoever makes it run. */
export function storedExpression(walk: Walk, text: string, cause: Cause, scope: Scope): void {
  const { via, at } = cause;
  const inner = walk.within(via, text);
  if (inner === undefined) return;
  const statement = walk.catalogue?.parsed(asSelect(text));
  const nodes = expressionsOf(statement);
  if (nodes.length === 0) inner.unreadable(`An expression of ${via} cannot be read.`);
  for (const node of nodes) expression(node, { walk: inner, scope });
  walk.absorb(inner, at);
}

/**
 * Stored expressions name columns of their own row, or VALUE; nothing comes out of them, so any name will do. Row
 * policies with a query inside call the row by the name of its table.
 */
export function anyRow(relation?: string): Scope {
  return rowsCalled(relation === undefined ? [undefined] : [undefined, relation]);
}

/** Conditions of triggers name columns of the old and the new row. */
export function newAndOldRow(): Scope {
  return rowsCalled(['old', 'new']);
}

function rowsCalled(aliases: readonly (string | undefined)[]): Scope {
  const open = unknownFrom('a stored expression');
  const entries = aliases.map((alias): Entry => {
    return { alias, schema: undefined, columns: [], open, bases: [], rowOf: undefined, single: true };
  });
  return { item: { ...NO_ITEM, entries }, parent: undefined, ctes: undefined };
}
