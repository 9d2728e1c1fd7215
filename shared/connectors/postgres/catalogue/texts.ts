import type { RelationFacts, Snapshot } from './model.ts';

/** SQL texts of a relation that the catalogue parses when it is made. Expressions become `SELECT expression`. */
export function relationTexts(relation: RelationFacts): string[] {
  const values = relation.columns.flatMap((column) => column.value ?? []);
  const stored = [...values, ...relation.checks, ...(relation.statistics ?? []), ...relation.policies];
  const triggers = relation.triggers.flatMap((trigger) => trigger.definition ?? []);
  return [...stored.map(asSelect), ...triggers, ...(relation.definition === undefined ? [] : [relation.definition])];
}

export function asSelect(expression: string): string {
  return `SELECT ${expression}`;
}

/** Bodies of functions in plain SQL, and rules: several statements each. */
export function bodiesOf(snapshot: Snapshot): Set<string> {
  const rules = snapshot.relations.flatMap((relation) => relation.rules.flatMap((rule) => rule.definition ?? []));
  return new Set([...snapshot.functions.flatMap((fact) => fact.body ?? []), ...rules]);
}
