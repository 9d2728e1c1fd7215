import type { JsonValue } from '../../../shared/platform/json-value.ts';
import { of, type KubeCase, type Row } from './case.ts';
import { EVASIONS } from './evasions.ts';

const merge = '\nContent-Type: application/merge-patch+json';
const strategic = '\nContent-Type: application/strategic-merge-patch+json';
const json = '\nContent-Type: application/json-patch+json';
const apply = '\nContent-Type: application/apply-patch+yaml';
const yaml = '\nContent-Type: application/yaml';
const protobuf = '\nContent-Type: application/vnd.kubernetes.protobuf';
/** `k8s\0` and nothing behind it: what every protobuf body begins with. */
const OPAQUE = 'azhzAA==';

const ns = '/api/v1/namespaces/prod';
const apps = '/apis/apps/v1/namespaces/prod';
const rbac = '/apis/rbac.authorization.k8s.io/v1';
type Members = Readonly<Record<string, JsonValue>>;
const container = (extra: Members = {}, image = 'registry.example.com/team/web:1') => ({
  name: 'web',
  image,
  ...extra,
});
const podSpec = (extra: Members = {}, inner: Members = {}) => ({
  automountServiceAccountToken: false,
  containers: [container(inner)],
  ...extra,
});
const pod = (spec: JsonValue = podSpec(), name = 'web'): JsonValue => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec,
});
const deployment = (spec: JsonValue): JsonValue => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { replicas: 2, template: { spec } },
});

const reading = of('reading', [
  [`GET ${ns}/pods`, ['k8s:list'], { with: { namespace: 'prod', unbounded: true } }],
  [`GET ${ns}/pods?labelSelector=app%3Dweb`, ['k8s:list'], { without: ['unbounded'] }],
  [
    `GET ${ns}/pods?fieldSelector=metadata.name%3Dweb`,
    ['k8s:list'],
    { with: { objectName: 'web' }, without: ['unbounded'] },
  ],
  [`GET ${ns}/pods?fieldSelector=metadata.name!%3Dweb`, ['k8s:list'], { without: ['objectName'] }],
  [`GET ${ns}/pods/web`, ['k8s:get'], { with: { objectName: 'web' } }],
  [`HEAD ${ns}/pods/web`, ['k8s:get']],
  ['GET /api/v1/pods', ['k8s:list'], { with: { allNamespaces: true } }],
  ['GET /api/v1/nodes', ['k8s:list'], { without: ['allNamespaces'] }],
  ['GET /apis/example.com/v1/widgets', ['k8s:list'], { with: { allNamespaces: true } }],
  [`GET ${apps}/deployments/web/scale`, ['k8s:get']],
  [`GET ${ns}/pods/web/status`, ['k8s:get']],
  [`GET ${ns}/pods/web/ephemeralcontainers`, ['k8s:get']],
  [`GET /apis/metrics.k8s.io/v1beta1/namespaces/prod/pods`, ['k8s:list']],
  [`GET /api/v1/namespaces/prod`, ['k8s:get'], { with: { resourceType: 'namespaces', namespace: 'prod' } }],
  [`GET /api/v1/namespaces/kube-system/pods`, ['k8s:list'], { with: { system: true } }],
  [`GET ${ns}/pods/web?watch=true`, ['k8s:get']],
]);

const watching = of('watching', [
  [`GET ${ns}/pods?watch=1`, ['k8s:watch'], { with: { stream: true } }],
  [`GET ${ns}/pods?watch=`, ['k8s:watch']],
  [`GET ${ns}/pods?watch=False`, ['k8s:list']],
  [`GET /api/v1/watch/namespaces/prod/pods/web`, ['k8s:watch'], { with: { objectName: 'web' } }],
  [`GET /api/v1/watch/secrets`, ['k8s:read-secret'], { with: { verb: 'watch', stream: true } }],
  [`POST /api/v1/watch/pods`, 'unreadable'],
]);

