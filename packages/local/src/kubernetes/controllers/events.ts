import { createHash, randomUUID } from 'node:crypto';
import { rfc3339 } from '../api/registry.ts';
import type { KubernetesObject } from '../object.ts';
import type { Store } from '../store/store.ts';

/** Tells people what happened to an object; the same thing again counts up instead of filling the namespace. */
export function recordEvent(
  store: Store,
  now: number,
  about: KubernetesObject,
  event: { readonly type: 'Normal' | 'Warning'; readonly reason: string; readonly message: string },
): void {
  const { namespace, name, uid } = about.metadata;
  if (namespace === undefined || !store.get('Namespace', undefined, namespace)) return;
  const hash = createHash('sha256').update(`${uid}\n${event.reason}\n${event.message}`).digest('hex').slice(0, 16);
  const eventName = `${name}.${hash}`;
  const before = store.get('Event', namespace, eventName);
  const count = typeof before?.count === 'number' ? before.count + 1 : 1;
  store.put({
    apiVersion: 'v1',
    kind: 'Event',
    involvedObject: { apiVersion: about.apiVersion, kind: about.kind, namespace, name, uid },
    ...event,
    count,
    firstTimestamp: before?.firstTimestamp ?? rfc3339(now),
    lastTimestamp: rfc3339(now),
    metadata: {
      name: eventName,
      namespace,
      uid: before?.metadata.uid ?? randomUUID(),
      generation: 1,
      creationTimestamp: before?.metadata.creationTimestamp ?? rfc3339(now),
    },
  });
}
