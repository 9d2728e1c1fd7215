import { createHash } from 'node:crypto';
import type { JsonObject } from '../../../../../shared/platform/json-value.ts';
import { isObject, listAt, objectAt, put, textAt } from '../json.ts';
import { timestamp } from '../lifecycle.ts';
import { isDeleting, namespaceOf, nameOf, uidOf, type ClusterStore } from '../store.ts';
import { condition, kindOf, PODS } from './workloads.ts';

const NODES = kindOf('', 'nodes');

/**
 * The kubelet's part without a kubelet: no container runs. A new pod is placed on a node, and is `Running` and ready
 * once it is `readyAfterMs` old; one of a Job has `Succeeded` then.
 */
export function runPod(store: ClusterStore, pod: JsonObject, readyAfterMs: number, now: Date): void {
  if (isDeleting(pod)) return;
  const nodes = store.list(NODES);
  const number = createHash('sha256').update(uidOf(pod)).digest();
  const node = nodes[(number[0] ?? 0) % Math.max(nodes.length, 1)];
  if (node === undefined) return;
  const placed = textAt(pod, 'spec', 'nodeName') === '' ? put(pod, ['spec', 'nodeName'], nameOf(node)) : pod;
  const old = now.getTime() - Date.parse(textAt(pod, 'metadata', 'creationTimestamp')) >= readyAfterMs;
  const phase = !old ? 'Pending' : ofJob(pod) ? 'Succeeded' : 'Running';
  if (textAt(pod, 'status', 'phase') === phase && placed === pod) return;
  const address = `10.244.${number[1] ?? 0}.${number[2] ?? 0}`;
  store.save(PODS, put(placed, ['status'], podStatus(placed, phase, address, now)));
}

export const isReady = (pod: JsonObject): boolean => textAt(pod, 'status', 'phase') === 'Running' && !isDeleting(pod);

export const isPending = (pod: JsonObject): boolean => textAt(pod, 'status', 'phase') === 'Pending';

const ofJob = (pod: JsonObject): boolean =>
  listAt(pod, 'metadata', 'ownerReferences').some((owner) => textAt(owner, 'kind') === 'Job');

function podStatus(pod: JsonObject, phase: string, address: string, now: Date): JsonObject {
  const ready = phase === 'Running';
  const conditions = ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map((type, index) => {
    const { reason: _, message: __, lastUpdateTime: ___, ...plain } = condition(type, index < 2 || ready, '', '', now);
    return plain;
  });
  return {
    phase,
    conditions,
    startTime: textAt(pod, 'metadata', 'creationTimestamp'),
    qosClass: 'BestEffort',
    ...(phase === 'Pending' ? {} : { hostIP: '192.0.2.10', podIP: address, podIPs: [{ ip: address }] }),
    containerStatuses: listAt(pod, 'spec', 'containers')
      .filter(isObject)
      .map((container) => containerStatus(container, phase, `${namespaceOf(pod)}/${nameOf(pod)}`, now)),
  };
}

function containerStatus(container: JsonObject, phase: string, pod: string, now: Date): JsonObject {
  const at = timestamp(now);
  const states: Readonly<Record<string, JsonObject>> = {
    Pending: { waiting: { reason: 'ContainerCreating' } },
    Running: { running: { startedAt: at } },
    Succeeded: { terminated: { exitCode: 0, reason: 'Completed', startedAt: at, finishedAt: at } },
  };
  const name = textAt(container, 'name');
  return {
    name,
    image: textAt(container, 'image'),
    imageID: '',
    containerID: phase === 'Pending' ? '' : `embedded://${createHash('sha256').update(`${pod}/${name}`).digest('hex')}`,
    restartCount: 0,
    ready: phase === 'Running',
    started: phase === 'Running',
    state: objectAt(states, phase),
    lastState: {},
  };
}