const contents = of('contents apart from objects', [
  [`GET ${ns}/secrets`, ['k8s:read-secret'], { with: { verb: 'list' } }],
  [`GET ${ns}/secrets/db`, ['k8s:read-secret']],
  [`GET ${ns}/secrets?watch=true`, ['k8s:read-secret']],
  [`GET /apis/old.example.com/v1/namespaces/prod/secrets/db`, ['k8s:read-secret']],
  [`GET /apis/oauth.openshift.io/v1/oauthaccesstokens`, ['k8s:read-secret']],
  [`GET ${ns}/configmaps/app`, ['k8s:read-config']],
  [`GET ${ns}/pods/web/log?tailLines=10`, ['k8s:log']],
  [`PATCH ${ns}/secrets/db${merge}`, ['k8s:patch', 'k8s:read-secret'], { body: { metadata: { labels: { a: 'b' } } } }],
  [
    `POST ${ns}/secrets?dryRun=All`,
    ['k8s:dry-run', 'k8s:read-secret'],
    { body: { kind: 'Secret', metadata: { name: 'x' } } },
  ],
]);

const running = of('running code', [
  [
    `GET ${ns}/pods/web/exec?command=sh&command=-c&command=id&stdout=1`,
    ['k8s:exec'],
    { with: { command: ['sh', '-c', 'id'], stream: true } },
  ],
  [`POST ${ns}/pods/web/exec?command=id`, ['k8s:exec']],
  [`GET ${ns}/pods/web/attach?stdin=true`, ['k8s:attach']],
  [`POST ${ns}/pods/web/portforward?ports=5432`, ['k8s:portforward']],
  [`GET ${ns}/pods/web/proxy/metrics`, ['k8s:proxy']],
  [`GET ${ns}/services/https:web:443/proxy/admin`, ['k8s:proxy']],
  [`DELETE ${ns}/services/web/proxy/users/7`, ['k8s:proxy']],
  ['GET /api/v1/nodes/n1/proxy/run/prod/web/web', ['k8s:proxy']],
  ['GET /api/v1/nodes/n1/stats', ['k8s:proxy']],
  ['GET /api/v1/proxy/namespaces/prod/pods/web/x', ['k8s:proxy']],
  ['GET /api/v1/proxy/nodes/n1', ['k8s:proxy']],
  [
    `PATCH ${ns}/pods/web/ephemeralcontainers${strategic}`,
    ['k8s:debug'],
    { body: { spec: { ephemeralContainers: [container({}, 'busybox')] } }, with: { unknownRegistry: true } },
  ],
  [
    `PATCH ${ns}/pods/web/ephemeralcontainers${strategic}`,
    ['k8s:debug', 'k8s:host'],
    { body: { spec: { ephemeralContainers: [container({ securityContext: { privileged: true } })] } } },
  ],
  ['GET /apis/subresources.kubevirt.io/v1/namespaces/prod/virtualmachineinstances/vm/console', ['k8s:connect']],
  ['PUT /apis/subresources.kubevirt.io/v1/namespaces/prod/virtualmachines/vm/start', ['k8s:connect']],
]);

const changing = of('changing', [
  [
    `POST ${ns}/pods`,
    ['k8s:create'],
    {
      body: pod(),
      with: { objectName: 'web', images: ['registry.example.com/team/web:1'] },
      without: ['privileged', 'unknownRegistry', 'mountsToken'],
    },
  ],
  [
    `PUT ${apps}/deployments/web`,
    ['k8s:update'],
    { body: deployment(podSpec()), with: { finalizers: true, owners: true } },
  ],
  [`PATCH ${apps}/deployments/web${merge}`, ['k8s:patch'], { body: { spec: { replicas: 3 } } }],
  [
    `PATCH ${apps}/deployments/web?fieldManager=ci&force=true${apply}`,
    ['k8s:apply'],
    { body: deployment(podSpec()), with: { force: true } },
  ],
  [`PATCH ${apps}/deployments/web/scale${merge}`, ['k8s:scale'], { body: { spec: { replicas: 3 } } }],
  [`PUT ${ns}/pods/web/status`, ['k8s:status'], { body: pod() }],
  [`POST ${ns}/services`, ['k8s:create'], { body: { kind: 'Service', metadata: { name: 's' }, spec: {} } }],
  [
    `POST /apis/example.com/v1/namespaces/prod/widgets`,
    ['k8s:create'],
    { body: { kind: 'Widget', metadata: { name: 'w' } } },
  ],
  [
    `POST ${ns}/pods${yaml}`,
    ['k8s:create'],
    { body: 'kind: Pod\nmetadata:\n  name: web\nspec:\n  containers: []\n', with: { mountsToken: true } },
  ],
  [`PATCH ${ns}/configmaps/app${merge}`, ['k8s:patch', 'k8s:read-config'], { body: { data: { a: 'b' } } }],
]);

