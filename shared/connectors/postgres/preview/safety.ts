import type { Effect } from '../../../domain/effect.ts';
import type { PostgresCatalogue } from '../catalogue/index.ts';
import { byCanonical } from '../analysis/relation-facts.ts';

/**
 * Actions that a rollback undoes whole. Everything else is left out by name or by not being here: a sequence stays
 * advanced, a function or a trigger may reach out of the transaction (dblink, a file, a queue), a rule runs another
 * statement, DDL locks out everybody else for as long as it is tried.
 */
const UNDONE_BY_ROLLBACK: ReadonlySet<string> = new Set(['sql:select', 'sql:update', 'sql:delete', 'sql:lock']);

const REASONS: Readonly<Record<string, string>> = {
  'sql:insert': 'an insert draws from sequences and identity columns, and a rollback does not give the numbers back',
  'sql:advance': 'it advances a sequence, and a rollback does not give the numbers back',
  'sql:trigger': 'a trigger runs with it, and what that does outside of the database cannot be rolled back',
  'sql:call': 'it calls a function that is not known to be pure',
  'sql:rule': 'a rule makes another statement of it',
};

/** Why a statement with these effects is not run only to be rolled back; undefined when it may be. */
export function whyNotTried(effects: readonly Effect[], catalogue: PostgresCatalogue | undefined): string | undefined {
  for (const effect of effects) {
    const why = whyNotEffect(effect, catalogue);
    if (why !== undefined) return why;
  }
  return undefined;
}

function whyNotEffect(effect: Effect, catalogue: PostgresCatalogue | undefined): string | undefined {
  const { action, attributes, resource, group } = effect;
  if (!UNDONE_BY_ROLLBACK.has(action)) return REASONS[action] ?? `it does more than change rows (${action})`;
  if (attributes['expensive'] === true) return 'it may cost out of all proportion';
  if (attributes['system'] === true && group !== 'read') return 'it writes to the system catalogues';
  return group === 'write' ? whyNotRelation(resource.name, catalogue) : undefined;
}

/** Rows of a foreign table lie on another server, whose wrapper may keep them whatever happens here. */
function whyNotRelation(name: string, catalogue: PostgresCatalogue | undefined): string | undefined {
  const facts = byCanonical(name, catalogue);
  if (catalogue === undefined || facts === undefined) return `${name} is not known well enough`;
  const pending = [facts];
  const met = new Set(pending);
  for (const relation of pending) {
    if (relation.kind === 'f') return `${relation.schema}.${relation.name} lies on another server`;
    for (const child of catalogue.children(relation)) {
      if (met.has(child)) continue;
      met.add(child);
      pending.push(child);
    }
  }
  return undefined;
}

/**
 * Why not even its plan is asked for; undefined when it may be. EXPLAIN runs nothing, but the planner evaluates functions
 * that call themselves immutable or stable, and a user's function may lie about that.
 */
export function whyNotPlanned(effects: readonly Effect[]): string | undefined {
  const bad = effects.find(
    ({ group, action, attributes }) =>
      (group !== 'read' && group !== 'write') || attributes['expensive'] === true || action === 'sql:show',
  );
  return bad === undefined ? undefined : (REASONS[bad.action] ?? `the planner is not asked about ${bad.action}`);
}

/** What changes with it and is not in the number of rows that PostgreSQL reports for it. */
export function uncountedBy(effects: readonly Effect[]): readonly string[] {
  return effects.flatMap(({ action, attributes, resource }) => {
    const via = typeof attributes['via'] === 'string' ? attributes['via'] : '';
    if (action === 'sql:trigger') return [`what the trigger ${via} does (function ${resource.name})`];
    const changes = action === 'sql:update' || action === 'sql:delete' || action === 'sql:insert';
    if (!changes || attributes['indirect'] !== true || !via.includes('(')) return [];
    return [`rows of ${resource.name} that change by cascade from ${via}`];
  });
}
