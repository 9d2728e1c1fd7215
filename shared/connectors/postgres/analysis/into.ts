import type { IntoClause } from 'libpg-query';
import { created } from './definitions.ts';
import type { Around } from './query.ts';
import { readWhole } from './unread.ts';

/** SELECT … INTO t, wherever it stands, creates t. */
export function selectInto(clause: IntoClause, around: Around): void {
  readWhole(around.walk, clause);
  created(clause.rel, around.walk);
}