const destroying = of('destroying', [
  [`DELETE ${ns}/pods/web`, ['k8s:delete']],
  [`DELETE ${ns}/pods`, ['k8s:deletecollection'], { with: { unbounded: true } }],
  [`DELETE ${ns}/pods?labelSelector=app%3Dweb`, ['k8s:deletecollection'], { without: ['unbounded'] }],
  [`DELETE ${ns}/pods?fieldSelector=metadata.name%3Dweb`, ['k8s:deletecollection'], { without: ['objectName'] }],
  ['DELETE /api/v1/pods', ['k8s:deletecollection'], { with: { allNamespaces: true } }],
  ['DELETE /api/v1/namespaces/payments', ['k8s:delete-namespace'], { with: { namespace: 'payments' } }],
  ['DELETE /api/v1/namespaces', ['k8s:deletecollection', 'k8s:define', 'k8s:delete-namespace']],
  ['DELETE /api/v1/nodes/n1', ['k8s:delete', 'k8s:cluster']],
  ['DELETE /api/v1/persistentvolumes/pv1', ['k8s:delete', 'k8s:cluster']],
  ['DELETE /apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com', ['k8s:delete', 'k8s:extend']],
  [`DELETE ${ns}/pods/web?gracePeriodSeconds=0`, ['k8s:delete'], { with: { force: true } }],
  [
    `DELETE ${apps}/deployments/web`,
    ['k8s:delete'],
    {
      body: { kind: 'DeleteOptions', propagationPolicy: 'Orphan', gracePeriodSeconds: 0 },
      with: { propagation: 'Orphan', force: true },
    },
  ],
  [
    `POST ${ns}/pods/web/eviction`,
    ['k8s:evict'],
    { body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'web', namespace: 'prod' } } },
  ],
  [`PATCH ${apps}/deployments/web/scale${merge}`, ['k8s:scale', 'k8s:stop'], { body: { spec: { replicas: 0 } } }],
  [`PATCH ${apps}/statefulsets/db${merge}`, ['k8s:patch', 'k8s:stop'], { body: { spec: { replicas: 0 } } }],
  [
    `PATCH ${apps}/deployments/web${json}`,
    ['k8s:patch', 'k8s:stop'],
    { body: [{ op: 'replace', path: '/spec/replicas', value: 0 }] },
  ],
  [
    `PATCH ${apps}/deployments/web/scale${json}`,
    ['k8s:scale', 'k8s:finalize', 'k8s:stop'],
    { body: [{ op: 'copy', from: '/status/replicas', path: '/spec/replicas' }], with: { opaque: true } },
  ],
  [
    `PUT /api/v1/namespaces/prod/finalize`,
    ['k8s:finalize', 'k8s:define'],
    { body: { kind: 'Namespace', metadata: { name: 'prod' }, spec: { finalizers: [] } } },
  ],
  [
    `PATCH ${ns}/persistentvolumeclaims/data${merge}`,
    ['k8s:patch', 'k8s:finalize'],
    { body: { metadata: { finalizers: null } }, with: { finalizers: true } },
  ],
  [
    `PATCH ${ns}/pods/web${json}`,
    ['k8s:patch', 'k8s:finalize'],
    { body: [{ op: 'remove', path: '/metadata/finalizers' }] },
  ],
  [
    `PATCH ${ns}/configmaps/app${merge}`,
    ['k8s:patch', 'k8s:read-config'],
    { body: { metadata: { ownerReferences: [{ kind: 'Pod', name: 'gone', uid: 'x' }] } }, with: { owners: true } },
  ],
]);

