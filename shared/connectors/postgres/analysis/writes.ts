import type { RangeVar } from 'libpg-query';
import type { Span } from '../../../domain/effect.ts';
import { canonical } from '../catalogue/index.ts';
import type { RelationFacts, WriteEvent } from '../catalogue/model.ts';
import type { SqlAction, SqlAttributes } from './vocabulary.ts';
import { ancestors, byCanonical, descendants, isSystem } from './relation-facts.ts';
import { bodyWalk } from './bodies.ts';
import { hiddenCode } from './hidden-code.ts';
import { findRelation, nameShown } from './relations.ts';
import { anyRow, storedExpression, useUserType } from './types.ts';
import { boundView } from './views.ts';
import type { Walk } from './walk.ts';

export interface Write {
  readonly event: WriteEvent;
  /** Columns that get a value; absent when they are not listed. */
  readonly columns?: Set<string>;
  /** Not the inheritance children: INSERT, and ONLY. */
  readonly only?: boolean;
  readonly attributes?: Partial<SqlAttributes>;
  /** What in the text it comes from; consequences point at the same place. */
  readonly at?: Span | undefined;
}

const ACTIONS: Readonly<Record<WriteEvent, SqlAction>> = {
  insert: 'sql:insert',
  update: 'sql:update',
  delete: 'sql:delete',
  truncate: 'sql:truncate',
};

/** A write to a named relation, with all that the database does because of it. */
export function write(node: RangeVar, walk: Walk, what: Write): RelationFacts | undefined {
  walk.step(8);
  const facts = findRelation(node, walk);
  const name = facts === undefined ? nameShown(node) : canonical(facts);
  const attributes = { ...what.attributes, ...(facts === undefined ? {} : { system: isSystem(facts) }) };
  const at = walk.span(node.location);
  walk.add({ action: ACTIONS[what.event], kind: 'relation', name, at, attributes, ...columnsOf(what, facts) });
  if (facts !== undefined) consequences(facts, { ...what, at }, walk, new Set([`${what.event} ${name}`]));
  return facts;
}

/** INSERT without a list may give a value to every column. */
function columnsOf(what: Write, facts: RelationFacts | undefined): { readonly columns?: Set<string> } {
  if (what.columns !== undefined) return { columns: what.columns };
  return what.event === 'insert' && facts !== undefined
    ? { columns: new Set(facts.columns.map((column) => column.name)) }
    : {};
}

/** Triggers, rules, checks, defaults and cascades of a written relation; cascades have consequences of their own. */
function consequences(facts: RelationFacts, what: Write, walk: Walk, met: Set<string>): void {
  const name = canonical(facts);
  const inner = walk.inner(name);
  const children = what.only === true || what.event === 'insert' ? [] : descendants(facts, walk.catalogue);
  for (const relation of [...ancestors(facts, walk.catalogue), ...children])
    inner.add({ action: ACTIONS[what.event], kind: 'relation', name: canonical(relation) });
  const triggers = walk.planning ? [] : facts.triggers.filter((candidate) => candidate.events.includes(what.event));
  for (const trigger of triggers)
    inner.add({
      action: 'sql:trigger',
      kind: 'function',
      name: trigger.function,
      attributes: { via: `${name}.${trigger.name}` },
    });
  walk.absorb(inner, what.at);
  rules(facts, what, walk);
  hiddenCode(facts, walk, what.at);
  values(facts, what, walk);
  if (facts.kind === 'v') throughView(facts, what, walk, met);
  for (const cascade of facts.cascades.filter((candidate) => reaches(candidate, what)))
    cascaded(
      cascade.relation,
      {
        event: cascade.does,
        ...(cascade.does === 'update' ? { columns: new Set(cascade.columns) } : {}),
        attributes: { via: `${name} (${cascade.name})` },
        at: what.at,
      },
      walk,
      met,
    );
}

/** An UPDATE brings something to those who refer here only if it changes what they refer to. */
function reaches(cascade: RelationFacts['cascades'][number], what: Write): boolean {
  if (cascade.event !== what.event) return false;
  const { columns } = what;
  return what.event !== 'update' || columns === undefined || cascade.keys.length === 0
    ? true
    : cascade.keys.some((key) => columns.has(key));
}

/** A rule is a statement of its own, and where it can be read, so are its effects. */
function rules(facts: RelationFacts, what: Write, walk: Walk): void {
  const name = canonical(facts);
  for (const rule of facts.rules.filter((candidate) => candidate.event === what.event)) {
    const via = `${name}.${rule.name}`;
    walk.add({ action: 'sql:rule', kind: 'object', name: via, at: what.at, attributes: { indirect: true, via: name } });
    const inner = rule.definition === undefined ? undefined : bodyWalk(rule.definition, via, walk);
    if (inner !== undefined) walk.absorb(inner, what.at);
  }
}

/** What is computed for a new or changed row: defaults of columns that got no value, checks, index expressions, policies. */
function values(facts: RelationFacts, what: Write, walk: Walk): void {
  const name = canonical(facts);
  const stored = (text: string, via: string): void => {
    storedExpression(walk, text, { via: `${via} ${name}`, at: what.at }, anyRow());
  };
  if (what.event === 'truncate') return;
  for (const policy of facts.policies) stored(policy, 'row security of');
  if (what.event === 'delete') return;
  for (const column of facts.columns) {
    useUserType(walk, column.type, what.at);
    if (column.value !== undefined && computes(column, what)) stored(column.value, `value of ${column.name} in`);
  }
  for (const check of facts.checks) stored(check, 'check or index of');
}

/** A column that gets no value gets its default; UPDATE only ever recomputes generated ones, and advances no sequence. */
function computes(column: RelationFacts['columns'][number], what: Write): boolean {
  const isGiven = what.columns?.has(column.name) ?? false;
  return !isGiven && !(what.event === 'update' && (column.value ?? '').startsWith('nextval('));
}

/** An updatable view writes to the table it selects from. */
function throughView(facts: RelationFacts, what: Write, walk: Walk, met: Set<string>): void {
  const bound = boundView(facts, walk);
  if (bound === undefined) walk.unreadable(`The definition of the view ${canonical(facts)} cannot be followed.`);
  for (const base of bound?.output.bases ?? [])
    cascaded(base, { event: what.event, attributes: { via: canonical(facts) }, at: what.at }, walk, met);
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
    at: what.at,
    attributes: { ...what.attributes, indirect: true },
    ...columns,
  });
  if (facts === undefined) walk.lacks(`No relation ${name} is known.`);
  else consequences(facts, what, walk, met);
}
