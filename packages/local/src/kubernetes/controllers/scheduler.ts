import { rfc3339 } from '../api/registry.ts';
import { isJsonObject, type KubernetesObject, sameJson } from '../object.ts';
import type { Store } from '../store/store.ts';
import { recordEvent } from './events.ts';
import { generalNode, nodeOfPool, place } from './placement.ts';
import { createWorkQueue } from './queue.ts';

const retryMs = 500;

/** The node that a pod was given; undefined while it waits for one. */
export const nodeNameOf = (pod: KubernetesObject): string | undefined =>
  isJsonObject(pod.spec) && typeof pod.spec.nodeName === 'string' ? pod.spec.nodeName : undefined;

const waits = (pod: KubernetesObject): boolean =>
  pod.metadata.deletionTimestamp === undefined && nodeNameOf(pod) === undefined;

/**
 * Gives each new pod a node that it may run on, by node selector, taints and tolerations. A pod for which there is no node stays
 * `Pending` and says why, until a node pool comes that would make one. All nodes are this machine.
 */
export function startScheduler(store: Store, now: () => number): { close(): void } {
  const queue = createWorkQueue(schedule, retryMs);

  function schedule(uid: string): void {
    const pod = store.list('Pod').items.find((one) => one.metadata.uid === uid);
    if (!pod || !waits(pod)) return;
    const placement = place(pod, [generalNode, ...store.list('NodePool').items.map(nodeOfPool)]);
    if ('node' in placement) {
      store.put({ ...pod, spec: { ...(isJsonObject(pod.spec) ? pod.spec : {}), nodeName: placement.node.name } });
      return;
    }
    const { message } = placement;
    const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message };
    const status = {
      phase: 'Pending',
      conditions: [{ ...condition, lastTransitionTime: rfc3339(now()) }],
    };
    if (isJsonObject(pod.status) && Array.isArray(pod.status.conditions)) {
      const { lastTransitionTime: _time, ...said } = pod.status.conditions[0] ?? {};
      if (sameJson(said, condition)) return;
    }
    recordEvent(store, now(), pod, { type: 'Warning', reason: 'FailedScheduling', message });
    store.put({ ...pod, status });
  }

  const addWaiting = (): void => {
    for (const pod of store.list('Pod').items) if (waits(pod)) queue.add(pod.metadata.uid);
  };
  const end = store.subscribe(({ object }) => {
    if (object.kind === 'Pod' && waits(object)) queue.add(object.metadata.uid);
    if (object.kind === 'NodePool') addWaiting();
  });
  addWaiting();
  return {
    close() {
      end();
      queue.close();
    },
  };
}