const podBodies = of('what pods may do', [
  [
    `POST ${ns}/pods`,
    ['k8s:create', 'k8s:host'],
    { body: pod(podSpec({}, { securityContext: { privileged: true } })), with: { privileged: true } },
  ],
  [
    `POST ${ns}/pods`,
    ['k8s:create', 'k8s:host'],
    { body: pod(podSpec({ hostNetwork: true })), with: { hostNamespaces: true } },
  ],
  [`POST ${ns}/pods`, ['k8s:create', 'k8s:host'], { body: pod(podSpec({ hostPID: true })) }],
  [
    `POST ${ns}/pods`,
    ['k8s:create', 'k8s:host'],
    { body: pod(podSpec({ volumes: [{ name: 'r', hostPath: { path: '/' } }] })), with: { hostPath: true } },
  ],
  [
    `POST ${ns}/pods`,
    ['k8s:create', 'k8s:host'],
    {
      body: pod(podSpec({}, { securityContext: { capabilities: { add: ['SYS_ADMIN'] } } })),
      with: { addsCapabilities: true },
    },
  ],
  [
    `POST ${ns}/pods`,
    ['k8s:create'],
    {
      body: pod(podSpec({}, { securityContext: { capabilities: { add: ['NET_BIND_SERVICE'] } } })),
      with: { addsCapabilities: true },
    },
  ],
  [
    `POST ${ns}/pods`,
    ['k8s:create', 'k8s:host'],
    { body: pod(podSpec({}, { securityContext: { procMount: 'Unmasked' } })), with: { unmaskedProc: true } },
  ],
  [
    `POST ${ns}/pods`,
    ['k8s:create'],
    { body: pod(podSpec({ securityContext: { runAsUser: 0 } })), with: { runsAsRoot: true } },
  ],
  [
    `POST ${ns}/pods`,
    ['k8s:create'],
    {
      body: pod(podSpec({}, { securityContext: { allowPrivilegeEscalation: true } })),
      with: { allowsEscalation: true },
    },
  ],
  [
    `POST ${ns}/pods`,
    ['k8s:create'],
    { body: pod(podSpec({}, { ports: [{ hostPort: 80 }] })), with: { hostPort: true } },
  ],
  [`POST ${ns}/pods`, ['k8s:create'], { body: pod({ containers: [container()] }), with: { mountsToken: true } }],
  [
    `POST ${ns}/pods`,
    ['k8s:create'],
    { body: pod(podSpec({ serviceAccountName: 'admin' })), with: { serviceAccount: 'admin' } },
  ],
  [
    `POST ${ns}/pods`,
    ['k8s:create'],
    {
      body: pod(
        podSpec({ volumes: [{ name: 't', projected: { sources: [{ serviceAccountToken: { path: 't' } }] } }] }),
      ),
      with: { mountsToken: true },
    },
  ],
  [
    `POST ${ns}/pods`,
    ['k8s:create'],
    { body: pod(podSpec({}, { envFrom: [{ secretRef: { name: 'db' } }] })), with: { usesSecrets: true } },
  ],
  [
    `POST ${ns}/pods`,
    ['k8s:create'],
    { body: pod({ containers: [container({}, 'nginx')] }), with: { unknownRegistry: true } },
  ],
  [
    `POST ${ns}/pods`,
    ['k8s:create'],
    {
      body: pod({ containers: [container({}, 'registry.example.com.evil.org/web')] }),
      with: { unknownRegistry: true },
    },
  ],
  [
    `POST ${ns}/pods`,
    ['k8s:create'],
    {
      body: pod({ containers: [container()], initContainers: [container({}, 'evil.org/x')] }),
      with: { unknownRegistry: true },
    },
  ],
  [
    `POST ${apps}/deployments`,
    ['k8s:create', 'k8s:host'],
    { body: deployment(podSpec({ hostIPC: true })), with: { hostNamespaces: true } },
  ],
  [
    `POST /apis/batch/v1/namespaces/prod/cronjobs`,
    ['k8s:create', 'k8s:host'],
    {
      body: {
        kind: 'CronJob',
        spec: { jobTemplate: { spec: { template: { spec: podSpec({}, { securityContext: { privileged: true } }) } } } },
      },
    },
  ],
  [
    `POST /apis/argoproj.io/v1/namespaces/prod/rollouts`,
    ['k8s:create', 'k8s:host'],
    { body: { kind: 'Rollout', spec: { template: { spec: podSpec({ hostNetwork: true }) } } } },
  ],
  [
    `PATCH ${apps}/daemonsets/agent${strategic}`,
    ['k8s:patch', 'k8s:host'],
    { body: { spec: { template: { spec: { hostPID: true } } } } },
  ],
  [
    `PATCH ${apps}/deployments/web${json}`,
    ['k8s:patch', 'k8s:host'],
    { body: [{ op: 'add', path: '/spec/template/spec/containers/0/securityContext', value: { privileged: true } }] },
  ],
  [
    `PATCH ${apps}/deployments/web${json}`,
    ['k8s:patch', 'k8s:host'],
    { body: [{ op: 'replace', path: '/spec/template/spec/hostNetwork', value: true }] },
  ],
  [
    `PATCH ${apps}/deployments/web${json}`,
    ['k8s:patch'],
    { body: [{ op: 'remove', path: '/spec/template/spec/securityContext' }], with: { weakens: true } },
  ],
  [
    `PATCH ${apps}/deployments/web${merge}`,
    ['k8s:patch'],
    { body: { spec: { template: { spec: { securityContext: null } } } }, with: { weakens: true } },
  ],
  [
    `PATCH ${apps}/deployments/web?force=true${apply}`,
    ['k8s:apply', 'k8s:host'],
    { body: 'kind: Deployment\nspec:\n  template:\n    spec:\n      hostNetwork: true\n' },
  ],
  [
    `PATCH ${ns}/pods/web${json}`,
    ['k8s:patch', 'k8s:host', 'k8s:finalize'],
    {
      body: [{ op: 'move', from: '/metadata/labels/x', path: '/spec/containers/0/image' }],
      with: { opaque: true, privileged: true },
    },
  ],
  [
    `PATCH ${apps}/deployments/web${strategic}`,
    ['k8s:patch'],
    { body: { spec: { template: { spec: { containers: [container()] } } } }, without: ['mountsToken'] },
  ],
]);

