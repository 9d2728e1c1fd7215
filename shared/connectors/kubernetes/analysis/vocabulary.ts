import type { ActionGroup, AttributeValue } from '../../../domain/effect.ts';

/**
 * Every action a request to Kubernetes can be said to do, and its Cedar group. What a verb does follows from the resource
 * as much as from the verb, so the actions are what happens and not HTTP's or RBAC's words; those are attributes.
 *
 * A request has the effect of its verb, and beside it one for each thing that follows from what it touches: creating a
 * ClusterRole is `k8s:create` and `k8s:rbac`. All of them must be permitted.
 */
export const K8S_ACTIONS = {
  'k8s:get': 'read',
  'k8s:list': 'read',
  'k8s:watch': 'read',
  /** Contents of Secrets, and of custom resources whose name says that they hold some. */
  'k8s:read-secret': 'read',
  'k8s:read-config': 'read',
  /** What a container wrote: whatever the program thought fit. */
  'k8s:log': 'read',
  /** API groups, versions, OpenAPI documents, health. */
  'k8s:discover': 'read',
  /** SelfSubjectAccessReview and its like: creates by the verb, and writes nothing. */
  'k8s:review': 'read',
  /** What somebody else may do: SubjectAccessReview. */
  'k8s:review-others': 'read',
  /** A change with `dryRun=All` of a resource that honours it: nothing is kept. */
  'k8s:dry-run': 'read',

  'k8s:create': 'write',
  'k8s:update': 'write',
  'k8s:patch': 'write',
  /** Server-side apply: creates or changes, and owns fields from then on. */
  'k8s:apply': 'write',
  'k8s:scale': 'write',
  /** The status subresource: what controllers say of an object. */
  'k8s:status': 'write',

  'k8s:delete': 'destroy',
  'k8s:deletecollection': 'destroy',
  /** A namespace with everything in it. */
  'k8s:delete-namespace': 'destroy',
  'k8s:evict': 'destroy',
  /** Scaling to nothing, or to a number that cannot be read. */
  'k8s:stop': 'destroy',

  /** Namespaces, quotas, network policies: the frame that others work in. */
  'k8s:define': 'define',

  'k8s:exec': 'execute',
  'k8s:attach': 'execute',
  'k8s:portforward': 'execute',
  /** Through the API server to a pod, a service or a kubelet, whose API runs commands over GET. */
  'k8s:proxy': 'execute',
  /** Ephemeral containers: a new program beside a running one. */
  'k8s:debug': 'execute',
  /** A subresource of an API server that is not Kubernetes' own, such as a virtual machine's console. */
  'k8s:connect': 'execute',

  /** Roles and bindings, and the map of AWS identities in EKS. */
  'k8s:rbac': 'administer',
  /** What belongs to the whole cluster: nodes, volumes, storage, priority and runtime classes. */
  'k8s:cluster': 'administer',
  /** What changes the API itself: definitions, aggregated APIs, webhooks, admission policies. */
  'k8s:extend': 'administer',
  /** A container that is as good as the node: privileged, in its namespaces, over its files. */
  'k8s:host': 'administer',
  /** Takes away or sets what holds back a deletion. */
  'k8s:finalize': 'administer',
  /** A token of a service account, by request or by a Secret that asks for one. */
  'k8s:mint-token': 'administer',
  'k8s:review-token': 'administer',
  /** Approves or signs a certificate, and with it an identity. */
  'k8s:certify': 'administer',
  /** Puts a pod onto a node without the scheduler. */
  'k8s:bind': 'administer',
  /** Metrics, logs, profiles and flags of the API server itself. */
  'k8s:inspect': 'administer',
} as const satisfies Record<string, ActionGroup>;

export type K8sAction = keyof typeof K8S_ACTIONS;

/** `namespaced`: `NAMESPACE/RESOURCE[.GROUP][/NAME[/SUBRESOURCE]]` · `cluster`: the same without a namespace · `path`: any other path. */
export const K8S_RESOURCE_KINDS = ['namespaced', 'cluster', 'path'] as const;

interface AttributeSpec<T extends AttributeValue> {
  readonly type: T extends boolean ? 'boolean' : T extends string ? 'string' : 'strings';
  readonly default: T;
}

const no = { type: 'boolean', default: false } as const;
const blank = { type: 'string', default: '' } as const;
const none: AttributeSpec<readonly string[]> = { type: 'strings', default: [] };

/** Attributes of every effect on Kubernetes. Each is always there: a Cedar `forbid` over a missing one would be skipped. */
export const K8S_ATTRIBUTES = {
  /** As the API server's own authorisation has it: `get`, `list`, `deletecollection`, … */
  verb: blank,
  apiGroup: blank,
  apiVersion: blank,
  /** `pods`, `deployments`, …; empty for a path. */
  resourceType: blank,
  subresource: blank,
  namespace: blank,
  /** From the path, the body or a field selector; empty for all of them, and for a generated name. */
  objectName: blank,
  /** Reads or changes every namespace at once: it lies in no `Namespace` for policies. */
  allNamespaces: no,
  /** A list, watch or deletecollection that neither a label nor a field narrows. */
  unbounded: no,
  /** In a namespace of Kubernetes itself (`kube-…`). */
  system: no,
  /** Nothing is kept. `verb` says what would be done. */
  dryRun: no,
  /** The body cannot be read here (protobuf), or what it does cannot be told without what is there. Then the worst is assumed. */
  opaque: no,
  /** Takes over fields of others, or kills without grace. */
  force: no,
  /** What becomes of dependents: `Orphan`, `Background`, `Foreground`, or empty for the resource's own way. */
  propagation: blank,
  /** A connection that stays open: policy may permit it, and no gateway of this kind can carry it. */
  stream: no,
  /** What exec is to run. */
  command: none,

  /** Of the pods that a body describes. */
  privileged: no,
  hostNamespaces: no,
  hostPath: no,
  hostPort: no,
  addsCapabilities: no,
  runsAsRoot: no,
  allowsEscalation: no,
  unmaskedProc: no,
  /** A service account's token is put into the pod. The default of Kubernetes, unless the body says no. */
  mountsToken: no,
  serviceAccount: blank,
  images: none,
  unknownRegistry: no,
  /** Secrets as variables or files. */
  usesSecrets: no,
  /** Takes away something that restrains: a security context, a dropped capability. */
  weakens: no,
  finalizers: no,
  /** Sets or may take away owners: what has an owner that is gone is deleted. */
  owners: no,

  /** Of the rules and bindings that a body describes. */
  wildcard: no,
  /** Gives `escalate`, `bind` or `impersonate`, or a role that has them. */
  escalates: no,
  grantsSecrets: no,
  grantsExecution: no,
  roleRef: blank,
  /** For everybody, or for a group of Kubernetes' own. */
  systemSubject: no,

  /** Reads a field that is classified. The gateway adds it. */
  readsClassified: no,
} as const satisfies Record<string, AttributeSpec<boolean> | AttributeSpec<string> | AttributeSpec<readonly string[]>>;

type Added = 'readsClassified';

export type K8sAttributes = {
  readonly [K in Exclude<keyof typeof K8S_ATTRIBUTES, Added>]: (typeof K8S_ATTRIBUTES)[K]['type'] extends 'boolean'
    ? boolean
    : (typeof K8S_ATTRIBUTES)[K]['type'] extends 'string'
      ? string
      : readonly string[];
};

export type GivenAttributes = Partial<K8sAttributes>;
