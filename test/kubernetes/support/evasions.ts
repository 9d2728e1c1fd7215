import type { JsonValue } from '../../../shared/platform/json-value.ts';
import { of, type KubeCase, type Row } from './case.ts';

/** Requests that say less than they do: by a second spelling, by a part where a whole is expected, or by order. */
const merge = '\nContent-Type: application/merge-patch+json';
const strategic = '\nContent-Type: application/strategic-merge-patch+json';
const json = '\nContent-Type: application/json-patch+json';
const apply = '\nContent-Type: application/apply-patch+yaml';
const protobuf = '\nContent-Type: application/vnd.kubernetes.protobuf';
const OPAQUE = 'azhzAA==';

const ns = '/api/v1/namespaces/stage';
const apps = '/apis/apps/v1/namespaces/stage';
const rbac = '/apis/rbac.authorization.k8s.io/v1';
const api = (image = 'registry.example.com/api:7'): JsonValue => ({ name: 'api', image });
const podWith = (spec: Readonly<Record<string, JsonValue>>): JsonValue => ({
  kind: 'Pod',
  metadata: { name: 'api' },
  spec: { automountServiceAccountToken: false, containers: [api()], ...spec },
});
type Members = Readonly<Record<string, JsonValue>>;
const inTemplate = (spec: Members): Members => ({ spec: { template: { spec } } });
const patched = (op: string, path: string, value?: JsonValue): JsonValue => [
  { op, path, ...(value === undefined ? {} : { value }) },
];
const template = '/spec/template/spec';
const first = `${template}/containers/0`;

const places = of('places in lists, as the patch library counts them', [
  [
    `PATCH ${apps}/deployments/api${json}`,
    ['k8s:patch', 'k8s:host'],
    { body: patched('add', `${first}/securityContext/capabilities/add/-1`, 'SYS_PTRACE') },
  ],
  [
    `PATCH ${apps}/deployments/api${json}`,
    ['k8s:patch', 'k8s:host'],
    { body: patched('replace', `${template}/containers/+0/securityContext/capabilities/add/+0`, 'ALL') },
  ],
  [
    `PATCH ${rbac}/clusterroles/viewer${json}`,
    ['k8s:patch', 'k8s:rbac'],
    { body: patched('add', '/rules/-1', { verbs: ['bind'], resources: ['clusterroles'] }), with: { escalates: true } },
  ],
  [
    `PATCH ${rbac}/clusterrolebindings/viewers${json}`,
    ['k8s:patch', 'k8s:rbac'],
    { body: patched('add', '/subjects/-1', { kind: 'Group', name: 'system:masters' }), with: { systemSubject: true } },
  ],
  [
    `PATCH ${rbac}/clusterroles/viewer${json}`,
    ['k8s:patch', 'k8s:rbac'],
    { body: patched('add', '/rules/0/resources/-', 'secrets'), with: { grantsSecrets: true }, without: ['wildcard'] },
  ],
  [
    `PATCH ${rbac}/clusterroles/viewer${json}`,
    ['k8s:patch', 'k8s:rbac'],
    { body: patched('remove', '/rules/0/resourceNames'), with: { grantsSecrets: true } },
  ],
]);

