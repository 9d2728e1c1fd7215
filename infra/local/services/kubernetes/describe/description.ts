import type { JsonObject } from '../../../../../shared/platform/json-value.ts';
import { aggregated, coreVersions, groupList, groupNamed, resourceList, VERSION } from './discovery.ts';
import { document, index } from './openapi.ts';

type Described = JsonObject | string | undefined;

/** What is known before any object is: versions, discovery, schemas, health. `undefined`: the path is none of these. */
export function description([root = '', ...rest]: readonly string[], accept: string): Described {
  const describer = ROOTS.get(root);
  return describer?.(rest, accept.includes('g=apidiscovery.k8s.io') && accept.includes('v=v2;'));
}

const alone =
  (what: JsonObject | string) =>
  (rest: readonly string[]): Described =>
    rest.length === 0 ? what : undefined;

const ROOTS = new Map<string, (rest: readonly string[], isAggregated: boolean) => Described>([
  ['version', alone(VERSION)],
  ['healthz', alone('ok')],
  ['livez', alone('ok')],
  ['readyz', alone('ok')],
  ['openapi', openapi],
  ['api', core],
  ['apis', groups],
]);

function openapi([version, , ...groupVersion]: readonly string[]): Described {
  if (version !== 'v3') return undefined;
  return groupVersion.length === 0 ? index() : document(groupVersion.join('/'));
}

function core(rest: readonly string[], isAggregated: boolean): Described {
  if (rest.length === 0) return isAggregated ? aggregated(true) : coreVersions();
  return rest.length === 1 ? resourceList(rest.join('/')) : undefined;
}

function groups(rest: readonly string[], isAggregated: boolean): Described {
  if (rest.length === 0) return isAggregated ? aggregated(false) : groupList();
  if (rest.length === 1) return groupNamed(rest.join('/'));
  return rest.length === 2 ? resourceList(rest.join('/')) : undefined;
}
