import type { Matter } from './effects.ts';
import { givesCloudIdentity, mintsToken, namesFinalizers, replicasIn } from './metadata.ts';
import { factsOf } from './resources.ts';
import type { Said } from './said.ts';
import type { K8sAction } from './vocabulary.ts';

interface Case {
  readonly matter: Matter;
  /** What the verb says. */
  readonly main: K8sAction;
  readonly said: Said;
}

/** What follows from what is touched, beside what the verb says. Each is an effect of its own, and policy has to permit it. */
export function consequencesOf(matter: Matter, main: K8sAction, said: Said): readonly K8sAction[] {
  return RULES.flatMap(([action, holds]) => (action !== main && holds({ matter, main, said }) ? [action] : []));
}

const RULES: readonly (readonly [K8sAction, (one: Case) => boolean])[] = [
  ['k8s:define', ({ matter, main }) => consequence(matter) === 'define' && main !== 'k8s:delete-namespace'],
  [
    'k8s:rbac',
    ({ matter, said }) => consequence(matter) === 'rbac' || isIdentityMap(matter) || isIdentity(matter, said),
  ],
  ['k8s:extend', ({ matter }) => consequence(matter) === 'extend'],
  ['k8s:cluster', ({ matter }) => consequence(matter) === 'cluster'],
  [
    'k8s:delete-namespace',
    ({ matter }) => matter.request.resource === 'namespaces' && matter.request.verb === 'deletecollection',
  ],
  ['k8s:host', ({ said }) => said.host],
  ['k8s:bind', ({ said }) => said.pinned],
  ['k8s:mint-token', asksForToken],
  ['k8s:finalize', touchesFinalizers],
  ['k8s:stop', stops],
];

/** What is not Kubernetes' own and lies in no namespace is the cluster's, whatever it is named after. */
function consequence({ request: { resource, group, namespace } }: Matter) {
  const facts = factsOf(resource);
  const known = facts !== undefined && (facts.consequence !== 'plain' || facts.groups.includes(group));
  if (known) return facts.consequence;
  return namespace === '' ? 'cluster' : 'plain';
}

/** `aws-auth` maps AWS identities to groups of Kubernetes (EKS user guide); which ConfigMap is meant is not always said. */
const isIdentityMap = ({ request }: Matter): boolean =>
  request.resource === 'configmaps' && request.namespace === 'kube-system';

/** A service account that is somebody at a cloud as well: whoever makes pods with it acts there. */
const isIdentity = ({ request, parts }: Matter, said: Said): boolean =>
  request.resource === 'serviceaccounts' &&
  request.subresource === '' &&
  request.method !== 'DELETE' &&
  (said.opaque || givesCloudIdentity(parts));

function asksForToken({ matter: { request, parts }, said }: Case): boolean {
  return request.resource === 'secrets' && request.method !== 'DELETE' && (said.opaque || mintsToken(parts));
}

function touchesFinalizers({ matter: { request, parts }, said }: Case): boolean {
  if (request.method === 'DELETE') return false;
  return namesFinalizers(parts) || (said.opaque && request.verb !== 'create');
}

/**
 * No replicas, or a number that cannot be read. A field that is taken away becomes the default, which is one. A patch may say
 * it twice, and a test of it can be made to fail: each time counts.
 */
function stops({ matter: { request, parts }, main, said }: Case): boolean {
  const replicas = replicasIn(parts);
  if (main !== 'k8s:scale') return request.verb !== 'create' && replicas.includes(0);
  return said.opaque || replicas.length === 0 || replicas.some((count) => typeof count !== 'number' || count <= 0);
}
