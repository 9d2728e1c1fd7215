import type { PostgresConnection } from '../../contracts/config/connection.ts';
import type { Lineage } from '../../domain/lineage.ts';
import type { Statement } from '../../domain/statement.ts';
import { ok } from '../../platform/result.ts';
import type { Result } from '../../platform/result.ts';
import type { Analysis, Catalogue, Connector, StatementFault } from '../connector.ts';
import { read } from './analysis/index.ts';
import type { Reading } from './analysis/index.ts';
import { PostgresCatalogue } from './catalogue/index.ts';
import { takeCatalogue, type Logins } from './catalogue/take.ts';
import type { DataApi } from './data-api.ts';
import { bindParameters } from './execute/bind-parameters.ts';
import { guardText, parseStatement } from './grammar/index.ts';

export type PostgresUnderstanding = Pick<Connector<PostgresConnection>, 'analyze' | 'lineage' | 'catalogue'>;

/** The half of the connector that reads: statements by PostgreSQL's grammar, names by a snapshot taken through `dataApi`. */
export function createPostgresUnderstanding(dataApi: DataApi, logins: Logins = 'both'): PostgresUnderstanding {
  return {
    analyze,
    lineage,
    catalogue: (connection) => takeCatalogue(dataApi, connection, logins),
  };
}

export async function analyze(
  statement: Statement,
  catalogue: Catalogue | undefined,
): Promise<Result<Analysis, StatementFault>> {
  const reading = await readingOf(statement, catalogue);
  return reading.ok ? ok(reading.value.analysis) : reading;
}

export async function lineage(statement: Statement, catalogue: Catalogue | undefined): Promise<Lineage> {
  const reading = await readingOf(statement, catalogue);
  return reading.ok ? reading.value.lineage : { known: false, why: reading.error.message };
}

async function readingOf(
  statement: Statement,
  catalogue: Catalogue | undefined,
): Promise<Result<Reading, StatementFault>> {
  // The text is guarded before any scanner sees it; a large one is parsed as it stands or not at all.
  const guarded = guardText(statement.text);
  if (!guarded.ok) return guarded;
  // The same binding that execution sends: what is analysed and what runs cannot differ. Offsets stay those of the text.
  const bound = bindParameters(statement);
  if (!bound.ok) return bound;
  const parsed = await parseStatement(bound.value.grammar);
  return parsed.ok ? ok(read(parsed.value, catalogue instanceof PostgresCatalogue ? catalogue : undefined)) : parsed;
}
