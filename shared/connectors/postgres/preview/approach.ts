import type { Node } from 'libpg-query';
import type { Effect } from '../../../domain/effect.ts';
import type { PostgresCatalogue } from '../catalogue/index.ts';
import { whyUncountable } from '../execute/countable.ts';
import { as } from '../grammar/nodes.ts';
import type { NodeOf } from '../grammar/nodes.ts';
import { insertCount, matchCount, tableCount } from './reads.ts';
import { whyNotPlanned, whyNotTried } from './safety.ts';

/** How the rows of a statement are found out: what promises most and keeps nothing. */
export type Approach =
  /** The text says it. */
  | { readonly how: 'said'; readonly rows: number; readonly why: string }
  /** Run it and roll it back; where that are too many rows, count by reading. */
  | { readonly how: 'try'; readonly read?: Node }
  /** Count by reading. */
  | { readonly how: 'count'; readonly read: Node; readonly why: string }
  /** Ask the planner. `why`: why nothing better. */
  | { readonly how: 'plan'; readonly why: string }
  | { readonly how: 'none'; readonly why: string };

export function approachTo(
  statement: Node,
  effects: readonly Effect[],
  catalogue: PostgresCatalogue | undefined,
): Approach {
  const insert = as(statement, 'InsertStmt');
  const inserted = insert === undefined ? undefined : insertApproach(statement, insert, effects);
  const unplanned = whyNotPlanned(effects);
  if (inserted !== undefined) return inserted;
  if (unplanned !== undefined) return { how: 'none', why: unplanned };
  if (effects.every(({ group }) => group === 'read'))
    return { how: 'plan', why: 'it only reads; these are the rows it would give' };
  const whole = wholeTable(statement, effects);
  if (whole !== undefined) return { how: 'count', read: whole, why: 'the whole table: nothing narrows it down' };
  return changeApproach(statement, effects, catalogue);
}

function changeApproach(
  statement: Node,
  effects: readonly Effect[],
  catalogue: PostgresCatalogue | undefined,
): Approach {
  const uncountable = whyUncountable(statement, effects);
  if (uncountable !== undefined) return { how: 'plan', why: uncountable };
  const read = matchCount(statement);
  const untried = whyDefaults(statement) ?? whyNotTried(effects, catalogue);
  if (untried === undefined) return { how: 'try', ...(read === undefined ? {} : { read }) };
  if (read === undefined) return { how: 'plan', why: untried };
  return { how: 'count', read, why: `counted by reading its WHERE, not tried: ${untried}` };
}

/** An INSERT is never tried: what it draws from sequences stays drawn. Its rows can be known without. */
function insertApproach(
  statement: Node,
  insert: NodeOf<'InsertStmt'>,
  effects: readonly Effect[],
): Approach | undefined {
  if (whyUncountable(statement, effects) !== undefined) return undefined;
  const said = valuesOf(insert);
  if (said !== undefined) return { how: 'said', rows: said, why: 'as many as it names' };
  const read = whyNotPlanned(effects) === undefined ? insertCount(insert) : undefined;
  return read === undefined ? undefined : { how: 'count', read, why: 'counted by reading what it would insert' };
}

function wholeTable(statement: Node, effects: readonly Effect[]): Node | undefined {
  const relation = as(statement, 'UpdateStmt')?.relation ?? as(statement, 'DeleteStmt')?.relation;
  const unbounded = effects.some(({ attributes }) => attributes['unbounded'] === true);
  return unbounded && relation !== undefined ? tableCount(relation) : undefined;
}

/** Rows of VALUES, or the one row of DEFAULT VALUES. */
function valuesOf({ selectStmt }: NodeOf<'InsertStmt'>): number | undefined {
  return selectStmt === undefined ? 1 : as(selectStmt, 'SelectStmt')?.valuesLists?.length;
}

/** `SET id = DEFAULT` draws from the sequence of an identity column, which no catalogue of expressions shows. */
function whyDefaults(statement: Node): string | undefined {
  const targets = as(statement, 'UpdateStmt')?.targetList ?? [];
  const draws = JSON.stringify(targets).includes('"SetToDefault"');
  return draws ? 'a default may draw from a sequence, and a rollback does not give the numbers back' : undefined;
}
