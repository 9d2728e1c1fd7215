import type { RangeVar } from 'libpg-query';
import { canonical } from '../catalogue/index.ts';
import type { RelationFacts, WriteEvent } from '../catalogue/model.ts';
import type { SqlAction, SqlAttributes } from './vocabulary.ts';
import { ancestors, byCanonical, descendants, isSystem } from './relation-facts.ts';
import { findRelation, nameShown } from './relations.ts';
import { anyRow, storedExpression, useUserType } from './types.ts';
import { boundView } from './views.ts';
import type { Walk } from './walk.ts';

export interface Write {
  readonly event: WriteEvent;
  /** Columns that get a value; absent when every column, or none in particular. */
  readonly columns?: Set<string>;
  readonly attributes?: Partial<SqlAttributes>;
}

const ACTIONS: Readonly<Record<WriteEvent, SqlAction>> = {
  insert: 'sql:insert',
  update: 'sql:update',
  delete: 'sql:delete',
  truncate: 'sql:truncate',
};

/** A write to a named relation, with all that the database does because of it. */
export function write(node: RangeVar, walk: Walk, what: Write): RelationFacts | undefined {
  const facts = findRelation(node, walk);
  const name = facts === undefined ? nameShown(node) : canonical(facts);
  const attributes = { ...what.attributes, ...(facts === undefined ? {} : { system: isSystem(facts) }) };
  const columns = what.columns === undefined ? {} : { columns: what.columns };
  walk.add({
    action: ACTIONS[what.event],
    kind: 'relation',
    name,
    at: walk.span(node.location),
    attributes,
    ...columns,
  });
  if (facts !== undefined) consequences(facts, what, walk, new Set([`${what.event} ${name}`]));
  return facts;
}

/** Triggers, rules, checks, defaults and cascades of a written relation; cascades have consequences of their own. */
function consequences(facts: RelationFacts, what: Write, walk: Walk, met: Set<string>): void {
  const name = canonical(facts);
  const inner = walk.inner(name);
  for (const relation of [...ancestors(facts, walk.catalogue), ...descendants(facts, walk.catalogue)])
    inner.add({ action: ACTIONS[what.event], kind: 'relation', name: canonical(relation) });
  for (const trigger of facts.triggers.filter((candidate) => candidate.events.includes(what.event)))
    inner.add({
      action: 'sql:trigger',
      kind: 'function',
      name: trigger.function,
      attributes: { via: `${name}.${trigger.name}` },
    });
  for (const rule of facts.rules.filter((candidate) => candidate.event === what.event))
    inner.add({ action: 'sql:rule', kind: 'object', name: `${name}.${rule.name}` });
  walk.absorb(inner);
  values(facts, what, walk);
  if (facts.kind === 'v') throughView(facts, what, walk, met);
  for (const cascade of facts.cascades.filter((candidate) => candidate.event === what.event))
    cascaded(
      cascade.relation,
      {
        event: cascade.does,
        ...(cascade.does === 'update' ? { columns: new Set(cascade.columns) } : {}),
        attributes: { via: `${name} (${cascade.name})` },
      },
      walk,
      met,
    );
}

/** What is computed for a new or changed row: defaults of columns that got no value, checks, index expressions, policies. */
function values(facts: RelationFacts, what: Write, walk: Walk): void {
  if (what.event === 'truncate') return;
  const scope = anyRow();
  for (const policy of facts.policies) storedExpression(walk, policy, `row security of ${canonical(facts)}`, scope);
  if (what.event === 'delete') return;
  for (const column of facts.columns) {
    useUserType(walk, column.type);
    const isGiven = what.columns?.has(column.name) ?? false;
    const isAdvance = /^nextval\(/.test(column.value ?? '');
    if (column.value !== undefined && !isGiven && !(isAdvance && what.event === 'update'))
      storedExpression(walk, column.value, `default of ${canonical(facts)}.${column.name}`, scope);
  }
  for (const check of facts.checks) storedExpression(walk, check, `check or index of ${canonical(facts)}`, scope);
}

/** An updatable view writes to the table it selects from. */
function throughView(facts: RelationFacts, what: Write, walk: Walk, met: Set<string>): void {
  const bound = boundView(facts, walk);
  if (bound === undefined) walk.unreadable(`The definition of the view ${canonical(facts)} cannot be followed.`);
  for (const base of bound?.output.bases ?? [])
    cascaded(base, { event: what.event, attributes: { via: canonical(facts) } }, walk, met);
}

function cascaded(name: string, what: Write, walk: Walk, met: Set<string>): void {
  const key = `${what.event} ${name}`;
  if (met.has(key)) return;
  met.add(key);
  const facts = byCanonical(name, walk.catalogue);
  const columns = what.columns === undefined ? {} : { columns: what.columns };
  walk.add({
    action: ACTIONS[what.event],
    kind: 'relation',
    name,
    attributes: { ...what.attributes, indirect: true },
    ...columns,
  });
  if (facts === undefined) walk.lacks(`No relation ${name} is known.`);
  else consequences(facts, what, walk, met);
}
