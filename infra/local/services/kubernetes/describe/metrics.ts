import { createHash } from 'node:crypto';
import type { JsonObject } from '../../../../../shared/platform/json-value.ts';
import { isObject, listAt, objectAt, textAt, textsAt } from '../json.ts';
import { timestamp } from '../lifecycle.ts';
import { METRICS } from '../model/kinds.ts';
import { nameOf, namespaceOf, type ClusterStore } from '../store.ts';
import { isReady } from '../controllers/pods.ts';
import { kindOf, PODS } from '../controllers/workloads.ts';
import { labelSelector } from '../select.ts';

/**
 * What `kubectl top` asks. Nothing runs, so nothing is measured: the numbers come from the names, the same every time,
 * and each object says so in an annotation.
 */
export function metrics(
  store: ClusterStore,
  path: readonly string[],
  query: URLSearchParams,
  now: Date,
): JsonObject | undefined {
  const [first, second, third, fourth] = path;
  const fits = labelSelector(query.get('labelSelector') ?? '');
  const chosen = (object: JsonObject): boolean => fits.ok && fits.value(object);
  if (first === 'nodes') {
    const items = store
      .list(kindOf('', 'nodes'))
      .filter(chosen)
      .map((node) => nodeMetrics(node, now));
    return second === undefined ? listOf('NodeMetricsList', items) : items.find((item) => nameOf(item) === second);
  }
  const inNamespace = first === 'namespaces' && third === 'pods';
  if (!inNamespace && first !== 'pods') return undefined;
  const pods = store.list(PODS, inNamespace ? second : '').filter((pod) => isReady(pod) && chosen(pod));
  const items = pods.map((pod) => podMetrics(pod, now));
  return fourth === undefined ? listOf('PodMetricsList', items) : items.find((item) => nameOf(item) === fourth);
}

const apiVersion = `${METRICS.group}/${METRICS.version}`;

const listOf = (kind: string, items: readonly JsonObject[]): JsonObject => ({ kind, apiVersion, metadata: {}, items });

const note = {
  annotations: { 'countersign.embedded/made-up': 'no container runs; these numbers are made from the names' },
};

function podMetrics(pod: JsonObject, now: Date): JsonObject {
  const name = nameOf(pod);
  return {
    kind: 'PodMetrics',
    apiVersion,
    metadata: { name, namespace: namespaceOf(pod), labels: textsAt(pod, 'metadata', 'labels'), ...note },
    timestamp: timestamp(now),
    window: '15s',
    containers: listAt(pod, 'spec', 'containers')
      .filter(isObject)
      .map((container) => ({
        name: textAt(container, 'name'),
        usage: usage(`${name}/${textAt(container, 'name')}`, 1),
      })),
  };
}

const nodeMetrics = (node: JsonObject, now: Date): JsonObject => ({
  kind: 'NodeMetrics',
  apiVersion,
  metadata: { name: nameOf(node), ...objectAt(note) },
  timestamp: timestamp(now),
  window: '15s',
  usage: usage(nameOf(node), 10),
});

function usage(name: string, times: number): JsonObject {
  const [cpu = 0, memory = 0] = createHash('sha256').update(name).digest();
  return { cpu: `${(1 + cpu) * times}m`, memory: `${(16 + memory) * times}Mi` };
}
