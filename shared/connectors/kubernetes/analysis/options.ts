import type { JsonValue } from '../../../platform/json-value.ts';
import { ok, type Result } from '../../../platform/result.ts';
import type { StatementFault } from '../../connector.ts';
import { isObject } from '../body/fragments.ts';
import type { Body } from '../body/read.ts';
import { refuse } from '../request/fault.ts';
import type { KubeRequest } from '../request/model.ts';
import { isSet, one } from '../request/query.ts';

/** How a change is to be done, wherever that is said. */
export interface Options {
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly propagation: string;
}

/** Delete options in the query. The API server does not look at them once there is a body. */
const IN_QUERY = ['dryRun', 'gracePeriodSeconds', 'orphanDependents', 'propagationPolicy'];

/**
 * `DELETE …?dryRun=All` with a body deletes: with a body, only the body's options count (apiserver, handlers/delete.go). So
 * options in both places are refused, and `dryRun` that is anything but `All` as well.
 */
export function readOptions(request: KubeRequest, body: Body): Result<Options, StatementFault> {
  const { query, method } = request;
  const inBody = method === 'DELETE' && body.kind !== 'none';
  const twice = inBody ? IN_QUERY.find((key) => query.has(key)) : undefined;
  if (twice !== undefined)
    return refuse(
      'parameters_invalid',
      `has ${twice} in its query beside a body, which is all that Kubernetes reads then.`,
    );
  const given = inBody ? optionsInBody(body) : optionsInQuery(request);
  if (given.dryRun !== undefined && given.dryRun !== 'All')
    return refuse('parameters_invalid', 'has a dryRun that is not All, which is the only one there is.');
  const force = given.grace === 0 || isSet(query, 'force') || evictsNow(request, body);
  return ok({ dryRun: given.dryRun === 'All', force, propagation: given.propagation });
}

interface Given {
  readonly dryRun: string | undefined;
  readonly grace: number | undefined;
  readonly propagation: string;
}

function optionsInQuery({ query }: KubeRequest): Given {
  const grace = one(query, 'gracePeriodSeconds');
  return {
    dryRun: one(query, 'dryRun'),
    grace: grace === undefined ? undefined : Number(grace),
    propagation: propagationOf(one(query, 'propagationPolicy'), isSet(query, 'orphanDependents')),
  };
}

function optionsInBody(body: Body): Given {
  const value = body.kind === 'document' && isObject(body.value) ? body.value : {};
  const { dryRun, gracePeriodSeconds, propagationPolicy, orphanDependents } = value;
  return {
    dryRun: dryRunOf(dryRun),
    grace: typeof gracePeriodSeconds === 'number' ? gracePeriodSeconds : undefined,
    propagation: propagationOf(propagationPolicy, orphanDependents === true),
  };
}

/** An empty list is no dry run; anything that is not exactly `["All"]` is none of which we know. */
function dryRunOf(value: JsonValue | undefined): string | undefined {
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return undefined;
  return Array.isArray(value) && value.length === 1 && value[0] === 'All' ? 'All' : '?';
}

const propagationOf = (policy: JsonValue | undefined, orphan: boolean): string =>
  typeof policy === 'string' ? policy : orphan ? 'Orphan' : '';

/** An eviction carries options of its own for the deletion (policy/v1, Eviction). */
function evictsNow(request: KubeRequest, body: Body): boolean {
  if (request.kind !== 'resource' || request.subresource !== 'eviction') return false;
  const options = body.kind === 'document' && isObject(body.value) ? body.value['deleteOptions'] : undefined;
  return body.kind === 'opaque' || (isObject(options) && options['gracePeriodSeconds'] === 0);
}
