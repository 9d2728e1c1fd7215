import { numberAt } from '../json.ts';
import { createObject } from '../lifecycle.ts';
import { nameOf, namespaceOf, type ClusterStore } from '../store.ts';
import { isPending, runPod } from './pods.ts';
import { daemonSetStatus, deploymentStatus, jobStatus, replicaSetStatus, statefulSetStatus } from './statuses.ts';
import { DAEMON_SETS, JOBS, STATEFUL_SETS } from './statuses.ts';
import {
  DEPLOYMENTS,
  keepPods,
  kindOf,
  ownedBy,
  PODS,
  REPLICA_SETS,
  replaceOutdated,
  runDeployment,
} from './workloads.ts';

const NAMESPACES = kindOf('', 'namespaces');
const SERVICE_ACCOUNTS = kindOf('', 'serviceaccounts');
const NODES = kindOf('', 'nodes');

/** Deployment → set → pods → statuses and back: three rounds are enough, a few more cost nothing. */
const MOST_ROUNDS = 10;
/** A set that asks for more gets this many: they are entries in a file, and a mistyped number must not fill the disk. */
const MOST_PODS = 200;

/**
 * All controllers, round by round, until nothing changes any more. Answers whether a pod still waits to be ready, so
 * that the caller comes again. A function of the objects and the hour.
 */
export function settle(store: ClusterStore, readyAfterMs: number, now: Date): { readonly waiting: boolean } {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const before = store.version;
    runAll(store, readyAfterMs, now);
    if (store.version === before) break;
  }
  return { waiting: store.list(PODS).some(isPending) };
}

function runAll(store: ClusterStore, readyAfterMs: number, now: Date): void {
  for (const namespace of store.list(NAMESPACES))
    if (store.get(SERVICE_ACCOUNTS, nameOf(namespace), 'default') === undefined)
      createObject(store, SERVICE_ACCOUNTS, nameOf(namespace), { metadata: { name: 'default' } }, now);
  for (const deployment of store.list(DEPLOYMENTS)) runDeployment(store, deployment, now);
  runSets(store, now);
  for (const pod of store.list(PODS)) runPod(store, pod, readyAfterMs, now);
  for (const set of store.list(REPLICA_SETS)) replicaSetStatus(store, set);
  for (const deployment of store.list(DEPLOYMENTS)) deploymentStatus(store, deployment, now);
  for (const set of store.list(STATEFUL_SETS)) statefulSetStatus(store, set);
  for (const set of store.list(DAEMON_SETS)) daemonSetStatus(store, set, store.list(NODES).length);
  for (const job of store.list(JOBS)) jobStatus(store, job, now);
}

function runSets(store: ClusterStore, now: Date): void {
  const count = (wanted: number | undefined): number => Math.min(Math.max(wanted ?? 1, 0), MOST_PODS);
  for (const set of store.list(REPLICA_SETS))
    keepPods(store, REPLICA_SETS, set, Array.from({ length: count(numberAt(set, 'spec', 'replicas')) }), now);
  for (const set of store.list(STATEFUL_SETS)) {
    replaceOutdated(store, set, now);
    const length = count(numberAt(set, 'spec', 'replicas'));
    keepPods(
      store,
      STATEFUL_SETS,
      set,
      Array.from({ length }, (_, index) => `${nameOf(set)}-${index}`),
      now,
    );
  }
  for (const set of store.list(DAEMON_SETS)) {
    replaceOutdated(store, set, now);
    keepPods(
      store,
      DAEMON_SETS,
      set,
      store.list(NODES).map((node) => `${nameOf(set)}-${nameOf(node)}`),
      now,
    );
  }
  for (const job of store.list(JOBS)) {
    const pods = ownedBy(store, PODS, job).length;
    const wanted = count(numberAt(job, 'spec', 'completions'));
    if (pods < wanted && store.get(JOBS, namespaceOf(job), nameOf(job)) !== undefined)
      keepPods(store, JOBS, job, Array.from({ length: wanted }), now);
  }
}
