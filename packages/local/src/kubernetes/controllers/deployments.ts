import { randomBytes } from 'node:crypto';
import { type KubernetesObject, sameJson } from '../object.ts';
import type { Store } from '../store/store.ts';
import { deploymentStatus, type ReplicaCounts } from './deployment-status.ts';
import { type DeploymentView, deploymentView, isReady, templateLabel } from './deployment-view.ts';
import { recordEvent } from './events.ts';
import { makePod, markDeleted, ownerOf } from './make-pod.ts';
import { createWorkQueue } from './queue.ts';

/** After a pod was refused, for its quota may be free by then. */
const retryMs = 500;

const deploymentOf = (pod: KubernetesObject): string | undefined => ownerOf(pod, 'Deployment');

/**
 * Keeps as many pods of the newest template as each Deployment asks for: a new pod is ready before an old one goes, one
 * at a time, so that a service never has fewer than it should. Stands in for the ReplicaSet controller as well.
 */
export function startDeploymentController(store: Store, now: () => number): { close(): void } {
  /** When a Deployment last moved; known to this process only, so that a restart gives it its time again. */
  const movedAt = new Map<string, number>();
  const queue = createWorkQueue(reconcile, retryMs);

  function reconcile(uid: string): void {
    const deployment = store.list('Deployment').items.find((one) => one.metadata.uid === uid);
    const pods = store.list('Pod').items.filter((pod) => deploymentOf(pod) === uid);
    if (!deployment) {
      movedAt.delete(uid);
      for (const pod of pods) markDeleted(store, now(), pod);
      return;
    }
    const view = deploymentView(deployment);
    const failure = view.spec.paused ? undefined : scale(deployment, view, pods);
    if (failure !== undefined) queue.add(uid, retryMs);
    writeStatus(deployment, view, failure);
  }

  /** One step towards what is wanted. Gives why a pod could not be made. */
  function scale(
    deployment: KubernetesObject,
    view: DeploymentView,
    pods: readonly KubernetesObject[],
  ): string | undefined {
    const wanted = view.spec.replicas;
    const living = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined);
    const current = living.filter((pod) => pod.metadata.labels?.[templateLabel] === view.templateHash);
    const old = living.filter((pod) => !current.includes(pod));
    const recreate = view.spec.strategy.type === 'Recreate';

    // What is not ready serves nobody and goes first.
    const surplus = [...current]
      .sort((a, b) => Number(isReady(a)) - Number(isReady(b)))
      .slice(0, current.length - wanted);
    for (const pod of current.length > wanted ? surplus : []) markDeleted(store, now(), pod);
    if (recreate) {
      for (const pod of old) markDeleted(store, now(), pod);
      if (pods.some((pod) => pod.metadata.labels?.[templateLabel] !== view.templateHash)) return undefined;
    } else {
      const spare = living.filter(isReady).length - wanted;
      const leaving = [...old.filter((pod) => !isReady(pod)), ...old.filter(isReady).slice(0, Math.max(0, spare))];
      for (const pod of leaving) markDeleted(store, now(), pod);
    }
    const room = recreate ? wanted - current.length : Math.min(wanted - current.length, wanted + 1 - living.length);
    for (let made = 0; made < room; made += 1) {
      const failure = createPod(deployment, view);
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  function createPod(deployment: KubernetesObject, view: DeploymentView): string | undefined {
    const name = `${deployment.metadata.name.slice(0, 46)}-${view.templateHash}-${randomBytes(3).toString('hex').slice(0, 5)}`;
    const message = makePod(store, now(), deployment, {
      name,
      template: view.spec.template,
      labels: { [templateLabel]: view.templateHash },
    });
    if (message === undefined) return undefined;
    const known = view.status.conditions.some((one) => one.type === 'ReplicaFailure' && one.message === message);
    if (!known) recordEvent(store, now(), deployment, { type: 'Warning', reason: 'FailedCreate', message });
    return message;
  }

  function writeStatus(deployment: KubernetesObject, view: DeploymentView, failure: string | undefined): void {
    const { uid, namespace, name } = deployment.metadata;
    const living = store
      .list('Pod', namespace)
      .items.filter((pod) => deploymentOf(pod) === uid && pod.metadata.deletionTimestamp === undefined);
    const updated = living.filter((pod) => pod.metadata.labels?.[templateLabel] === view.templateHash);
    const counts: ReplicaCounts = {
      all: living.length,
      updated: updated.length,
      ready: living.filter(isReady).length,
      updatedReady: updated.filter(isReady).length,
    };
    const { status } = view;
    const moved =
      status.updatedReplicas !== counts.updated ||
      status.availableReplicas !== counts.ready ||
      status.observedGeneration !== deployment.metadata.generation;
    if (moved || !movedAt.has(uid)) movedAt.set(uid, now());
    const stalledMs = now() - (movedAt.get(uid) ?? now());
    const next = deploymentStatus(deployment, view, counts, { failure, stalledMs, now: now() });
    const done = counts.updatedReady >= view.spec.replicas && counts.all === view.spec.replicas;
    if (!done) queue.add(uid, view.spec.progressDeadlineSeconds * 1000 - stalledMs + 1000);
    const live = store.get('Deployment', namespace, name);
    if (live?.metadata.uid === uid && !sameJson(live.status, next)) store.put({ ...live, status: next });
  }

  const end = store.subscribe(({ object }) => {
    if (object.kind === 'Deployment') queue.add(object.metadata.uid);
    const owner = object.kind === 'Pod' ? deploymentOf(object) : undefined;
    if (owner !== undefined) queue.add(owner);
  });
  for (const deployment of store.list('Deployment').items) queue.add(deployment.metadata.uid);
  for (const pod of store.list('Pod').items) {
    const owner = deploymentOf(pod);
    if (owner !== undefined) queue.add(owner);
  }
  return {
    close() {
      end();
      queue.close();
    },
  };
}
