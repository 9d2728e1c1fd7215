import type { Effect } from '../../../domain/effect.ts';
import type { PostgresConnection } from '../../../contracts/config/connection.ts';
import type { Connector } from '../../connector.ts';
import type { DataApi } from '../data-api.ts';
import { bindParameters } from '../execute/bind-parameters.ts';
import { accessOf } from '../execute/executor.ts';
import { parseStatement } from '../grammar/index.ts';
import { tagOf } from '../grammar/nodes.ts';
import { plannedRows } from './plan-rows.ts';

/** Statements that have a plan of rows. EXPLAIN of others says nothing, or runs them. */
const PLANNED: readonly string[] = ['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'];

/** The planner is asked while an agent waits. */
const WAIT_SECONDS = 5;

/** The Connector's `estimate`: EXPLAIN, which runs nothing as long as no function stands in for a constant. */
export function createPostgresEstimate(dataApi: DataApi): NonNullable<Connector<PostgresConnection>['estimate']> {
  return async (statement, connection, effects): Promise<number | undefined> => {
    if (effects.some(mayRunWhilePlanned)) return undefined;
    const bound = bindParameters(statement);
    const parsed = bound.ok ? await parseStatement(bound.value.grammar) : bound;
    if (!bound.ok || !parsed.ok || !PLANNED.includes(tagOf(parsed.value.statement) ?? '')) return undefined;
    const { sql, parameters } = bound.value;
    const outcome = await dataApi.run({
      connection,
      access: accessOf(effects),
      sql: `EXPLAIN (FORMAT JSON) ${sql}`,
      parameters,
      maxRows: 1,
      timeoutSeconds: WAIT_SECONDS,
    });
    return outcome.kind === 'done' ? plannedRows(outcome.result) : undefined;
  };
}

/** Calls of immutable and stable functions are evaluated while planning, whatever they do. */
const mayRunWhilePlanned = ({ group }: Effect): boolean => group === 'execute' || group === 'unreadable';
