import type { Span } from '../../../domain/effect.ts';
import type { PostgresCatalogue } from '../catalogue/index.ts';
import { canonical } from '../catalogue/index.ts';
import type { RelationFacts } from '../catalogue/model.ts';
import { byCanonical, partsOf, reach } from './relation-facts.ts';
import type { SqlAction, SqlResourceKind } from './vocabulary.ts';
import type { Walk } from './walk.ts';

/** Victims named of one CASCADE. An approver reads no more, and the effect itself says `unbounded`. */
const MAX_VICTIMS = 200;

interface Victim {
  readonly action: SqlAction;
  readonly kind: SqlResourceKind;
  readonly name: string;
}

/** TRUNCATE … CASCADE: every table that refers to these, and to those, is emptied as well. */
export function truncated(facts: RelationFacts, walk: Walk, at: Span | undefined): void {
  const victims = reach(facts, (relation) => [
    ...relation.referencedBy.flatMap((name) => byCanonical(name, walk.catalogue) ?? []),
    ...(walk.catalogue?.children(relation) ?? []),
  ]);
  report(
    victims.map((victim) => ({ action: 'sql:truncate', kind: 'relation', name: canonical(victim) })),
    facts,
    walk,
    at,
  );
}

/** DROP of a relation takes its partitions; with CASCADE the views over it, its children and the keys that refer to it. */
export function dropped(facts: RelationFacts, cascade: boolean, walk: Walk, at: Span | undefined): void {
  const gone = cascade ? reach(facts, (relation) => dependents(relation, walk.catalogue)) : partitions(facts, walk);
  const keys = cascade ? [facts, ...gone].flatMap((relation) => relation.referencedBy) : [];
  const names = new Set([canonical(facts), ...gone.map(canonical)]);
  const altered = [...new Set(keys)].filter((name) => !names.has(name));
  report(
    [
      ...gone.map((victim): Victim => ({ action: 'sql:drop', kind: 'relation', name: canonical(victim) })),
      ...altered.map((name): Victim => ({ action: 'sql:alter', kind: 'relation', name })),
    ],
    facts,
    walk,
    at,
  );
}

/** DROP SCHEMA … CASCADE: all that stands in it, and what depends on that. */
export function droppedSchema(schema: string, walk: Walk, at: Span | undefined): void {
  const inside = [...(walk.catalogue?.relations() ?? [])].filter((relation) => relation.schema === schema);
  const gone = new Map(inside.map((relation) => [canonical(relation), relation]));
  for (const relation of inside)
    for (const victim of reach(relation, (next) => dependents(next, walk.catalogue)))
      gone.set(canonical(victim), victim);
  const keys = new Set(
    [...gone.values()].flatMap((relation) => relation.referencedBy).filter((name) => !gone.has(name)),
  );
  report(
    [
      ...[...gone.values()].map((relation): Victim => {
        return { action: 'sql:drop', kind: relation.kind === 'S' ? 'sequence' : 'relation', name: canonical(relation) };
      }),
      ...[...keys].map((name): Victim => ({ action: 'sql:alter', kind: 'relation', name })),
      ...(walk.catalogue?.functionsIn(schema) ?? []).map((name): Victim => ({
        action: 'sql:drop',
        kind: 'function',
        name,
      })),
    ],
    { schema, name: '*' },
    walk,
    at,
  );
}

/** DROP TYPE and DROP FUNCTION … CASCADE: columns of the type go, triggers with the function go. */
export function droppedFromRelations(name: string, walk: Walk, at: Span | undefined): void {
  const relations = [...(walk.catalogue?.relations() ?? [])];
  walk.looks(relations.length);
  const victims = relations.flatMap((relation): Victim[] => {
    if (relation.columns.some((column) => column.type === name))
      return [{ action: 'sql:drop', kind: 'relation', name: canonical(relation) }];
    return relation.triggers.some((trigger) => trigger.function === name)
      ? [{ action: 'sql:alter', kind: 'relation', name: canonical(relation) }]
      : [];
  });
  const dot = name.indexOf('.');
  report(victims, { schema: name.slice(0, dot), name: name.slice(dot + 1) }, walk, at);
}

function dependents(relation: RelationFacts, catalogue: PostgresCatalogue | undefined): RelationFacts[] {
  const views = relation.dependents.flatMap((name) => byCanonical(name, catalogue) ?? []);
  return [...views, ...(catalogue?.children(relation) ?? [])];
}

function partitions(facts: RelationFacts, walk: Walk): RelationFacts[] {
  return partsOf(facts, walk.catalogue).filter((relation) => relation.partition);
}

function report(
  victims: readonly Victim[],
  of: { readonly schema: string; readonly name: string },
  walk: Walk,
  at: Span | undefined,
): void {
  if (!walk.step(victims.length << 2)) return;
  const attributes = { indirect: true, via: `${canonical(of)} CASCADE`, locks: true };
  for (const victim of victims.slice(0, MAX_VICTIMS)) walk.add({ ...victim, at, attributes });
  if (victims.length > MAX_VICTIMS)
    walk.add({
      action: 'sql:drop',
      kind: 'object',
      name: `${victims.length - MAX_VICTIMS} more`,
      at,
      attributes: { ...attributes, unbounded: true },
    });
}
