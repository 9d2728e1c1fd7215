import type { JsonObject, JsonValue } from '../../../../../shared/platform/json-value.ts';
import { at, listAt, numberAt, objectAt, textAt, textsAt } from '../json.ts';
import { age } from './age.ts';

export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer';
  /** Shown with `-o wide` alone. */
  readonly wide: boolean;
  readonly cell: (object: JsonObject, now: Date) => JsonValue;
}

type Cell = (object: JsonObject, now: Date) => JsonValue;

const shown = (name: string, cell: Cell, type: Column['type'] = 'string'): Column => ({
  name,
  type,
  wide: false,
  cell,
});
const wide = (name: string, cell: Cell): Column => ({ name, type: 'string', wide: true, cell });
const text =
  (...path: readonly string[]): Cell =>
  (object) =>
    textAt(object, ...path) || '<none>';
const count =
  (...path: readonly string[]): Cell =>
  (object) =>
    numberAt(object, ...path) ?? 0;
const of =
  (...path: readonly string[]): Cell =>
  (object) =>
    `${numberAt(object, 'status', ...path) ?? 0}/${numberAt(object, 'spec', 'replicas') ?? 0}`;

const NAME = shown('Name', (object) => textAt(object, 'metadata', 'name'));
const AGE = shown('Age', (object, now) => age(textAt(object, 'metadata', 'creationTimestamp'), now));
const keys =
  (...members: readonly string[]): Cell =>
  (object) =>
    members.reduce((sum, member) => sum + Object.keys(objectAt(object, member)).length, 0);

const joined = (texts: readonly string[]): string => (texts.length === 0 ? '<none>' : texts.join(','));
const pairs = (labels: Readonly<Record<string, string>>): string =>
  joined(Object.entries(labels).map(([key, value]) => `${key}=${value}`));

const containers = (object: JsonObject): readonly JsonValue[] =>
  listAt(object, 'spec', 'template', 'spec', 'containers');
const WORKLOAD = [
  wide('Containers', (object) => joined(containers(object).map((one) => textAt(one, 'name')))),
  wide('Images', (object) => joined(containers(object).map((one) => textAt(one, 'image')))),
  wide('Selector', (object) => pairs(textsAt(object, 'spec', 'selector', 'matchLabels'))),
];

function podStatus(object: JsonObject): string {
  if (at(object, 'metadata', 'deletionTimestamp') !== undefined) return 'Terminating';
  const [first] = listAt(object, 'status', 'containerStatuses');
  return (
    textAt(first, 'state', 'waiting', 'reason') ||
    textAt(first, 'state', 'terminated', 'reason') ||
    textAt(object, 'status', 'phase')
  );
}

const ports: Cell = (object) =>
  joined(listAt(object, 'spec', 'ports').map((port) => `${numberAt(port, 'port') ?? ''}/${textAt(port, 'protocol')}`));

/** The columns of the API server's printers (kubernetes, pkg/printers/internalversion), by kind. */
const COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  Namespace: [NAME, shown('Status', text('status', 'phase')), AGE],
  Pod: [
    NAME,
    shown('Ready', (object) => {
      const all = listAt(object, 'status', 'containerStatuses');
      return `${all.filter((one) => at(one, 'ready') === true).length}/${listAt(object, 'spec', 'containers').length}`;
    }),
    shown('Status', podStatus),
    shown('Restarts', (object) =>
      String(numberAt(listAt(object, 'status', 'containerStatuses')[0], 'restartCount') ?? 0),
    ),
    AGE,
    wide('IP', text('status', 'podIP')),
    wide('Node', text('spec', 'nodeName')),
    wide('Nominated Node', () => '<none>'),
    wide('Readiness Gates', () => '<none>'),
  ],
  ConfigMap: [NAME, shown('Data', keys('data', 'binaryData')), AGE],
  Secret: [NAME, shown('Type', text('type')), shown('Data', keys('data')), AGE],
  ServiceAccount: [NAME, shown('Secrets', (object) => listAt(object, 'secrets').length), AGE],
  Service: [
    NAME,
    shown('Type', text('spec', 'type')),
    shown('Cluster-IP', text('spec', 'clusterIP')),
    shown('External-IP', () => '<none>'),
    shown('Port(s)', ports),
    AGE,
    wide('Selector', (object) => pairs(textsAt(object, 'spec', 'selector'))),
  ],
  Node: [
    NAME,
    shown('Status', () => 'Ready'),
    shown('Roles', () => '<none>'),
    AGE,
    shown('Version', text('status', 'nodeInfo', 'kubeletVersion')),
  ],
  Event: [
    shown('Last Seen', (object, now) => age(textAt(object, 'lastTimestamp'), now)),
    shown('Type', text('type')),
    shown('Reason', text('reason')),
    shown(
      'Object',
      (object) =>
        `${textAt(object, 'involvedObject', 'kind').toLowerCase()}/${textAt(object, 'involvedObject', 'name')}`,
    ),
    shown('Message', text('message')),
  ],
  Deployment: [
    NAME,
    shown('Ready', of('readyReplicas')),
    shown('Up-to-date', count('status', 'updatedReplicas'), 'integer'),
    shown('Available', count('status', 'availableReplicas'), 'integer'),
    AGE,
    ...WORKLOAD,
  ],
  ReplicaSet: [
    NAME,
    shown('Desired', count('spec', 'replicas'), 'integer'),
    shown('Current', count('status', 'replicas'), 'integer'),
    shown('Ready', count('status', 'readyReplicas'), 'integer'),
    AGE,
    ...WORKLOAD,
  ],
  StatefulSet: [NAME, shown('Ready', of('readyReplicas')), AGE, ...WORKLOAD.slice(0, 2)],
  DaemonSet: [
    NAME,
    shown('Desired', count('status', 'desiredNumberScheduled'), 'integer'),
    shown('Current', count('status', 'currentNumberScheduled'), 'integer'),
    shown('Ready', count('status', 'numberReady'), 'integer'),
    AGE,
    ...WORKLOAD,
  ],
  Job: [
    NAME,
    shown('Status', (object) => (numberAt(object, 'status', 'active') === undefined ? 'Complete' : 'Running')),
    shown(
      'Completions',
      (object) => `${numberAt(object, 'status', 'succeeded') ?? 0}/${numberAt(object, 'spec', 'completions') ?? 1}`,
    ),
    AGE,
  ],
  CronJob: [
    NAME,
    shown('Schedule', text('spec', 'schedule')),
    shown('Suspend', (object) => (at(object, 'spec', 'suspend') === true ? 'True' : 'False')),
    AGE,
  ],
  RoleBinding: [
    NAME,
    shown('Role', (object) => `${textAt(object, 'roleRef', 'kind')}/${textAt(object, 'roleRef', 'name')}`),
    AGE,
  ],
  ClusterRoleBinding: [
    NAME,
    shown('Role', (object) => `${textAt(object, 'roleRef', 'kind')}/${textAt(object, 'roleRef', 'name')}`),
    AGE,
  ],
};

export const columnsOf = (kind: string): readonly Column[] =>
  COLUMNS[kind] ?? [NAME, shown('Created At', text('metadata', 'creationTimestamp'))];
