import type { AlterTableCmd, RangeVar } from 'libpg-query';
import { sourcesOf } from '../sources.ts';
import type { Walk } from '../walk.ts';

/**
 * Parts of a definition that PostgreSQL holds every row to, and refuses it by: a CHECK, a key, a new type. They tell of
 * each column that they name.
 */
export function checked(relation: RangeVar | undefined, parts: readonly unknown[], walk: Walk): void {
  const { catalogue } = walk;
  const facts = relation === undefined ? undefined : catalogue?.relation(relation.schemaname, relation.relname ?? '');
  if (facts === undefined || catalogue === undefined) return;
  const sources = sourcesOf(facts, catalogue, true);
  const names = namesIn(parts);
  facts.columns.forEach(({ name }, index) => {
    const from = sources[index];
    if (from !== undefined && names.has(name))
      walk.flows.infer('constraint', from, false, walk.span(relation?.location));
  });
}

/** What in an ALTER TABLE looks at the rows that are there. */
export function checkedBy(command: AlterTableCmd): readonly unknown[] {
  switch (command.subtype) {
    case 'AT_AddConstraint':
    case 'AT_AddColumn':
    case 'AT_ColumnDefault':
    case 'AT_ValidateConstraint':
      return [command.def, command.name];
    case 'AT_AlterColumnType':
    case 'AT_SetNotNull':
      return [command.def, { String: { sval: command.name } }];
    default:
      return [];
  }
}

/** Every name in a part of the tree: more than the columns it means, never fewer. */
function namesIn(parts: readonly unknown[]): ReadonlySet<string> {
  const names = new Set<string>();
  const pending: unknown[] = [...parts];
  for (let next = pending.pop(); next !== undefined || pending.length > 0; next = pending.pop()) {
    if (typeof next === 'string') names.add(next);
    else if (typeof next === 'object' && next !== null) for (const inside of Object.values(next)) pending.push(inside);
  }
  return names;
}
