import type { StatementFault } from '../../shared/connectors/connector.ts';
import { flowsOf } from '../../shared/connectors/kubernetes/analysis/flows.ts';
import { read, type Reading } from '../../shared/connectors/kubernetes/analysis/index.ts';
import { PostgresCatalogue } from '../../shared/connectors/postgres/catalogue/index.ts';
import type { RelationFacts } from '../../shared/connectors/postgres/catalogue/model.ts';
import { analyze } from '../../shared/connectors/postgres/understanding.ts';
import type { PolicySuite, SuiteRelations } from '../../shared/contracts/config/policy-suite.ts';
import { lineageOf } from '../../shared/connectors/kubernetes/lineage.ts';
import type { GatewayConfig } from '../../shared/contracts/config/gateway.ts';
import { withClassifiedFields } from '../../shared/domain/annotated-effects.ts';
import type { Statement } from '../../shared/domain/statement.ts';
import { classifiedFields } from '../../shared/masking/document/fields.ts';
import { err, ok } from '../../shared/platform/result.ts';
import type { Result } from '../../shared/platform/result.ts';
import type { Analysed } from '../../shared/policy/suite/run.ts';

/** Takes the statements of a suite apart as the gateway does, against the tables that the suite itself describes. */
export function createSuiteAnalyser(
  suite: PolicySuite,
  { connections, masking }: Pick<GatewayConfig, 'connections' | 'masking'>,
): (connection: string, statement: Statement) => Promise<Result<Analysed, string>> {
  /** As the gateway marks the reads of a document of which any field has a class. */
  const marked = (
    reading: ReturnType<typeof read>,
    statement: Statement,
    connection: string,
  ): ReturnType<typeof read> => {
    const lineage = lineageOf(statement);
    if (!reading.ok || !lineage.known || lineage.document === undefined) return reading;
    const { relation, fields } = lineage.document;
    const any = classifiedFields(masking, connection, relation, fields).length > 0;
    return ok({ ...reading.value, effects: withClassifiedFields(reading.value.effects, any) });
  };
  const catalogues = new Map<string, Promise<PostgresCatalogue>>();
  return async (name, statement) => {
    const connection = connections.find((one) => one.name === name);
    if (connection?.kind === 'kubernetes')
      return told(withFlows(marked(read(statement, connection.registries), statement, name)));
    const catalogue = catalogues.get(name) ?? catalogueOf(suite.catalogue[name] ?? {});
    catalogues.set(name, catalogue);
    const analysis = await analyze(statement, await catalogue);
    return told(analysis);
  };
}

const withFlows = (read: Result<Reading, StatementFault>): Result<Analysed, StatementFault> =>
  read.ok ? ok({ effects: read.value.effects, ...flowsOf(read.value.request, read.value.body) }) : read;

const told = (read: Result<Analysed, StatementFault>): Result<Analysed, string> =>
  read.ok ? read : err(`${read.error.code}: ${read.error.message}`);

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
    unique: [],
    references: [],
  };
}

const partsOf = (path: string): readonly [string, string] => {
  const dot = path.indexOf('.');
  return [path.slice(0, dot), path.slice(dot + 1)];
};
