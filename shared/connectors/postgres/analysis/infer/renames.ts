import type { AlterObjectSchemaStmt, RangeVar, RenameStmt } from 'libpg-query';
import { canonical } from '../../catalogue/index.ts';
import type { RelationFacts } from '../../catalogue/model.ts';
import { fromColumns } from '../../lineage/provenance.ts';
import { sourcesOf } from '../sources.ts';
import type { Walk } from '../walk.ts';

/** A class is given to a name. Under another name a column has another class, or none: its values move there. */
export function renamed({ renameType, relation, subname, newname = '' }: RenameStmt, walk: Walk): void {
  const facts = named(relation, walk);
  if (facts === undefined) return;
  if (renameType === 'OBJECT_COLUMN' || renameType === 'OBJECT_ATTRIBUTE')
    movesColumns(facts, walk, (column) => (column === subname ? [canonical(facts), newname] : undefined));
  else if (RELATIONS.has(renameType ?? ''))
    movesColumns(facts, walk, (column) => [canonical({ schema: facts.schema, name: newname }), column]);
}

export function movedToSchema({ relation, newschema = '' }: AlterObjectSchemaStmt, walk: Walk): void {
  const facts = named(relation, walk);
  if (facts !== undefined)
    movesColumns(facts, walk, (column) => [canonical({ schema: newschema, name: facts.name }), column]);
}

const RELATIONS: ReadonlySet<string> = new Set([
  'OBJECT_TABLE',
  'OBJECT_VIEW',
  'OBJECT_MATVIEW',
  'OBJECT_FOREIGN_TABLE',
]);

function named(relation: RangeVar | undefined, walk: Walk): RelationFacts | undefined {
  return relation === undefined ? undefined : walk.catalogue?.relation(relation.schemaname, relation.relname ?? '');
}

function movesColumns(
  facts: RelationFacts,
  walk: Walk,
  to: (column: string) => readonly [relation: string, column: string] | undefined,
): void {
  const { catalogue } = walk;
  if (catalogue === undefined) return;
  const own = sourcesOf(facts, catalogue, true);
  facts.columns.forEach(({ name }, index) => {
    const place = to(name);
    if (place === undefined) return;
    const into = [catalogue.column(...place)];
    walk.flows.move({ from: own[index] ?? fromColumns(), into, place: place.join('.') });
  });
}

/** DETACH PARTITION: rows that were masked as the parent's are masked as the partition's own from then on. */
export function detached(part: RangeVar | undefined, walk: Walk): void {
  const facts = named(part, walk);
  if (facts !== undefined) movesColumns(facts, walk, (column) => [canonical(facts), column]);
}
