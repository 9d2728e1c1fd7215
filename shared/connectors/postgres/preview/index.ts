import type { Effect } from '../../../domain/effect.ts';
import type { RowCount } from '../../../domain/impact.ts';
import type { Connector, Preview } from '../../connector.ts';
import type { PostgresConnection } from '../../../contracts/config/connection.ts';
import { PostgresCatalogue } from '../catalogue/index.ts';
import type { DataApi } from '../data-api.ts';
import { bindParameters } from '../execute/bind-parameters.ts';
import type { BoundStatement } from '../execute/bind-parameters.ts';
import { whyUncountable } from '../execute/countable.ts';
import { accessOf } from '../execute/executor.ts';
import { parseStatement } from '../grammar/index.ts';
import type { ParsedStatement } from '../grammar/index.ts';
import { approachTo } from './approach.ts';
import { measure } from './measure.ts';
import { sampleRead } from './reads.ts';
import { uncountedBy } from './safety.ts';
import { writeRead } from './write-read.ts';

/** The Connector's `preview` on a Data API. Number and sample are asked for at once; neither waits for the other's locks. */
export function createPostgresPreview(dataApi: DataApi): Connector<PostgresConnection>['preview'] {
  return async (statement, connection, effects, given): Promise<Preview> => {
    const catalogue = given instanceof PostgresCatalogue ? given : undefined;
    const uncounted = uncountedBy(effects);
    const bound = bindParameters(statement);
    const parsed = bound.ok ? await parseStatement(bound.value.grammar) : bound;
    if (!bound.ok || !parsed.ok) return { rows: UNREADABLE, uncounted, unbindable: 'it cannot be read.' };
    const matter = { dataApi, connection, effects, catalogue, bound: bound.value, parsed: parsed.value };
    const [rows, sample] = await Promise.all([rowsOf(matter), sampleOf(matter)]);
    const unbindable = whyUncountable(parsed.value.statement, effects);
    return {
      rows,
      uncounted,
      ...(unbindable === undefined ? {} : { unbindable }),
      ...(sample === undefined ? {} : { sample }),
    };
  };
}

const UNREADABLE: RowCount = { basis: 'unknown', why: 'it cannot be read' };

interface Matter {
  readonly dataApi: DataApi;
  readonly connection: PostgresConnection;
  readonly effects: readonly Effect[];
  readonly catalogue: PostgresCatalogue | undefined;
  readonly bound: BoundStatement;
  readonly parsed: ParsedStatement;
}

function rowsOf({ dataApi, connection, effects, catalogue, bound, parsed }: Matter): Promise<RowCount> {
  const place = { connection, access: accessOf(effects) };
  return measure(dataApi, place, bound, approachTo(parsed.statement, effects, catalogue), catalogue);
}

/** With the login that can only read. What cannot be had is left out: a sample is a help, never a condition. */
async function sampleOf({ dataApi, connection, catalogue, bound, parsed }: Matter): Promise<Preview['sample']> {
  const tree = sampleRead(parsed.statement, catalogue);
  const read = tree === undefined ? undefined : await writeRead(tree, bound.parameters, catalogue);
  if (read === undefined) return undefined;
  const { sql, parameters, lineage } = read;
  const outcome = await dataApi.run({ connection, access: 'read', sql, parameters, maxRows: 10, timeoutSeconds: 5 });
  return outcome.kind === 'done' && outcome.result.rows.length > 0 ? { result: outcome.result, lineage } : undefined;
}
