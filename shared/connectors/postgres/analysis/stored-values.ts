import { canonical } from '../catalogue/index.ts';
import type { RelationFacts } from '../catalogue/model.ts';
import { anyRow, storedExpression, useUserType } from './types.ts';
import type { Walk } from './walk.ts';
import type { Write } from './writes.ts';

/**
 * What is computed for a new or changed row: defaults of columns that got no value, generated columns, checks, index
 * and partition expressions, policies, comparisons of foreign keys. Of its parts, what they have besides: rows that come
 * through the parent keep its defaults and its policies.
 */
export function storedValues(facts: RelationFacts, parts: readonly RelationFacts[], what: Write, walk: Walk): void {
  for (const name of new Set([facts, ...parts].flatMap((relation) => relation.keyCode ?? [])))
    walk.add({
      action: 'sql:call',
      kind: 'function',
      name,
      at: what.at,
      attributes: { indirect: true, via: `foreign key or exclusion of ${canonical(facts)}` },
    });
  if (what.event === 'truncate') return;
  for (const policy of facts.policies)
    storedExpression(walk, policy, { via: `row security of ${canonical(facts)}`, at: what.at }, anyRow(facts.name));
  if (what.event === 'delete') return;
  const seen = new Set<string>();
  for (const relation of [facts, ...parts]) ofNewRow(relation, relation === facts, what, walk, seen);
}

/** `seen`: expressions met already; partitions repeat those of their parent. */
function ofNewRow(facts: RelationFacts, isTarget: boolean, what: Write, walk: Walk, seen: Set<string>): void {
  const name = canonical(facts);
  const stored = (text: string, via: string): void => {
    if (!seen.has(text)) storedExpression(walk, text, { via: `${via} ${name}`, at: what.at }, anyRow());
    seen.add(text);
  };
  for (const column of facts.columns) {
    if (isTarget) useUserType(walk, column.type, what.at);
    if (column.value !== undefined && computes(column, isTarget, what))
      stored(column.value, `value of ${column.name} in`);
  }
  for (const check of facts.checks) stored(check, 'check or index of');
}

/** Generated columns are always computed anew; a default where a new row has no value, or where the text says DEFAULT. */
function computes(column: RelationFacts['columns'][number], isTarget: boolean, what: Write): boolean {
  if (column.generated === true) return true;
  if (!isTarget) return false;
  return what.defaults === true || (what.event === 'insert' && what.columns?.has(column.name) !== true);
}