const fewer = of('what a patch takes away without naming it', [
  ...[
    { $patch: 'replace', name: 'data' },
    { $retainKeys: ['name'], name: 'data' },
    { '$deleteFromPrimitiveList/finalizers': ['kubernetes.io/pvc-protection'] },
  ].map((metadata): Row => [
    `PATCH ${ns}/persistentvolumeclaims/data${strategic}`,
    ['k8s:patch', 'k8s:finalize'],
    { body: { metadata }, with: { finalizers: true } },
  ]),
  [`PATCH ${ns}/persistentvolumeclaims/data${merge}`, 'refused', { body: { metadata: null } }],
  ...['', '/metadata'].map((path): Row => [
    `PATCH ${ns}/persistentvolumeclaims/data${json}`,
    ['k8s:patch', 'k8s:finalize'],
    { body: patched('replace', path, { name: 'data' }), with: { finalizers: true, owners: true } },
  ]),
  [
    `PATCH ${ns}/persistentvolumeclaims/data${json}`,
    ['k8s:patch'],
    { body: patched('replace', '/metadata/labels', { tier: 'db' }), without: ['finalizers'] },
  ],
  ...(
    [
      [json, patched('remove', `${first}/securityContext/capabilities/drop/0`)],
      [json, patched('replace', `${first}/securityContext/capabilities/drop/-1`, 'CHOWN')],
      [json, patched('replace', first, api())],
      [json, patched('replace', `${template}/containers`, [api()])],
      [json, patched('add', `${template}/hostUsers`, true)],
      [json, patched('add', `${template}/securityContext`, { fsGroup: 7 })],
      [
        strategic,
        inTemplate({
          containers: [
            { name: 'api', securityContext: { capabilities: { '$deleteFromPrimitiveList/drop': ['ALL'] } } },
          ],
        }),
      ],
      [strategic, inTemplate({ containers: [{ name: 'api', securityContext: { $retainKeys: ['runAsUser'] } }] })],
      [strategic, inTemplate({ containers: [api(), { $patch: 'replace' }] })],
      [strategic, inTemplate({ $patch: 'replace', containers: [api()] })],
      [merge, inTemplate({ containers: [{ name: 'api', securityContext: { capabilities: { drop: [] } } }] })],
    ] satisfies [string, JsonValue][]
  ).map(([type, body]): Row => [
    `PATCH ${apps}/deployments/api${type}`,
    ['k8s:patch'],
    { body, with: { weakens: true } },
  ]),
  ...(
    [
      // What kubectl apply sends when a volume, a variable and a strategy change.
      inTemplate({ volumes: [{ $retainKeys: ['name', 'emptyDir'], name: 'tmp', emptyDir: {} }] }),
      inTemplate({ containers: [{ name: 'api', env: [{ $patch: 'delete', name: 'OLD' }] }] }),
      inTemplate({ $setElementOrder: [], containers: [{ name: 'api', image: 'registry.example.com/api:8' }] }),
      { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } },
    ] satisfies JsonValue[]
  ).map((body): Row => [
    `PATCH ${apps}/deployments/api${strategic}`,
    ['k8s:patch'],
    { body, without: ['weakens', 'finalizers', 'mountsToken'] },
  ]),
  [
    `PATCH ${apps}/deployments/api${json}`,
    ['k8s:patch', 'k8s:stop'],
    {
      body: [
        { op: 'replace', path: '/spec/replicas', value: 4 },
        { op: 'replace', path: '/spec/replicas', value: 0 },
      ],
    },
  ],
  [
    `PATCH ${apps}/deployments/api/scale${json}`,
    ['k8s:scale', 'k8s:stop'],
    {
      body: [
        { op: 'add', path: '/spec/replicas', value: 9 },
        { op: 'add', path: '/spec/replicas', value: 0 },
      ],
    },
  ],
]);