const administering = of('administering', [
  [
    `POST ${rbac}/clusterrolebindings`,
    ['k8s:create', 'k8s:rbac'],
    {
      body: { roleRef: { kind: 'ClusterRole', name: 'cluster-admin' }, subjects: [] },
      with: { escalates: true, roleRef: 'ClusterRole/cluster-admin' },
    },
  ],
  [
    `POST ${rbac}/namespaces/prod/rolebindings`,
    ['k8s:create', 'k8s:rbac'],
    {
      body: { roleRef: { kind: 'Role', name: 'reader' }, subjects: [{ kind: 'Group', name: 'system:authenticated' }] },
      with: { systemSubject: true },
      without: ['escalates'],
    },
  ],
  [
    `POST ${rbac}/clusterroles`,
    ['k8s:create', 'k8s:rbac'],
    {
      body: { rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] },
      with: { wildcard: true, escalates: true, grantsSecrets: true, grantsExecution: true },
    },
  ],
  [
    `POST ${rbac}/namespaces/prod/roles`,
    ['k8s:create', 'k8s:rbac'],
    {
      body: { rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['list'] }] },
      with: { grantsSecrets: true },
      without: ['wildcard'],
    },
  ],
  [
    `PATCH ${rbac}/clusterroles/reader${json}`,
    ['k8s:patch', 'k8s:rbac'],
    { body: [{ op: 'add', path: '/rules/0/verbs/-', value: 'impersonate' }], with: { escalates: true } },
  ],
  [
    `POST ${rbac}/clusterroles`,
    ['k8s:create', 'k8s:rbac'],
    {
      body: { metadata: { labels: { 'rbac.authorization.k8s.io/aggregate-to-admin': 'true' } }, rules: [] },
      with: { escalates: true },
    },
  ],
  [`DELETE ${rbac}/clusterroles/reader`, ['k8s:delete', 'k8s:rbac']],
  [`POST ${ns}/serviceaccounts/ci/token`, ['k8s:mint-token'], { body: { kind: 'TokenRequest', spec: {} } }],
  [`POST ${ns}/serviceaccounts/ci/token?dryRun=All`, ['k8s:mint-token'], { body: { spec: {} }, without: ['dryRun'] }],
  [
    `POST ${ns}/secrets`,
    ['k8s:create', 'k8s:mint-token'],
    { body: { kind: 'Secret', type: 'kubernetes.io/service-account-token' } },
  ],
  [
    'PUT /apis/certificates.k8s.io/v1/certificatesigningrequests/x/approval',
    ['k8s:certify', 'k8s:cluster'],
    { body: { metadata: { name: 'x' } } },
  ],
  [`POST ${ns}/pods/web/binding`, ['k8s:bind'], { body: { kind: 'Binding', target: { name: 'n1' } } }],
  [
    'POST /apis/apiextensions.k8s.io/v1/customresourcedefinitions',
    ['k8s:create', 'k8s:extend'],
    { body: { kind: 'CustomResourceDefinition', spec: {} } },
  ],
  [
    'PUT /apis/apiregistration.k8s.io/v1/apiservices/v1.metrics.k8s.io',
    ['k8s:update', 'k8s:extend'],
    { body: { spec: {} } },
  ],
  [
    'POST /apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations',
    ['k8s:create', 'k8s:extend'],
    { body: { webhooks: [] } },
  ],
  ['DELETE /apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/p', ['k8s:delete', 'k8s:extend']],
  [`PATCH /api/v1/nodes/n1${strategic}`, ['k8s:patch', 'k8s:cluster'], { body: { spec: { unschedulable: true } } }],
  [`PATCH /api/v1/nodes/n1/status${merge}`, ['k8s:status', 'k8s:cluster'], { body: { status: {} } }],
  ['POST /apis/storage.k8s.io/v1/storageclasses', ['k8s:create', 'k8s:cluster'], { body: { kind: 'StorageClass' } }],
  ['POST /apis/scheduling.k8s.io/v1/priorityclasses', ['k8s:create', 'k8s:cluster'], { body: { value: 1_000_000 } }],
  ['POST /apis/kyverno.io/v1/clusterpolicies', ['k8s:create', 'k8s:cluster'], { body: { kind: 'ClusterPolicy' } }],
  [
    'POST /api/v1/namespaces',
    ['k8s:create', 'k8s:define'],
    { body: { kind: 'Namespace', metadata: { name: 'x' } }, with: { objectName: 'x' } },
  ],
  [`DELETE /apis/networking.k8s.io/v1/namespaces/prod/networkpolicies/deny`, ['k8s:delete', 'k8s:define']],
  [
    `PATCH /api/v1/namespaces/kube-system/configmaps/aws-auth${merge}`,
    ['k8s:patch', 'k8s:rbac', 'k8s:read-config'],
    { body: { data: { mapRoles: '' } } },
  ],
  ['POST /apis/authentication.k8s.io/v1/tokenreviews', ['k8s:review-token'], { body: { spec: { token: 'x' } } }],
  ['GET /metrics', ['k8s:inspect']],
  ['GET /logs/kube-apiserver.log', ['k8s:inspect']],
  ['GET /debug/pprof/heap', ['k8s:inspect']],
]);

