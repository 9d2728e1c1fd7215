import { createHash } from 'node:crypto';
import type { JsonObject, JsonValue } from '../../../../../shared/platform/json-value.ts';
import { at, isObject, listAt, objectAt, put, textAt, textsAt, withDefaults } from '../json.ts';

/** What the API server fills in (Kubernetes API reference, "defaults to"), as far as it shows in diffs and answers. */
export function withKindDefaults(kind: string, object: JsonObject): JsonObject {
  const defaults = DEFAULTS[kind];
  return defaults === undefined ? object : defaults(object);
}

type Defaults = (object: JsonObject) => JsonObject;

const ROLLING = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } };

const DEFAULTS: Readonly<Record<string, Defaults>> = {
  Namespace: (object) => withDefaults(object, { spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } }),
  Pod: (object) =>
    put(withDefaults(object, { status: { phase: 'Pending' } }), ['spec'], podSpec(objectAt(object, 'spec'))),
  Deployment: (object) =>
    withTemplate(
      withDefaults(object, {
        spec: { replicas: 1, strategy: ROLLING, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 },
      }),
    ),
  ReplicaSet: (object) => withTemplate(withDefaults(object, { spec: { replicas: 1 } })),
  StatefulSet: (object) =>
    withTemplate(
      withDefaults(object, {
        spec: {
          replicas: 1,
          podManagementPolicy: 'OrderedReady',
          revisionHistoryLimit: 10,
          updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
        },
      }),
    ),
  DaemonSet: (object) =>
    withTemplate(withDefaults(object, { spec: { revisionHistoryLimit: 10, updateStrategy: ROLLING } })),
  Job: (object) =>
    withTemplate(withDefaults(object, { spec: { parallelism: 1, completions: 1, backoffLimit: 6, suspend: false } })),
  CronJob: (object) =>
    withDefaults(object, {
      spec: { suspend: false, concurrencyPolicy: 'Allow', successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 },
    }),
  Service: service,
  Secret: secret,
};

function withTemplate(object: JsonObject): JsonObject {
  return put(object, ['spec', 'template', 'spec'], podSpec(objectAt(object, 'spec', 'template', 'spec')));
}

function podSpec(spec: JsonObject): JsonObject {
  const full = withDefaults(spec, {
    restartPolicy: 'Always',
    dnsPolicy: 'ClusterFirst',
    schedulerName: 'default-scheduler',
    securityContext: {},
    terminationGracePeriodSeconds: 30,
  });
  return put(full, ['containers'], listAt(spec, 'containers').map(container));
}

function container(given: JsonValue): JsonValue {
  if (!isObject(given)) return given;
  const full = withDefaults(given, {
    imagePullPolicy: /:(?!latest$)[\w.-]+$|@/.test(textAt(given, 'image')) ? 'IfNotPresent' : 'Always',
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  });
  const ports = at(given, 'ports');
  if (ports === undefined) return full;
  return put(
    full,
    ['ports'],
    listAt(given, 'ports').map((port) => (isObject(port) ? withDefaults(port, { protocol: 'TCP' }) : port)),
  );
}

function service(object: JsonObject): JsonObject {
  const ports = listAt(object, 'spec', 'ports').map((port) =>
    isObject(port) ? withDefaults(port, { protocol: 'TCP', targetPort: port['port'] ?? 0 }) : port,
  );
  const address = clusterAddress(`${textAt(object, 'metadata', 'namespace')}/${textAt(object, 'metadata', 'name')}`);
  const full = withDefaults(object, {
    spec: { type: 'ClusterIP', sessionAffinity: 'None', internalTrafficPolicy: 'Cluster', clusterIP: address },
    status: { loadBalancer: {} },
  });
  return put(full, ['spec', 'ports'], ports);
}

/** Of 10.96.0.0/16, by name: nothing listens there. */
function clusterAddress(name: string): string {
  const [high = 0, low = 0] = createHash('sha256').update(name).digest();
  return `10.96.${high}.${low}`;
}

/** `stringData` is for writing only. */
function secret(object: JsonObject): JsonObject {
  const { stringData: _, ...rest } = object;
  const given = Object.entries(textsAt(object, 'stringData')).map(([name, text]): [string, JsonValue] => [
    name,
    Buffer.from(text, 'utf8').toString('base64'),
  ]);
  const data = { ...objectAt(object, 'data'), ...Object.fromEntries(given) };
  return withDefaults({ ...rest, ...(Object.keys(data).length > 0 ? { data } : {}) }, { type: 'Opaque' });
}
