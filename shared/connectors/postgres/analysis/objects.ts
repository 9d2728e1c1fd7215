import type { Node, RangeVar } from 'libpg-query';
import type { Span } from '../../../domain/effect.ts';
import { canonical } from '../catalogue/index.ts';
import { as, nameOf, textOf } from '../grammar/nodes.ts';
import type { SqlAction, SqlAttributes, SqlResourceKind } from './vocabulary.ts';
import type { Walk } from './walk.ts';

/** An object that a definition names: its parts as written, and where. */
export interface Named {
  readonly parts: readonly string[];
  readonly location?: number | undefined;
}

/** The name inside the shapes that definitions use: RangeVar, TypeName, ObjectWithArgs, RoleSpec, a list of strings. */
export function namedBy(node: Node | undefined): Named {
  const range = as(node, 'RangeVar');
  if (range !== undefined) return byRange(range);
  const type = as(node, 'TypeName');
  if (type !== undefined) return { parts: nameOf(type.names) ?? [], location: type.location };
  const role = as(node, 'RoleSpec');
  if (role !== undefined)
    return {
      parts: [role.rolename ?? (role.roletype ?? 'role').replace('ROLESPEC_', '').toLowerCase()],
      location: role.location,
    };
  const withArgs = as(node, 'ObjectWithArgs');
  const list = as(node, 'List')?.items ?? withArgs?.objname;
  if (list !== undefined) return { parts: list.flatMap((item) => nameInside(item)) };
  const text = textOf(node);
  return { parts: text === undefined ? [] : [text] };
}

/** `DROP OPERATOR CLASS` and friends nest names in names. */
function nameInside(node: Node): readonly string[] {
  return nameOf([node]) ?? namedBy(node).parts;
}

export function byRange(range: RangeVar | undefined): Named {
  const parts = [range?.schemaname, range?.relname].filter((part) => part !== undefined);
  return { parts, location: range?.location };
}

/** An effect of a definition on an object that exists or is about to. */
export function define(
  walk: Walk,
  action: SqlAction,
  kind: SqlResourceKind,
  named: Named,
  attributes: Partial<SqlAttributes> = {},
): { readonly name: string; readonly at: Span | undefined } {
  walk.step(12);
  const name = named.parts.length === 0 ? 'unnamed' : canonicalName(walk, kind, named.parts, action === 'sql:create');
  const at = walk.span(named.location) ?? walk.locate(named.parts);
  walk.add({ action, kind, name, at, attributes });
  return { name, at };
}

/** In its schema: the one written, the one where the catalogue has it, or the one where PostgreSQL would make it. */
function canonicalName(walk: Walk, kind: SqlResourceKind, parts: readonly string[], creates: boolean): string {
  const name = parts.at(-1) ?? '';
  const schema = parts.length > 1 ? parts.at(-2) : undefined;
  if (!IN_SCHEMAS.has(kind)) return parts.join('.');
  const known = existing(walk, kind, schema, name);
  if (known !== undefined) return known;
  if (schema !== undefined) return parts.join('.');
  if (!creates) walk.needsCatalogue = true;
  if (walk.catalogue === undefined) walk.lacks(`The schema of ${name} is not known.`);
  const target = walk.catalogue?.searchPath.find((candidate) => candidate !== 'pg_catalog');
  return target === undefined ? name : `${target}.${name}`;
}

const IN_SCHEMAS: ReadonlySet<SqlResourceKind> = new Set(['relation', 'sequence', 'function', 'type']);

function existing(walk: Walk, kind: SqlResourceKind, schema: string | undefined, name: string): string | undefined {
  if (kind === 'type') return walk.userType(schema, name);
  const facts =
    kind === 'function' ? walk.catalogue?.functions(schema, name)[0] : walk.catalogue?.relation(schema, name);
  return facts === undefined ? undefined : canonical(facts);
}
