import type { KubernetesConnection } from '../../contracts/config/connection.ts';
import { canonicalJson, sha256Hex } from '../../platform/canonical.ts';
import type { JsonObject, JsonValue } from '../../platform/json-value.ts';
import { toJson } from '../../platform/json-value.ts';
import { err, ok, type Result } from '../../platform/result.ts';
import type { Catalogue, TargetFault, TargetObject } from '../connector.ts';
import type { KubernetesApi } from './api.ts';
import { isList, isObject } from './body/fragments.ts';
import { createLook } from './preview/look.ts';

/** Groups that are asked for: a cluster with every operator there is has some sixty. */
const MAX_GROUPS = 200;
const MAX_KINDS = 5_000;

/** A kind of resource, as discovery names it (Kubernetes API concepts, "API discovery"). */
interface Kind {
  readonly kind: string;
  /** `/apis/apps/v1`. */
  readonly prefix: string;
  readonly resource: string;
  readonly namespaced: boolean;
}

/** The kinds that a cluster serves. Requests need none of it to be read: agents look around in it. */
export class KubernetesCatalogue implements Catalogue {
  readonly version: string;
  readonly kinds: readonly Kind[];

  constructor(kinds: readonly Kind[]) {
    this.version = sha256Hex(canonicalJson(toJson(kinds)));
    this.kinds = kinds;
  }
}

/** By discovery, each group in the version that its server prefers. A group that does not answer is left out. */
export async function takeCatalogue(
  api: KubernetesApi,
  connection: KubernetesConnection,
): Promise<Result<KubernetesCatalogue, TargetFault>> {
  const look = createLook(api, connection);
  const [core, groups] = await Promise.all([look.at('/api/v1'), look.at('/apis')]);
  if (core === undefined || groups === undefined) return err({ message: 'its API server does not answer discovery' });
  const prefixes = membersOf(groups['groups'])
    .flatMap(preferred)
    .slice(0, MAX_GROUPS)
    .map((version) => `/apis/${version}`);
  const lists = await Promise.all(prefixes.map(async (prefix) => kindsIn(prefix, await look.at(prefix))));
  return ok(new KubernetesCatalogue([...kindsIn('/api/v1', core), ...lists.flat()].slice(0, MAX_KINDS)));
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

/** Each by the path that a request names it with. Who may list it everywhere, or ask to, may know of it. */
export function kindsOf(catalogue: Catalogue): readonly TargetObject[] {
  if (!(catalogue instanceof KubernetesCatalogue)) return [];
  return catalogue.kinds.map(({ kind, prefix, resource, namespaced }) => ({
    kind,
    name: namespaced ? `${prefix}/namespaces/{namespace}/${resource}` : `${prefix}/${resource}`,
    columns: [],
    read: { text: `GET ${prefix}/${resource}` },
  }));
}