const harmless = of('creates that keep nothing', [
  ['POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews', ['k8s:review'], { body: { spec: {} } }],
  [
    `POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews${protobuf}`,
    ['k8s:review'],
    { body: OPAQUE, with: { opaque: true } },
  ],
  ['POST /apis/authentication.k8s.io/v1/selfsubjectreviews', ['k8s:review'], { body: {} }],
  ['POST /apis/authorization.k8s.io/v1/subjectaccessreviews', ['k8s:review-others'], { body: { spec: { user: 'x' } } }],
  ['POST /apis/evil.example.com/v1/selfsubjectaccessreviews', ['k8s:create', 'k8s:cluster'], { body: { spec: {} } }],
  [
    `POST ${apps}/deployments?dryRun=All`,
    ['k8s:dry-run'],
    { body: deployment(podSpec()), with: { dryRun: true, verb: 'create' } },
  ],
  [`DELETE ${ns}/pods/web?dryRun=All`, ['k8s:dry-run'], { with: { verb: 'delete' } }],
  [`DELETE ${ns}/pods/web`, ['k8s:dry-run'], { body: { kind: 'DeleteOptions', dryRun: ['All'] } }],
  [
    'POST /apis/example.com/v1/namespaces/prod/widgets?dryRun=All',
    ['k8s:create'],
    { body: { kind: 'Widget' }, without: ['dryRun'] },
  ],
]);

