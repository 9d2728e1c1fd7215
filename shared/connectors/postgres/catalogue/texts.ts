import type { RelationFacts, Snapshot } from './model.ts';

/** SQL texts of a relation that the catalogue parses when it is made. Expressions become `SELECT expression`. */
export function relationTexts(relation: RelationFacts): string[] {
  const values = relation.columns.flatMap((column) => column.value ?? []);
  const expressions = [...values, ...relation.checks, ...relation.policies].map(asSelect);
  return relation.definition === undefined ? expressions : [...expressions, relation.definition];
}

export function asSelect(expression: string): string {
  return `SELECT ${expression}`;
}

/** Bodies of functions in plain SQL, and rules: several statements each. */
export function bodiesOf(snapshot: Snapshot): Set<string> {
  const rules = snapshot.relations.flatMap((relation) => relation.rules.flatMap((rule) => rule.definition ?? []));
  return new Set([...snapshot.functions.flatMap((fact) => fact.body ?? []), ...rules]);
}