const spelled = of('a second way to the same', [
  [
    `POST ${ns}/bindings`,
    ['k8s:bind'],
    { body: { kind: 'Binding', metadata: { name: 'api' }, target: { name: 'n7' } } },
  ],
  [`POST ${ns}/pods`, ['k8s:create', 'k8s:bind'], { body: podWith({ nodeName: 'n7' }) }],
  [
    `PATCH ${apps}/daemonsets/api${apply}`,
    ['k8s:apply', 'k8s:bind'],
    { body: { kind: 'DaemonSet', ...inTemplate({ nodeName: 'n7' }) } },
  ],
  [`PATCH ${ns}/pods/api${merge}`, ['k8s:patch'], { body: { spec: { nodeName: 'n7' } } }],
  [`POST ${ns}/pods`, 'refused', { body: podWith({ serviceAccountName: 'root', serviceAccount: 'app' }) }],
  [
    `POST ${ns}/pods`,
    ['k8s:create'],
    { body: podWith({ serviceAccountName: 'app', serviceAccount: 'app' }), with: { serviceAccount: 'app' } },
  ],
  [
    `POST /apis/argoproj.io/v1alpha1/namespaces/stage/workflows`,
    ['k8s:create'],
    {
      body: { spec: { serviceAccountName: 'b', executor: { serviceAccountName: 'a' } } },
      with: { serviceAccount: 'a,b' },
    },
  ],
  [
    `POST ${ns}/pods`,
    ['k8s:create'],
    {
      body: podWith({
        containers: [
          ...Array.from({ length: 60 }, (_, at) => api(`registry.example.com/api:${at}`)),
          api('evil.test/x'),
        ],
      }),
      with: { unknownRegistry: true },
    },
  ],
  [
    `POST ${apps}/controllerrevisions`,
    ['k8s:create', 'k8s:host'],
    { body: { kind: 'ControllerRevision', data: inTemplate({ hostNetwork: true }), revision: 3 } },
  ],
  [`POST ${ns}/pods`, ['k8s:create', 'k8s:host'], { body: podWith({ volumes: [{ gitRepo: { repository: 'x' } }] }) }],
  [
    `PATCH ${ns}/pods/api${merge}`,
    ['k8s:patch'],
    {
      body: { metadata: { annotations: { 'container.apparmor.security.beta.kubernetes.io/api': 'unconfined' } } },
      with: { weakens: true },
    },
  ],
  [
    `POST ${rbac}/clusterroles`,
    ['k8s:create', 'k8s:rbac'],
    { body: { rules: [{ apiGroups: [''], resources: ['*/exec'], verbs: ['get'] }] }, with: { grantsExecution: true } },
  ],
  [
    `POST ${rbac}/clusterroles`,
    ['k8s:create', 'k8s:rbac'],
    { body: { rules: [{ resources: ['*/token'], verbs: ['create'] }] }, with: { escalates: true } },
  ],
  [
    `POST ${rbac}/clusterroles`,
    ['k8s:create', 'k8s:rbac'],
    { body: { rules: [{ resources: ['signers'], verbs: ['approve'] }] }, with: { escalates: true } },
  ],
  [
    `POST ${rbac}/clusterroles`,
    ['k8s:create', 'k8s:rbac'],
    {
      body: { rules: [{ nonResourceURLs: ['/healthz'], verbs: ['get'] }] },
      without: ['escalates', 'grantsSecrets', 'grantsExecution'],
    },
  ],
  ...['eks.amazonaws.com/role-arn', 'iam.gke.io/gcp-service-account', 'azure.workload.identity/client-id'].map(
    (name): Row => [
      `PATCH ${ns}/serviceaccounts/app${merge}`,
      ['k8s:patch', 'k8s:rbac'],
      { body: { metadata: { annotations: { [name]: 'x' } } } },
    ],
  ),
  [`POST ${ns}/serviceaccounts`, ['k8s:create'], { body: { kind: 'ServiceAccount', metadata: { name: 'app' } } }],
  [`POST ${ns}/serviceaccounts${protobuf}`, ['k8s:create', 'k8s:rbac'], { body: OPAQUE }],
  ['GET /apis/example.org/v1/namespaces/stage/vaultcredentials/db/status', ['k8s:read-secret']],
  [`DELETE ${ns}/secrets?labelSelector=a%3Db`, ['k8s:deletecollection', 'k8s:read-secret']],
  [
    `POST ${ns}/pods/api/eviction`,
    ['k8s:evict'],
    { body: { kind: 'Eviction', deleteOptions: { gracePeriodSeconds: 0 } }, with: { force: true } },
  ],
]);

const wide = of('selectors that select everything', [
  ...[
    'labelSelector=app!%3Dnone',
    'labelSelector=!legacy',
    'labelSelector=app%20notin%20(x,y)',
    'fieldSelector=metadata.name!%3Dx',
    'fieldSelector=metadata.namespace%3Dstage',
    'fieldSelector=metadata.namespace%3D%3Dstage,metadata.name!%3Dx',
    'labelSelector=%20',
  ].map((query): Row => [`DELETE ${ns}/pods?${query}`, ['k8s:deletecollection'], { with: { unbounded: true } }]),
  ...['labelSelector=app', 'labelSelector=app%20in%20(x,y),!old', 'fieldSelector=status.phase%3DFailed'].map(
    (query): Row => [`DELETE ${ns}/pods?${query}`, ['k8s:deletecollection'], { without: ['unbounded'] }],
  ),
]);

export const EVASIONS: readonly KubeCase[] = [...places, ...fewer, ...spelled, ...wide];