const opaque = of('bodies that cannot be read', [
  [`POST ${ns}/configmaps${protobuf}`, ['k8s:create'], { body: OPAQUE, with: { opaque: true } }],
  [
    `POST ${ns}/pods${protobuf}`,
    ['k8s:create', 'k8s:host'],
    { body: OPAQUE, with: { opaque: true, privileged: true, unknownRegistry: true } },
  ],
  [`POST ${apps}/deployments${protobuf}`, ['k8s:create', 'k8s:host'], { body: OPAQUE }],
  [`POST ${ns}/secrets${protobuf}`, ['k8s:create', 'k8s:mint-token'], { body: OPAQUE }],
  [
    `POST ${rbac}/clusterroles${protobuf}`,
    ['k8s:create', 'k8s:rbac'],
    { body: OPAQUE, with: { escalates: true, wildcard: true } },
  ],
  [`PUT ${ns}/services/web${protobuf}`, ['k8s:update', 'k8s:finalize'], { body: OPAQUE }],
  [`PUT ${apps}/deployments/web/scale${protobuf}`, ['k8s:scale', 'k8s:finalize', 'k8s:stop'], { body: OPAQUE }],
  [`DELETE ${ns}/pods/web${protobuf}`, ['k8s:delete'], { body: OPAQUE, with: { opaque: true } }],
]);

const discovery = of('what the API says of itself', [
  ...[
    '/',
    '/api',
    '/apis',
    '/api/v1',
    '/apis/apps',
    '/apis/apps/v1',
    '/version',
    '/openapi/v3',
    '/healthz',
    '/readyz/etcd',
  ].map((path): Row => [`GET ${path}`, ['k8s:discover']]),
  ['GET /openapi/v3/apis/apps/v1?hash=ABC', ['k8s:discover']],
  ['POST /healthz', 'unreadable'],
  ['POST /debug/flags/v', 'unreadable'],
]);

