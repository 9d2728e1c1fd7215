import { PostgresCatalogue } from '../../shared/connectors/postgres/catalogue/index.ts';
import type { RelationFacts } from '../../shared/connectors/postgres/catalogue/model.ts';
import { analyze } from '../../shared/connectors/postgres/understanding.ts';
import type { PolicySuite, SuiteRelations } from '../../shared/contracts/config/policy-suite.ts';
import type { Effect } from '../../shared/domain/effect.ts';
import { err, ok } from '../../shared/platform/result.ts';
import type { Result } from '../../shared/platform/result.ts';

/** Takes the statements of a suite apart as the gateway does, against the tables that the suite itself describes. */
export function createSuiteAnalyser(
  suite: PolicySuite,
): (connection: string, statement: string) => Promise<Result<readonly Effect[], string>> {
  const catalogues = new Map<string, Promise<PostgresCatalogue>>();
  return async (connection, text) => {
    const catalogue = catalogues.get(connection) ?? catalogueOf(suite.catalogue[connection] ?? {});
    catalogues.set(connection, catalogue);
    const analysis = await analyze({ text }, await catalogue);
    return analysis.ok ? ok(analysis.value.effects) : err(`${analysis.error.code}: ${analysis.error.message}`);
  };
}

/** A catalogue of plain tables and views: what policies are about, without triggers, cascades and functions. */
function catalogueOf(relations: SuiteRelations): Promise<PostgresCatalogue> {
  const schemas = [...new Set(Object.keys(relations).map((name) => partsOf(name)[0]))];
  return PostgresCatalogue.create({
    settings: {
      searchPath: ['pg_catalog', ...schemas],
      serverVersion: 180_000,
      standardConformingStrings: true,
      rowSecurity: true,
      volatileBuiltins: [],
      eventTriggers: [],
    },
    relations: Object.entries(relations).map(relationOf),
    functions: [],
    operators: [],
    casts: [],
    types: [],
  });
}

function relationOf([path, described]: [string, SuiteRelations[string]]): RelationFacts {
  const [schema, name] = partsOf(path);
  const columns = Array.isArray(described) ? described : described.columns;
  return {
    schema,
    name,
    kind: Array.isArray(described) ? 'r' : 'v',
    columns: columns.map((column) => ({ name: column, type: 'pg_catalog.text' })),
    ...(Array.isArray(described) ? {} : { definition: described.view }),
    parents: [],
    partition: false,
    triggers: [],
    rules: [],
    cascades: [],
    checks: [],
    policies: [],
    referencedBy: [],
    dependents: [],
    supports: [],
  };
}

const partsOf = (path: string): readonly [string, string] => {
  const dot = path.indexOf('.');
  return [path.slice(0, dot), path.slice(dot + 1)];
};
