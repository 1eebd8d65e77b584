import { randomUUID } from 'node:crypto';
import { admitPod } from '../admission/pods.ts';
import { rfc3339 } from '../api/registry.ts';
import { StatusError } from '../api/status.ts';
import type { KubernetesObject } from '../object.ts';
import type { Store } from '../store/store.ts';

/** What of an owner's template its pods are made from. */
export interface PodTemplate {
  readonly metadata: {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>> | undefined;
  };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** The owner of a pod, by its kind. */
export const ownerOf = (pod: KubernetesObject, kind: string): string | undefined =>
  pod.metadata.ownerReferences?.find((owner) => owner.kind === kind)?.uid;

/**
 * Makes a pod of its owner, in the owner's namespace.
 * @param options.labels beside those of the template
 * @returns why it was refused, without the pod's random name, so that the same failure is the same message
 */
export function makePod(
  store: Store,
  now: number,
  owner: KubernetesObject,
  options: { readonly name: string; readonly template: PodTemplate; readonly labels: Readonly<Record<string, string>> },
): string | undefined {
  const { name, template } = options;
  const { namespace = '' } = owner.metadata;
  const { labels, annotations } = template.metadata;
  try {
    store.put({
      apiVersion: 'v1',
      kind: 'Pod',
      spec: admitPod(store, namespace, name, template.spec),
      status: { phase: 'Pending' },
      metadata: {
        name,
        namespace,
        labels: { ...labels, ...options.labels },
        ...(annotations ? { annotations } : {}),
        ownerReferences: [
          { apiVersion: owner.apiVersion, kind: owner.kind, name: owner.metadata.name, uid: owner.metadata.uid },
        ],
        uid: randomUUID(),
        generation: 1,
        creationTimestamp: rfc3339(now),
      },
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return error.message.replace(name, owner.metadata.name);
  }
}

/** Asks a pod to end, once. */
export function markDeleted(store: Store, now: number, pod: KubernetesObject): void {
  if (pod.metadata.deletionTimestamp !== undefined) return;
  store.put({ ...pod, metadata: { ...pod.metadata, deletionTimestamp: rfc3339(now) } });
}
