/**
 * What follows when an object of a resource is changed. `plain`: no more than its verb says. `define`: the frame that others
 * work in. `rbac`, `extend`, `cluster`: see the actions of these names.
 */
export type Consequence = 'plain' | 'define' | 'rbac' | 'extend' | 'cluster';

export interface ResourceFacts {
  /** API groups that have had it; a body is held to its kind in these. */
  readonly groups: readonly string[];
  readonly kind: string;
  readonly scope: 'namespaced' | 'cluster';
  readonly consequence: Consequence;
  /** Its body describes pods. */
  readonly pods: boolean;
}

type Row = readonly [resource: string, kind: string, group: string, consequence?: Consequence];

/** Kubernetes' own resources up to 1.34, and some that were removed, by scope (`kubectl api-resources`). */
const NAMESPACED: readonly Row[] = [
  ['pods', 'Pod', ''],
  ['podtemplates', 'PodTemplate', ''],
  ['replicationcontrollers', 'ReplicationController', ''],
  ['deployments', 'Deployment', 'apps extensions'],
  ['statefulsets', 'StatefulSet', 'apps'],
  ['daemonsets', 'DaemonSet', 'apps extensions'],
  ['replicasets', 'ReplicaSet', 'apps extensions'],
  ['controllerrevisions', 'ControllerRevision', 'apps'],
  ['jobs', 'Job', 'batch'],
  ['cronjobs', 'CronJob', 'batch'],
  ['services', 'Service', ''],
  ['endpoints', 'Endpoints', ''],
  ['endpointslices', 'EndpointSlice', 'discovery.k8s.io'],
  ['ingresses', 'Ingress', 'networking.k8s.io extensions'],
  ['configmaps', 'ConfigMap', ''],
  ['secrets', 'Secret', ''],
  ['serviceaccounts', 'ServiceAccount', ''],
  ['persistentvolumeclaims', 'PersistentVolumeClaim', ''],
  ['events', 'Event', ' events.k8s.io'],
  ['bindings', 'Binding', ''],
  ['leases', 'Lease', 'coordination.k8s.io'],
  ['leasecandidates', 'LeaseCandidate', 'coordination.k8s.io'],
  ['horizontalpodautoscalers', 'HorizontalPodAutoscaler', 'autoscaling'],
  ['csistoragecapacities', 'CSIStorageCapacity', 'storage.k8s.io'],
  ['resourceclaims', 'ResourceClaim', 'resource.k8s.io'],
  ['resourceclaimtemplates', 'ResourceClaimTemplate', 'resource.k8s.io'],
  ['localsubjectaccessreviews', 'LocalSubjectAccessReview', 'authorization.k8s.io'],
  ['limitranges', 'LimitRange', '', 'define'],
  ['resourcequotas', 'ResourceQuota', '', 'define'],
  ['networkpolicies', 'NetworkPolicy', 'networking.k8s.io extensions', 'define'],
  ['poddisruptionbudgets', 'PodDisruptionBudget', 'policy', 'define'],
  ['roles', 'Role', 'rbac.authorization.k8s.io', 'rbac'],
  ['rolebindings', 'RoleBinding', 'rbac.authorization.k8s.io', 'rbac'],
];

