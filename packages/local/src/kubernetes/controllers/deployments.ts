import { randomBytes, randomUUID } from 'node:crypto';
import { admitPod } from '../admission/pods.ts';
import { rfc3339 } from '../api/registry.ts';
import { StatusError } from '../api/status.ts';
import { type KubernetesObject, sameJson } from '../object.ts';
import type { Store } from '../store/store.ts';
import { deploymentStatus, type ReplicaCounts } from './deployment-status.ts';
import { type DeploymentView, deploymentView, isReady, templateLabel } from './deployment-view.ts';
import { recordEvent } from './events.ts';
import { createWorkQueue } from './queue.ts';

/** After a pod was refused, for its quota may be free by then. */
const retryMs = 500;

const ownerOf = (pod: KubernetesObject): string | undefined =>
  pod.metadata.ownerReferences?.find((owner) => owner.kind === 'Deployment')?.uid;

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
    const pods = store.list('Pod').items.filter((pod) => ownerOf(pod) === uid);
    if (!deployment) {
      movedAt.delete(uid);
      for (const pod of pods) markDeleted(pod);
      return;
    }
    const view = deploymentView(deployment);
    const failure = view.spec.paused ? undefined : scale(deployment, view, pods);
    if (failure !== undefined) queue.add(uid, retryMs);
    writeStatus(deployment, view, failure);
  }

  function markDeleted(pod: KubernetesObject): void {
    if (pod.metadata.deletionTimestamp !== undefined) return;
    store.put({ ...pod, metadata: { ...pod.metadata, deletionTimestamp: rfc3339(now()) } });
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
    for (const pod of current.length > wanted ? surplus : []) markDeleted(pod);
    if (recreate) {
      for (const pod of old) markDeleted(pod);
      if (pods.some((pod) => pod.metadata.labels?.[templateLabel] !== view.templateHash)) return undefined;
    } else {
      const spare = living.filter(isReady).length - wanted;
      const leaving = [...old.filter((pod) => !isReady(pod)), ...old.filter(isReady).slice(0, Math.max(0, spare))];
      for (const pod of leaving) markDeleted(pod);
    }
    const room = recreate ? wanted - current.length : Math.min(wanted - current.length, wanted + 1 - living.length);
    for (let made = 0; made < room; made += 1) {
      const failure = createPod(deployment, view);
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  function createPod(deployment: KubernetesObject, view: DeploymentView): string | undefined {
    const { name: owner, namespace = '', uid } = deployment.metadata;
    const name = `${owner.slice(0, 46)}-${view.templateHash}-${randomBytes(3).toString('hex').slice(0, 5)}`;
    const { labels, annotations } = view.spec.template.metadata;
    try {
      store.put({
        apiVersion: 'v1',
        kind: 'Pod',
        spec: admitPod(store, namespace, name, view.spec.template.spec),
        status: { phase: 'Pending' },
        metadata: {
          name,
          namespace,
          labels: { ...labels, [templateLabel]: view.templateHash },
          ...(annotations ? { annotations } : {}),
          ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: owner, uid }],
          uid: randomUUID(),
          generation: 1,
          creationTimestamp: rfc3339(now()),
        },
      });
      return undefined;
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      // Without the pod's random name, so that the same failure is the same message.
      const message = error.message.replace(name, owner);
      const known = view.status.conditions.some((one) => one.type === 'ReplicaFailure' && one.message === message);
      if (!known) recordEvent(store, now(), deployment, { type: 'Warning', reason: 'FailedCreate', message });
      return message;
    }
  }

  function writeStatus(deployment: KubernetesObject, view: DeploymentView, failure: string | undefined): void {
    const { uid, namespace, name } = deployment.metadata;
    const living = store
      .list('Pod', namespace)
      .items.filter((pod) => ownerOf(pod) === uid && pod.metadata.deletionTimestamp === undefined);
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
    const owner = object.kind === 'Pod' ? ownerOf(object) : undefined;
    if (owner !== undefined) queue.add(owner);
  });
  for (const deployment of store.list('Deployment').items) queue.add(deployment.metadata.uid);
  for (const pod of store.list('Pod').items) {
    const owner = ownerOf(pod);
    if (owner !== undefined) queue.add(owner);
  }
  return {
    close() {
      end();
      queue.close();
    },
  };
}
