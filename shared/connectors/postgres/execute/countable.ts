import type { Node } from 'libpg-query';
import type { Effect } from '../../../domain/effect.ts';
import { tagOf } from '../grammar/nodes.ts';

const CHANGES_ROWS: ReadonlySet<string> = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

/**
 * Why the number that PostgreSQL reports for this statement is not the number of rows that it changes; undefined when it
 * is. Only then can an approval be bound to that number. Rows of triggers and cascades are never in it; that is said
 * beside it instead (`preview/safety.ts`), since they follow from the rows that are.
 */
export function whyUncountable(statement: Node, effects: readonly Effect[]): string | undefined {
  const tag = tagOf(statement);
  if (tag === undefined || !CHANGES_ROWS.has(tag))
    return 'only INSERT, UPDATE, DELETE and MERGE report how many rows they change. Write it as one of them.';
  if (changesInside(statement))
    return 'it changes rows in a WITH as well, which are not counted. Send each change as a statement of its own.';
  if (effects.some(({ action }) => action === 'sql:rule'))
    return 'a rewrite rule makes another statement of it, whose rows are not counted.';
  if (effects.some(({ group }) => group !== 'read' && group !== 'write'))
    return 'it calls a function that may change rows which are not counted.';
  return undefined;
}

/** A row change below the top. Tags are the only members of a tree that are spelt so; texts are values, never members. */
function changesInside(statement: Node): boolean {
  const pending: object[] = Object.values(statement).filter(isObject);
  for (const value of pending) {
    for (const [member, inner] of Object.entries(value)) {
      if (CHANGES_ROWS.has(member)) return true;
      if (isObject(inner)) pending.push(inner);
    }
  }
  return false;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
