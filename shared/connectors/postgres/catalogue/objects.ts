import type { Catalogue, TargetObject } from '../../connector.ts';
import { canonical, PostgresCatalogue } from './index.ts';
import type { RelationFacts } from './model.ts';

/** What agents look for. A sequence is part of its table, a partition is written and read through its parent. */
const KINDS: Readonly<Record<RelationFacts['kind'], string | undefined>> = {
  r: 'table',
  p: 'partitioned table',
  v: 'view',
  m: 'materialized view',
  f: 'foreign table',
  S: undefined,
};

/** The database's own: everybody knows them, and they would bury the rest. */
const SYSTEM = /^(pg_catalog|pg_toast|information_schema)$/;

/** Tables and views that the snapshot holds, in the order of their names. */
export function objectsOf(catalogue: Catalogue): readonly TargetObject[] {
  if (!(catalogue instanceof PostgresCatalogue)) return [];
  return [...catalogue.relations()]
    .flatMap((relation) => objectOf(relation))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

function objectOf(relation: RelationFacts): TargetObject[] {
  const kind = KINDS[relation.kind];
  if (kind === undefined || relation.partition || SYSTEM.test(relation.schema)) return [];
  const columns = relation.columns.map(({ name, type }) => ({ name, type }));
  const read = { text: `SELECT * FROM ${quoted(relation.schema)}.${quoted(relation.name)}` };
  return [{ kind, name: canonical(relation), columns, read }];
}

/** An identifier as it is (PostgreSQL, "Identifiers and Key Words"): case kept, quotation marks doubled. */
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
