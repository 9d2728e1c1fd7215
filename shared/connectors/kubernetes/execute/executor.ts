import type { KubernetesConnection } from '../../../contracts/config/connection.ts';
import type { Effect } from '../../../domain/effect.ts';
import type { TargetOutcome } from '../../../domain/result-set.ts';
import type { Connector, ExecuteLimits } from '../../connector.ts';
import { read, type Reading } from '../analysis/index.ts';
import type { KubernetesApi } from '../api.ts';
import { one } from '../request/query.ts';
import { resultOf } from './answer.ts';
import { accessOf, callOf } from './call.ts';
import { failureOf } from './outcome.ts';
import { whyNotCarried } from './streams.ts';
import { whyUncountable } from './countable.ts';

/** The Connector's `execute`: one call to the API server, never sent twice. Never throws. */
export function createKubernetesExecutor(api: KubernetesApi): Connector<KubernetesConnection>['execute'] {
  return async (statement, connection, effects, limits): Promise<TargetOutcome> => {
    const reading = read(statement, connection.registries);
    if (!reading.ok) return { kind: 'refused', code: reading.error.code, message: reading.error.message };
    const refused = whyNot(reading.value, effects, limits);
    if (refused !== undefined) return refused;
    const { request, body } = reading.value;
    const access = accessOf(effects);
    const answer = await api.call(callOf(connection, access, request, body, limits));
    const failure = failureOf(answer, access);
    if (failure !== undefined) return failure;
    if (answer.kind !== 'answered') return { kind: 'unknown', message: 'The answer could not be read.' };
    const limit = Number(one(request.query, 'limit') ?? Number.POSITIVE_INFINITY);
    return { kind: 'done', result: resultOf(answer.document, limits.maxRows, limit <= limits.maxRows) };
  };
}

/** What is not sent at all. */
function whyNot(
  { request }: Reading,
  effects: readonly Effect[],
  { rowsMax }: ExecuteLimits,
): TargetOutcome | undefined {
  const stream = whyNotCarried(request);
  if (stream !== undefined) return { kind: 'refused', code: 'not_carried', message: stream };
  const why = rowsMax === undefined ? undefined : whyUncountable(request, effects);
  if (why !== undefined)
    return { kind: 'refused', code: 'rows_not_counted', message: `The objects it changes cannot be counted: ${why}` };
  return rowsMax === 0
    ? { kind: 'refused', code: 'more_rows_than_approved', message: 'It changes 1 object and 0 were approved.' }
    : undefined;
}

/** The secret that is borrowed, or the cluster that is told who calls. */
export const credentialFor: Connector<KubernetesConnection>['credential'] = ({ credential }, effects) => {
  if (credential.kind === 'eks') return `eks:${credential.region}:${credential.cluster}`;
  return accessOf(effects) === 'read' ? (credential.readSecretArn ?? credential.secretArn) : credential.secretArn;
};
