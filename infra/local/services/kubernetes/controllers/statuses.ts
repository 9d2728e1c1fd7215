import type { JsonObject } from '../../../../../shared/platform/json-value.ts';
import { numberAt, objectAt, textAt } from '../json.ts';
import { timestamp } from '../lifecycle.ts';
import type { ClusterStore } from '../store.ts';
import { isReady } from './pods.ts';
import { condition, DEPLOYMENTS, kindOf, ownedBy, PODS, REPLICA_SETS, saveStatus, templateHash } from './workloads.ts';

/** The statuses that controllers write: how many of the wanted pods there are, and how many are ready. */

export function replicaSetStatus(store: ClusterStore, set: JsonObject): void {
  const pods = ownedBy(store, PODS, set);
  const ready = pods.filter(isReady).length;
  saveStatus(store, REPLICA_SETS, set, {
    replicas: pods.length,
    fullyLabeledReplicas: pods.length,
    ...(ready > 0 ? { readyReplicas: ready, availableReplicas: ready } : {}),
    observedGeneration: numberAt(set, 'metadata', 'generation') ?? 1,
  });
}

export function deploymentStatus(store: ClusterStore, deployment: JsonObject, now: Date): void {
  const hash = templateHash(objectAt(deployment, 'spec', 'template'));
  const sets = ownedBy(store, REPLICA_SETS, deployment);
  const count = (member: string, of = sets): number =>
    of.reduce((sum, set) => sum + (numberAt(set, 'status', member) ?? 0), 0);
  const updated = count(
    'replicas',
    sets.filter((set) => textAt(set, 'metadata', 'labels', 'pod-template-hash') === hash),
  );
  const wanted = numberAt(deployment, 'spec', 'replicas') ?? 1;
  const [all, ready] = [count('replicas'), count('readyReplicas')];
  const available = ready >= wanted;
  const name = textAt(deployment, 'metadata', 'name');
  saveStatus(store, DEPLOYMENTS, deployment, {
    observedGeneration: numberAt(deployment, 'metadata', 'generation') ?? 1,
    ...nonZero({
      replicas: all,
      updatedReplicas: updated,
      readyReplicas: ready,
      availableReplicas: ready,
      unavailableReplicas: Math.max(0, wanted - ready),
    }),
    conditions: [
      available
        ? condition('Available', true, 'MinimumReplicasAvailable', 'Deployment has minimum availability.', now)
        : condition(
            'Available',
            false,
            'MinimumReplicasUnavailable',
            'Deployment does not have minimum availability.',
            now,
          ),
      progress(`${name}-${hash}`, available && updated === wanted && all === updated, now),
    ],
  });
}

const progress = (set: string, done: boolean, now: Date): JsonObject =>
  done
    ? condition('Progressing', true, 'NewReplicaSetAvailable', `ReplicaSet "${set}" has successfully progressed.`, now)
    : condition('Progressing', true, 'ReplicaSetUpdated', `ReplicaSet "${set}" is progressing.`, now);

const nonZero = (counts: Readonly<Record<string, number>>): JsonObject =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));

export const STATEFUL_SETS = kindOf('apps', 'statefulsets');
export const DAEMON_SETS = kindOf('apps', 'daemonsets');
export const JOBS = kindOf('batch', 'jobs');

export function statefulSetStatus(store: ClusterStore, set: JsonObject): void {
  const pods = ownedBy(store, PODS, set);
  const ready = pods.filter(isReady).length;
  const revision = `${textAt(set, 'metadata', 'name')}-${templateHash(objectAt(set, 'spec', 'template'))}`;
  saveStatus(store, STATEFUL_SETS, set, {
    observedGeneration: numberAt(set, 'metadata', 'generation') ?? 1,
    replicas: pods.length,
    currentReplicas: pods.length,
    updatedReplicas: pods.length,
    readyReplicas: ready,
    availableReplicas: ready,
    currentRevision: revision,
    updateRevision: revision,
  });
}

export function daemonSetStatus(store: ClusterStore, set: JsonObject, nodes: number): void {
  const pods = ownedBy(store, PODS, set);
  const ready = pods.filter(isReady).length;
  saveStatus(store, DAEMON_SETS, set, {
    observedGeneration: numberAt(set, 'metadata', 'generation') ?? 1,
    desiredNumberScheduled: nodes,
    currentNumberScheduled: pods.length,
    updatedNumberScheduled: pods.length,
    numberMisscheduled: 0,
    numberReady: ready,
    numberAvailable: ready,
  });
}

export function jobStatus(store: ClusterStore, job: JsonObject, now: Date): void {
  const done = ownedBy(store, PODS, job).filter((pod) => textAt(pod, 'status', 'phase') === 'Succeeded').length;
  const wanted = numberAt(job, 'spec', 'completions') ?? 1;
  const started = textAt(job, 'status', 'startTime') || timestamp(now);
  if (done < wanted) {
    saveStatus(store, JOBS, job, { active: wanted - done, ready: 0, startTime: started });
    return;
  }
  const completed = textAt(job, 'status', 'completionTime') || timestamp(now);
  const complete = condition('Complete', true, 'CompletionsReached', 'Reached expected number of succeeded pods', now);
  saveStatus(store, JOBS, job, {
    succeeded: done,
    startTime: started,
    completionTime: completed,
    conditions: [complete],
  });
}
