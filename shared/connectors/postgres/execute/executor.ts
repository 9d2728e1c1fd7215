import type { Effect } from '../../../domain/effect.ts';
import type { TargetOutcome } from '../../../domain/result-set.ts';
import type { Connector } from '../../connector.ts';
import type { DataApi, DataApiAccess } from '../data-api.ts';
import { bindParameters } from './bind-parameters.ts';

/** The Connector's `execute` on a Data API. Runs the statement once; never throws. */
export function createPostgresExecutor(dataApi: DataApi): Connector['execute'] {
  return async (statement, connection, effects, limits): Promise<TargetOutcome> => {
    const bound = bindParameters(statement);
    if (!bound.ok) return { kind: 'refused', code: bound.error.code, message: bound.error.message };
    const { sql, parameters } = bound.value;
    const { maxRows, timeoutSeconds } = limits;
    return dataApi.run({ connection, access: accessOf(effects), sql, parameters, maxRows, timeoutSeconds });
  };
}

/** Which login that is: the same choice as `aws/data-api` makes by `access`. */
export const credentialFor: Connector['credential'] = (connection, effects) =>
  accessOf(effects) === 'read' ? (connection.readSecretArn ?? connection.secretArn) : connection.secretArn;

/** The read-only login is for statements of which every effect is a read; no effects at all is not that. */
export function accessOf(effects: readonly Effect[]): DataApiAccess {
  return effects.length > 0 && effects.every((effect) => effect.group === 'read') ? 'read' : 'write';
}
