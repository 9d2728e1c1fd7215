import type { ResourceRequest } from '../request/model.ts';
import { isOwnGroup } from './resources.ts';
import type { K8sAction } from './vocabulary.ts';

/** What a subresource does when it is read and when it is not. `verb`: what its verb does. `none`: nothing that is known. */
interface Row {
  readonly read: K8sAction | 'verb' | 'none';
  readonly other: K8sAction | 'verb' | 'none';
}

const always = (action: K8sAction): Row => ({ read: action, other: action });
const change = (action: K8sAction | 'verb'): Row => ({ read: 'verb', other: action });

/** Over GET as well: the API server upgrades the connection, or passes it on to a kubelet that runs what it is told. */
const SUBRESOURCES: ReadonlyMap<string, Row> = new Map([
  ['pods/exec', always('k8s:exec')],
  ['pods/attach', always('k8s:attach')],
  ['pods/portforward', always('k8s:portforward')],
  ['pods/proxy', always('k8s:proxy')],
  ['services/proxy', always('k8s:proxy')],
  ['nodes/proxy', always('k8s:proxy')],
  ['pods/log', { read: 'k8s:log', other: 'none' }],
  ['pods/eviction', { read: 'none', other: 'k8s:evict' }],
  ['pods/binding', { read: 'none', other: 'k8s:bind' }],
  ['pods/ephemeralcontainers', change('k8s:debug')],
  ['pods/resize', change('verb')],
  ['serviceaccounts/token', always('k8s:mint-token')],
  ['namespaces/finalize', change('k8s:finalize')],
  ['certificatesigningrequests/approval', change('k8s:certify')],
  ['certificatesigningrequests/status', change('k8s:certify')],
]);

/** What a subresource does; `undefined` where there is no rule, and then it is not read at all. */
export function subresourceAction(request: ResourceRequest): K8sAction | 'verb' | undefined {
  const { resource, subresource, verb, group } = request;
  const row = SUBRESOURCES.get(`${resource}/${subresource}`) ?? general(request);
  if (row === undefined) return isOwnGroup(group) ? undefined : 'k8s:connect';
  const action = verb === 'get' ? row.read : row.other;
  return action === 'none' ? undefined : action;
}

function general({ resource, subresource }: ResourceRequest): Row | undefined {
  switch (subresource) {
    case 'status':
      return change('k8s:status');
    case 'scale':
      return change('k8s:scale');
    case 'finalizers':
      return change('k8s:finalize');
    case 'proxy':
      return always('k8s:proxy');
    default:
      // A node's other subresources (`stats`, `log`, `metrics`) are the kubelet's.
      return resource === 'nodes' ? always('k8s:proxy') : undefined;
  }
}

/** Actions that hold a connection open, or speak to something that is not the API server. */
export const STREAMS: ReadonlySet<K8sAction> = new Set([
  'k8s:exec',
  'k8s:attach',
  'k8s:portforward',
  'k8s:proxy',
  'k8s:connect',
]);
