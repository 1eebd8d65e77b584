import type { Registry } from '../api/registry.ts';
import { kinds } from '../schema/kinds.ts';
import type { Store } from '../store/store.ts';
import { createWorkQueue } from './queue.ts';

const retryMs = 500;
/** Events of what is stopping would keep coming; they go last. */
const deletionOrder = kinds
  .filter((kind) => kind.namespaced)
  .sort((a, b) => Number(a.kind === 'Event') - Number(b.kind === 'Event'));

/** Empties namespaces that are being deleted, and removes each when its last pod has stopped. */
export function startNamespaceController(store: Store, registry: Registry): { close(): void } {
  const queue = createWorkQueue((name) => {
    const namespace = store.get('Namespace', undefined, name);
    if (namespace?.metadata.deletionTimestamp === undefined) return;
    for (const kind of deletionOrder) {
      for (const object of store.list(kind.kind, name).items) registry.delete(kind, name, object.metadata.name);
    }
    const empty = deletionOrder.every((kind) => store.list(kind.kind, name).items.length === 0);
    if (empty) store.remove(namespace);
  }, retryMs);

  const end = store.subscribe(({ type, object }) => {
    if (object.kind === 'Namespace') queue.add(object.metadata.name);
    else if (type === 'DELETED' && object.metadata.namespace !== undefined) queue.add(object.metadata.namespace);
  });
  for (const namespace of store.list('Namespace').items) queue.add(namespace.metadata.name);
  return {
    close() {
      end();
      queue.close();
    },
  };
}
