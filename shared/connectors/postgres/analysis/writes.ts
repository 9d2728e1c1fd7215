import type { RangeVar } from 'libpg-query';
import type { Span } from '../../../domain/effect.ts';
import { canonical } from '../catalogue/index.ts';
import type { RelationFacts, WriteEvent } from '../catalogue/model.ts';
import type { SqlAction, SqlAttributes } from './vocabulary.ts';
import { ancestors, byCanonical, isSystem, partsOf } from './relation-facts.ts';
import { bodyWalk } from './bodies.ts';
import { hiddenCode } from './hidden-code.ts';
import { findRelation, nameShown } from './relations.ts';
import { storedValues } from './stored-values.ts';
import { triggers } from './triggers.ts';
import { boundView } from './views.ts';
import type { Walk } from './walk.ts';

export interface Write {
  readonly event: WriteEvent;
  /** Columns that get a value; absent when they are not listed. */
  readonly columns?: Set<string>;
  /** The text says DEFAULT somewhere: a column may get its default though it is listed. */
  readonly defaults?: boolean;
  /** ONLY: not the inheritance children. */
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
  if (!walk.step(8)) return undefined;
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
  const parts = partsWritten(facts, what, walk);
  const inner = walk.inner(name);
  for (const relation of [...ancestors(facts, walk.catalogue), ...parts.filter((part) => !part.partition)])
    inner.add({ action: ACTIONS[what.event], kind: 'relation', name: canonical(relation) });
  walk.absorb(inner, what.at);
  triggers(facts, parts, what, walk);
  rules(facts, what, walk);
  hiddenCode(facts, walk, what.at);
  storedValues(facts, parts, what, walk);
  if (facts.kind === 'v') throughView(facts, what, walk, met);
  const cascades = [facts, ...parts].flatMap((relation) => relation.cascades);
  for (const cascade of cascades.filter((candidate) => reaches(candidate, what)))
    cascaded(cascade.relation, { ...brought(cascade, name), at: what.at }, walk, met);
}

/** The tables below that hold the rows which are written: partitions, and of what is there already also children. */
function partsWritten(facts: RelationFacts, what: Write, walk: Walk): readonly RelationFacts[] {
  const parts = partsOf(facts, walk.catalogue);
  if (!walk.step(parts.length << 3)) return [];
  if (what.event === 'insert') return parts.filter((part) => part.partition);
  return what.only === true && facts.kind !== 'p' ? [] : parts;
}

/** What a foreign key does to the rows that refer here. */
function brought(cascade: RelationFacts['cascades'][number], from: string): Write {
  return {
    event: cascade.does,
    ...(cascade.does === 'update' ? { columns: new Set(cascade.columns) } : {}),
    ...(cascade.toDefault === true ? { defaults: true } : {}),
    attributes: { via: `${from} (${cascade.name})` },
  };
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
