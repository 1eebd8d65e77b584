import { sameJson } from '../object.ts';
import type { Store } from '../store/store.ts';
import { createWorkQueue } from './queue.ts';

const retryMs = 500;

/** Tells every Ingress where the load balancer answers. */
export function startIngressController(
  store: Pick<Store, 'get' | 'list' | 'put' | 'subscribe'>,
  port: number,
): { close(): void } {
  const status = { loadBalancer: { ingress: [{ ip: '127.0.0.1', ports: [{ port, protocol: 'TCP' }] }] } };
  const queue = createWorkQueue((key) => {
    const [namespace = '', name = ''] = key.split('/');
    const ingress = store.get('Ingress', namespace, name);
    if (ingress && !sameJson(ingress.status, status)) store.put({ ...ingress, status });
  }, retryMs);
  const keyOf = ({ namespace, name }: { namespace?: string; name: string }): string => `${namespace ?? ''}/${name}`;

  const end = store.subscribe(({ object }) => {
    if (object.kind === 'Ingress') queue.add(keyOf(object.metadata));
  });
  for (const ingress of store.list('Ingress').items) queue.add(keyOf(ingress.metadata));
  return {
    close() {
      end();
      queue.close();
    },
  };
}
