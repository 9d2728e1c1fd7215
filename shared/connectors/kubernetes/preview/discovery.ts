import type { JsonObject, JsonValue } from '../../../platform/json-value.ts';
import { isList, isObject } from '../body/fragments.ts';
import type { Look } from './look.ts';

/** Groups that are asked for: a cluster with every operator there is has some sixty. */
const MAX_GROUPS = 200;
const MAX_KINDS = 5_000;

/** A kind of resource, as discovery names it (Kubernetes API concepts, "API discovery"). */
export interface Kind {
  readonly kind: string;
  /** `/apis/apps/v1`. */
  readonly prefix: string;
  readonly resource: string;
  readonly namespaced: boolean;
}

/** By discovery, each group in the version that its server prefers. A group that does not answer is left out. */
export async function discover(look: Look): Promise<readonly Kind[] | undefined> {
  const [core, groups] = await Promise.all([look.at('/api/v1'), look.at('/apis')]);
  if (core === undefined || groups === undefined) return undefined;
  const prefixes = membersOf(groups['groups'])
    .flatMap(preferred)
    .slice(0, MAX_GROUPS)
    .map((version) => `/apis/${version}`);
  const lists = await Promise.all(prefixes.map(async (prefix) => kindsIn(prefix, await look.at(prefix))));
  return [...kindsIn('/api/v1', core), ...lists.flat()].slice(0, MAX_KINDS);
}

const membersOf = (value: JsonValue | undefined): readonly JsonObject[] =>
  value !== undefined && isList(value) ? value.filter(isObject) : [];

function preferred({ preferredVersion }: JsonObject): string[] {
  const version = preferredVersion !== undefined && isObject(preferredVersion) ? preferredVersion['groupVersion'] : '';
  return typeof version === 'string' && /^[a-z0-9.-]+\/[a-z0-9]+$/.test(version) ? [version] : [];
}

/** Those that can be listed; subresources and reviews cannot. */
function kindsIn(prefix: string, list: JsonObject | undefined): Kind[] {
  return membersOf(list?.['resources']).flatMap(({ name, kind, namespaced, verbs }) =>
    typeof name === 'string' &&
    typeof kind === 'string' &&
    verbs !== undefined &&
    isList(verbs) &&
    verbs.includes('list')
      ? [{ kind, prefix, resource: name, namespaced: namespaced === true }]
      : [],
  );
}
