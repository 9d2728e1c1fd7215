import type { JsonObject } from '../../../../../shared/platform/json-value.ts';
import { groupVersionOf, KINDS, METRICS, verbsOf, type Kind } from '../model/kinds.ts';

/** What kubectl asks first: which kinds there are. Aggregated (apidiscovery.k8s.io/v2) for new clients, in parts for old ones. */

const METRIC_KINDS: readonly Kind[] = [
  ['pods', 'PodMetrics', true],
  ['nodes', 'NodeMetrics', false],
].map(([plural, kind, namespaced]) => ({
  ...METRICS,
  kind: String(kind),
  plural: String(plural),
  singular: '',
  short: [],
  namespaced: namespaced === true,
  inAll: false,
  subresources: [],
  createOnly: false,
}));

const ALL = [...KINDS, ...METRIC_KINDS];
const verbs = (kind: Kind): readonly string[] => (kind.group === METRICS.group ? ['get', 'list'] : verbsOf(kind));

const groupVersions = (core: boolean): readonly string[] => [
  ...new Set(ALL.filter(({ group }) => (group === '') === core).map(groupVersionOf)),
];

const SUBRESOURCES: Readonly<
  Record<
    string,
    { readonly kind: string; readonly group: string; readonly version: string; readonly verbs: readonly string[] }
  >
> = {
  scale: { kind: 'Scale', group: 'autoscaling', version: 'v1', verbs: ['get', 'patch', 'update'] },
  eviction: { kind: 'Eviction', group: 'policy', version: 'v1', verbs: ['create'] },
  log: { kind: 'Pod', group: '', version: 'v1', verbs: ['get'] },
};

function subresourceOf(kind: Kind, name: string) {
  const own = { kind: kind.kind, group: kind.group, version: kind.version, verbs: ['get', 'patch', 'update'] };
  return { name, ...(SUBRESOURCES[name] ?? own) };
}

function aggregatedResource(kind: Kind): JsonObject {
  return {
    resource: kind.plural,
    responseKind: { group: kind.group, version: kind.version, kind: kind.kind },
    scope: kind.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: kind.singular,
    verbs: verbs(kind),
    ...(kind.short.length > 0 ? { shortNames: kind.short } : {}),
    ...(kind.inAll ? { categories: ['all'] } : {}),
    ...(kind.subresources.length > 0
      ? {
          subresources: kind.subresources.map((name) => {
            const { group, version, kind: answer, verbs: can } = subresourceOf(kind, name);
            return { subresource: name, responseKind: { group, version, kind: answer }, verbs: can };
          }),
        }
      : {}),
  };
}

/** APIGroupDiscoveryList for `/api` (the core group) or `/apis` (the others). */
export function aggregated(core: boolean): JsonObject {
  const groups = groupVersions(core).map((groupVersion) => {
    const [version = '', group = ''] = groupVersion.split('/').reverse();
    const resources = ALL.filter((kind) => groupVersionOf(kind) === groupVersion).map(aggregatedResource);
    const metadata = group === '' ? { creationTimestamp: null } : { name: group, creationTimestamp: null };
    return { metadata, versions: [{ version, resources, freshness: 'Current' }] };
  });
  return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items: groups };
}

export const coreVersions = (): JsonObject => ({
  kind: 'APIVersions',
  versions: ['v1'],
  serverAddressByClientCIDRs: [],
});

function apiGroup(groupVersion: string): JsonObject {
  const [group = '', version = ''] = groupVersion.split('/');
  const only = { groupVersion, version };
  return { name: group, versions: [only], preferredVersion: only };
}

export const groupList = (): JsonObject => ({
  kind: 'APIGroupList',
  apiVersion: 'v1',
  groups: groupVersions(false).map(apiGroup),
});

export function groupNamed(name: string): JsonObject | undefined {
  const found = groupVersions(false).find((groupVersion) => groupVersion.startsWith(`${name}/`));
  return found === undefined ? undefined : { kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(found) };
}

export function resourceList(groupVersion: string): JsonObject | undefined {
  const kinds = ALL.filter((kind) => groupVersionOf(kind) === groupVersion);
  if (kinds.length === 0) return undefined;
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: kinds.flatMap(classicResources) };
}

function classicResources(kind: Kind): readonly JsonObject[] {
  const { plural, singular, namespaced } = kind;
  const main = {
    name: plural,
    singularName: singular,
    namespaced,
    kind: kind.kind,
    verbs: verbs(kind),
    ...(kind.short.length > 0 ? { shortNames: kind.short } : {}),
    ...(kind.inAll ? { categories: ['all'] } : {}),
  };
  const subs = kind.subresources.map((name) => ({
    singularName: '',
    namespaced,
    ...subresourceOf(kind, name),
    name: `${plural}/${name}`,
  }));
  return [main, ...subs];
}

/** Says what it is in every member that leaves room for it. */
export const VERSION: JsonObject = {
  major: '1',
  minor: '32',
  gitVersion: 'v1.32.0-countersign.embedded',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '2026-01-01T00:00:00Z',
  goVersion: 'none',
  compiler: 'none',
  platform: 'embedded',
};
