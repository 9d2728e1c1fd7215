/** One kind of object that the embedded API serves. */
export interface Kind {
  /** '' for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly short: readonly string[];
  readonly namespaced: boolean;
  /** Part of `kubectl get all`. */
  readonly inAll: boolean;
  readonly subresources: readonly string[];
  /** Only `create` is served: what it asks is answered and not kept. */
  readonly createOnly: boolean;
}

type Row = readonly [resource: string, kind: string, short: string, flags: string, subresources: string];

/** Flags: c = cluster-wide, a = part of `all`, q = a question that is answered and not kept. */
const ROWS: Readonly<Record<string, readonly Row[]>> = {
  v1: [
    ['namespaces', 'Namespace', 'ns', 'c', 'status finalize'],
    ['pods', 'Pod', 'po', 'a', 'status log eviction'],
    ['configmaps', 'ConfigMap', 'cm', '', ''],
    ['secrets', 'Secret', '', '', ''],
    ['services', 'Service', 'svc', 'a', 'status'],
    ['serviceaccounts', 'ServiceAccount', 'sa', '', ''],
    ['nodes', 'Node', 'no', 'c', 'status'],
    ['events', 'Event', 'ev', '', ''],
    ['persistentvolumes', 'PersistentVolume', 'pv', 'c', 'status'],
    ['persistentvolumeclaims', 'PersistentVolumeClaim', 'pvc', '', 'status'],
  ],
  'apps/v1': [
    ['deployments', 'Deployment', 'deploy', 'a', 'status scale'],
    ['replicasets', 'ReplicaSet', 'rs', 'a', 'status scale'],
    ['statefulsets', 'StatefulSet', 'sts', 'a', 'status scale'],
    ['daemonsets', 'DaemonSet', 'ds', 'a', 'status'],
  ],
  'batch/v1': [
    ['jobs', 'Job', '', 'a', 'status'],
    ['cronjobs', 'CronJob', 'cj', 'a', 'status'],
  ],
  'networking.k8s.io/v1': [
    ['ingresses', 'Ingress', 'ing', '', 'status'],
    ['networkpolicies', 'NetworkPolicy', 'netpol', '', ''],
  ],
  'rbac.authorization.k8s.io/v1': [
    ['roles', 'Role', '', '', ''],
    ['rolebindings', 'RoleBinding', '', '', ''],
    ['clusterroles', 'ClusterRole', '', 'c', ''],
    ['clusterrolebindings', 'ClusterRoleBinding', '', 'c', ''],
  ],
  'authorization.k8s.io/v1': [
    ['selfsubjectaccessreviews', 'SelfSubjectAccessReview', '', 'cq', ''],
    ['selfsubjectrulesreviews', 'SelfSubjectRulesReview', '', 'cq', ''],
  ],
  'authentication.k8s.io/v1': [['selfsubjectreviews', 'SelfSubjectReview', '', 'cq', '']],
};

const words = (text: string): readonly string[] => (text === '' ? [] : text.split(' '));

function kindOf(groupVersion: string, [plural, kind, short, flags, subresources]: Row): Kind {
  const [version = '', group = ''] = groupVersion.split('/').reverse();
  return {
    group,
    version,
    kind,
    plural,
    singular: kind.toLowerCase(),
    short: words(short),
    namespaced: !flags.includes('c'),
    inAll: flags.includes('a'),
    subresources: words(subresources),
    createOnly: flags.includes('q'),
  };
}

export const KINDS: readonly Kind[] = Object.entries(ROWS).flatMap(([groupVersion, rows]) =>
  rows.map((row) => kindOf(groupVersion, row)),
);

/** Served beside the kinds above, and answered from no store (metrics.ts). */
export const METRICS = { group: 'metrics.k8s.io', version: 'v1beta1' } as const;

export const groupVersionOf = ({ group, version }: Pick<Kind, 'group' | 'version'>): string =>
  group === '' ? version : `${group}/${version}`;

export const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update'] as const;

export function verbsOf(kind: Kind): readonly string[] {
  return kind.createOnly ? ['create'] : VERBS;
}

export const findKind = (group: string, version: string, plural: string): Kind | undefined =>
  KINDS.find((kind) => kind.group === group && kind.version === version && kind.plural === plural);

export const kindNamed = (apiVersion: string, name: string): Kind | undefined =>
  KINDS.find((kind) => groupVersionOf(kind) === apiVersion && kind.kind === name);