const twoReadings = of('requests with two readings', [
  ...[
    'GET //api/v1/pods',
    `GET ${ns}//pods`,
    `GET ${ns}/pods/`,
    `GET ${ns}/pods/.`,
    `GET ${ns}/pods/../secrets`,
    `GET ${ns}/pods/%2e%2e/secrets`,
    `GET ${ns}/pods%2fweb`,
    `GET ${ns}/pods/web%2Fexec`,
    `GET ${ns}/pods/a%5cb`,
    `GET ${ns}/p%6Fds`,
    `GET ${ns}/Pods`,
    `GET ${ns}/pods;x=1`,
    `GET ${ns}/pods#x`,
    'GET https://elsewhere/api/v1/pods',
    'GET api/v1/pods',
    'GET *',
    'GET /ui',
    'GET /API/v1/pods',
    `get ${ns}/pods`,
    `OPTIONS ${ns}/pods`,
    `GET  ${ns}/pods`,
    `GET ${ns}/pods HTTP/1.1`,
    `GET ${ns}/pods\r\nX: y`,
    `GET ${ns}/pods\n`,
    `GET ${ns}/pods\tx`,
    `GET ${ns}/p\u00f6ds`,
    `GET ${ns}/pods?limit=1&limit=2`,
    `GET ${ns}/pods?watch=false&watch=true`,
    `GET ${ns}/pods?labelSelector=a;watch=true`,
    `GET ${ns}/pods?x=%zz`,
    `GET ${ns}/pods?labelSelector=%00`,
    `GET ${ns}/pods?unknown=1`,
    `DELETE ${ns}/pods/web?ignoreStoreReadErrorWithClusterBreakingPotential=true`,
    `GET ${ns}/pods\nImpersonate-User: admin`,
    `GET ${ns}/pods\nimpersonate-group: system:masters`,
    `GET ${ns}/pods\nAuthorization: Bearer x`,
    `GET ${ns}/pods\nX-Remote-User: admin`,
    `GET ${ns}/pods\nHost: elsewhere`,
    `GET ${ns}/pods\nAccept: application/json\nAccept: */*`,
    `POST ${ns}/pods?dryRun=all`,
    `POST ${ns}/pods?dryRun=`,
    `GET ${ns}/pods/web/../..`,
    '',
  ].map((text): Row => [text, 'refused', text.startsWith('POST') ? { body: pod() } : {}]),
  [`DELETE ${ns}/pods/web?dryRun=All`, 'refused', { body: { kind: 'DeleteOptions' } }],
  [`DELETE ${ns}/pods/web`, 'refused', { body: { kind: 'DeleteOptions', dryRun: ['all'] } }],
  [`GET ${ns}/pods`, 'refused', { body: {} }],
  [`GET ${ns}/pods/web/exec/x`, ['k8s:exec']],
  [`GET ${ns}/pods/web/log/x`, 'unreadable'],
  [`GET ${ns}/pods/web/newthing`, 'unreadable'],
]);

const crookedBodies = of('bodies that do not fit', [
  [`POST ${ns}/pods`, 'refused'],
  [`POST ${ns}/pods`, 'refused', { body: { kind: 'Secret', apiVersion: 'v1' } }],
  [`POST ${ns}/pods`, 'refused', { body: { kind: 'Pod', apiVersion: 'v2' } }],
  [`POST ${ns}/pods`, 'refused', { body: { kind: 'Pod', metadata: { namespace: 'kube-system' } } }],
  [`PUT ${ns}/pods/web`, 'refused', { body: { kind: 'Pod', metadata: { name: 'other' } } }],
  [`POST ${ns}/pods`, 'refused', { body: { kind: 'List', items: [] } }],
  [`POST ${ns}/pods`, 'refused', { body: 'text' }],
  [`POST ${ns}/pods`, 'refused', { body: [] }],
  [`PATCH ${ns}/pods/web`, 'refused', { body: {} }],
  [`PATCH ${ns}/pods/web${json}`, 'refused', { body: {} }],
  [`PATCH ${ns}/pods/web${json}`, 'refused', { body: [{ op: 'explode', path: '/x' }] }],
  [`POST ${ns}/pods${yaml}`, 'refused', { body: 'kind: Pod\nkind: Secret\n' }],
  [`POST ${ns}/pods${yaml}`, 'refused', { body: 'kind: Pod\n---\nkind: Pod\n' }],
  [`POST ${ns}/pods${yaml}`, 'refused', { body: 'a: &x 1\nb: *x\n' }],
  [`POST ${ns}/pods${yaml}`, 'refused', { body: 'a: !!js/function x\n' }],
  [`POST ${ns}/pods${protobuf}`, 'refused', { body: 'AAAA' }],
  [`POST ${ns}/pods${protobuf}`, 'refused', { body: {} }],
  [`POST ${ns}/configmaps`, 'refused', { body: { data: { size: 2 ** 53 } } }],
  [
    `POST ${ns}/secrets`,
    'refused',
    { body: { data: { a: Buffer.from('[masked:secret.kubernetes]').toString('base64') } } },
  ],
  [`PATCH ${ns}/configmaps/app${merge}`, 'refused', { body: { data: { mail: '[masked:pii.email]' } } }],
]);

export const KUBE_CASES: readonly KubeCase[] = [
  ...[...reading, ...watching, ...contents, ...running, ...changing, ...destroying, ...podBodies, ...administering],
  ...[...harmless, ...opaque, ...discovery, ...twoReadings, ...crookedBodies],
  ...EVASIONS,
];
