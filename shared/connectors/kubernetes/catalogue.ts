import type { KubernetesConnection } from '../../contracts/config/connection.ts';
import { canonicalJson, sha256Hex } from '../../platform/canonical.ts';
import { toJson } from '../../platform/json-value.ts';
import { err, ok, type Result } from '../../platform/result.ts';
import type { Catalogue, TargetFault, TargetObject } from '../connector.ts';
import type { KubernetesApi } from './api.ts';
import { discover, type Kind } from './preview/discovery.ts';
import { createLook } from './preview/look.ts';

/** The kinds that a cluster serves. Requests need none of it to be read: agents look around in it. */
export class KubernetesCatalogue implements Catalogue {
  readonly version: string;
  readonly kinds: readonly Kind[];

  constructor(kinds: readonly Kind[]) {
    this.version = sha256Hex(canonicalJson(toJson(kinds)));
    this.kinds = kinds;
  }
}

export async function takeCatalogue(
  api: KubernetesApi,
  connection: KubernetesConnection,
): Promise<Result<KubernetesCatalogue, TargetFault>> {
  const kinds = await discover(createLook(api, connection));
  return kinds === undefined
    ? err({ message: 'its API server does not answer discovery' })
    : ok(new KubernetesCatalogue(kinds));
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
