import { isClassifiedEffect } from '../../../domain/classified-effects.ts';
import type { Effect } from '../../../domain/effect.ts';
import type { TargetOutcome } from '../../../domain/result-set.ts';
import type { PostgresConnection } from '../../../contracts/config/connection.ts';
import type { Connector, ExecuteLimits } from '../../connector.ts';
import type { DataApi, DataApiAccess, DataApiPlace, DataApiStatement } from '../data-api.ts';
import { parseStatement } from '../grammar/index.ts';
import { bindParameters } from './bind-parameters.ts';
import type { BoundStatement } from './bind-parameters.ts';
import { runBounded } from './bounded-run.ts';
import { whyUncountable } from './countable.ts';

/** The Connector's `execute` on a Data API. Runs the statement once; never throws. */
export function createPostgresExecutor(dataApi: DataApi): Connector<PostgresConnection>['execute'] {
  return async (statement, connection, effects, limits): Promise<TargetOutcome> => {
    const bound = bindParameters(statement);
    if (!bound.ok) return { kind: 'refused', code: bound.error.code, message: bound.error.message };
    const place: DataApiPlace = { connection, access: accessOf(effects) };
    const { rowsMax } = limits;
    if (rowsMax !== undefined) return runCounted(dataApi, place, bound.value, effects, { ...limits, rowsMax });
    return afterwards(await dataApi.run({ ...place, ...statementOf(bound.value, limits) }), effects);
  };
}

const statementOf = (
  { sql, parameters }: BoundStatement,
  { maxRows, timeoutSeconds }: ExecuteLimits,
): DataApiStatement => ({
  sql,
  parameters,
  maxRows,
  timeoutSeconds,
});

/** A bound that cannot be enforced is not a bound: then nothing is run. */
async function runCounted(
  dataApi: DataApi,
  place: DataApiPlace,
  bound: BoundStatement,
  effects: readonly Effect[],
  limits: ExecuteLimits & { readonly rowsMax: number },
): Promise<TargetOutcome> {
  const parsed = await parseStatement(bound.grammar);
  if (!parsed.ok) return { kind: 'refused', code: parsed.error.code, message: parsed.error.message };
  const why = whyUncountable(parsed.value.statement, effects);
  if (why !== undefined)
    return { kind: 'refused', code: 'rows_not_counted', message: `Its rows cannot be counted: ${why}` };
  return runBounded(dataApi, place, statementOf(bound, limits), limits.rowsMax);
}

/**
 * An error undoes the one transaction that a statement is. But a procedure or a DO block may have committed before its error,
 * a function may have reached out of the database, and maintenance works in transactions of its own: what is refused there
 * may have happened in part, whatever the SQLSTATE.
 */
function afterwards(outcome: TargetOutcome, effects: readonly Effect[]): TargetOutcome {
  if (outcome.kind !== 'refused' || OF_THE_CALL.test(outcome.code) || !effects.some(outlivesAnError)) return outcome;
  return {
    kind: 'unknown',
    message: `The database answered ${outcome.code}, but what it called may have committed something before that.`,
  };
}

/** Our own codes: the service refused the call before the database had it. */
const OF_THE_CALL = /^[a-z_]+$/;

const outlivesAnError = ({ group, action }: Effect): boolean =>
  group === 'execute' || action === 'sql:maintain' || action === 'sql:server';

/** Which login that is: the same choice as `aws/data-api` makes by `access`. */
export const credentialFor: Connector<PostgresConnection>['credential'] = (connection, effects) =>
  accessOf(effects) === 'read' ? (connection.readSecretArn ?? connection.secretArn) : connection.secretArn;

/**
 * The read-only login is for statements of which every effect is a read; no effects at all is not that. What the gateway
 * says of classified columns is about answers, and changes nothing.
 */
export function accessOf(effects: readonly Effect[]): DataApiAccess {
  const own = effects.filter((effect) => !isClassifiedEffect(effect));
  return own.length > 0 && own.every((effect) => effect.group === 'read') ? 'read' : 'write';
}