const CLUSTER: readonly Row[] = [
  ['namespaces', 'Namespace', '', 'define'],
  ['clusterroles', 'ClusterRole', 'rbac.authorization.k8s.io', 'rbac'],
  ['clusterrolebindings', 'ClusterRoleBinding', 'rbac.authorization.k8s.io', 'rbac'],
  ['nodes', 'Node', '', 'cluster'],
  ['persistentvolumes', 'PersistentVolume', '', 'cluster'],
  ['componentstatuses', 'ComponentStatus', '', 'cluster'],
  ['storageclasses', 'StorageClass', 'storage.k8s.io', 'cluster'],
  ['volumeattributesclasses', 'VolumeAttributesClass', 'storage.k8s.io', 'cluster'],
  ['volumeattachments', 'VolumeAttachment', 'storage.k8s.io', 'cluster'],
  ['csidrivers', 'CSIDriver', 'storage.k8s.io', 'cluster'],
  ['csinodes', 'CSINode', 'storage.k8s.io', 'cluster'],
  ['priorityclasses', 'PriorityClass', 'scheduling.k8s.io', 'cluster'],
  ['runtimeclasses', 'RuntimeClass', 'node.k8s.io', 'cluster'],
  ['ingressclasses', 'IngressClass', 'networking.k8s.io', 'cluster'],
  ['ipaddresses', 'IPAddress', 'networking.k8s.io', 'cluster'],
  ['servicecidrs', 'ServiceCIDR', 'networking.k8s.io', 'cluster'],
  ['flowschemas', 'FlowSchema', 'flowcontrol.apiserver.k8s.io', 'cluster'],
  ['prioritylevelconfigurations', 'PriorityLevelConfiguration', 'flowcontrol.apiserver.k8s.io', 'cluster'],
  ['certificatesigningrequests', 'CertificateSigningRequest', 'certificates.k8s.io', 'cluster'],
  ['clustertrustbundles', 'ClusterTrustBundle', 'certificates.k8s.io', 'cluster'],
  ['deviceclasses', 'DeviceClass', 'resource.k8s.io', 'cluster'],
  ['resourceslices', 'ResourceSlice', 'resource.k8s.io', 'cluster'],
  ['storageversionmigrations', 'StorageVersionMigration', 'storagemigration.k8s.io', 'cluster'],
  ['podsecuritypolicies', 'PodSecurityPolicy', 'policy extensions', 'extend'],
  ['storageversions', 'StorageVersion', 'internal.apiserver.k8s.io', 'extend'],
  ['customresourcedefinitions', 'CustomResourceDefinition', 'apiextensions.k8s.io', 'extend'],
  ['apiservices', 'APIService', 'apiregistration.k8s.io', 'extend'],
  ['mutatingwebhookconfigurations', 'MutatingWebhookConfiguration', 'admissionregistration.k8s.io', 'extend'],
  ['validatingwebhookconfigurations', 'ValidatingWebhookConfiguration', 'admissionregistration.k8s.io', 'extend'],
  ['validatingadmissionpolicies', 'ValidatingAdmissionPolicy', 'admissionregistration.k8s.io', 'extend'],
  ['validatingadmissionpolicybindings', 'ValidatingAdmissionPolicyBinding', 'admissionregistration.k8s.io', 'extend'],
  ['mutatingadmissionpolicies', 'MutatingAdmissionPolicy', 'admissionregistration.k8s.io', 'extend'],
  ['mutatingadmissionpolicybindings', 'MutatingAdmissionPolicyBinding', 'admissionregistration.k8s.io', 'extend'],
  ['tokenreviews', 'TokenReview', 'authentication.k8s.io'],
  ['selfsubjectreviews', 'SelfSubjectReview', 'authentication.k8s.io'],
  ['subjectaccessreviews', 'SubjectAccessReview', 'authorization.k8s.io'],
  ['selfsubjectaccessreviews', 'SelfSubjectAccessReview', 'authorization.k8s.io'],
  ['selfsubjectrulesreviews', 'SelfSubjectRulesReview', 'authorization.k8s.io'],
];

const WITH_PODS = new Set([
  ...['pods', 'podtemplates', 'replicationcontrollers', 'deployments', 'statefulsets', 'daemonsets', 'replicasets'],
  ...['controllerrevisions', 'jobs', 'cronjobs'],
]);

const rowsOf = (rows: readonly Row[], scope: ResourceFacts['scope']): [string, ResourceFacts][] =>
  rows.map(([resource, kind, groups, consequence = 'plain']) => [
    resource,
    { groups: groups.split(' '), kind, scope, consequence, pods: WITH_PODS.has(resource) },
  ]);

const BUILT_IN: ReadonlyMap<string, ResourceFacts> = new Map([
  ...rowsOf(NAMESPACED, 'namespaced'),
  ...rowsOf(CLUSTER, 'cluster'),
]);

/**
 * By name alone: OpenShift's `roles` and a group that was retired are taken for no less than what they are named after.
 * `undefined` for what Kubernetes does not have: a custom resource, of which nothing is known.
 */
export const factsOf = (resource: string): ResourceFacts | undefined => BUILT_IN.get(resource);

/** Groups that a Kubernetes API server answers for itself. They all honour `dryRun`; what another server does is its own affair. */
const OWN_GROUPS = new Set([...BUILT_IN.values()].flatMap(({ groups }) => groups));

export const isOwnGroup = (group: string): boolean => OWN_GROUPS.has(group);

/** Custom resources that say by their name that they hold what nobody should read. */
const SOUNDS_SECRET = /secret|token|credential|password|privatekey/;

export function holds(resource: string): 'secrets' | 'configuration' | undefined {
  if (resource === 'configmaps') return 'configuration';
  if (resource === 'secrets') return 'secrets';
  return factsOf(resource) === undefined && SOUNDS_SECRET.test(resource) ? 'secrets' : undefined;
}
