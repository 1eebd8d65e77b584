import { createClusterFront } from '../cluster-front.ts';
import { startIngressController } from '../controllers/ingresses.ts';
import type { Kubernetes, KubernetesOptions } from '../kubernetes.ts';
import { listenOn } from '../listen.ts';
import { connect } from './connection.ts';
import { createForwardingServer } from './forward.ts';
import { applyFoundation } from './foundation.ts';
import type { ClusterAccess } from './kubeconfig.ts';
import { startNodes } from './nodes.ts';
import { createRemoteStore } from './remote-store.ts';

/**
 * Another cluster in place of the local one: its API server, admission, roles, scheduler and controllers, with this machine as its nodes for silos, so that
 * pods reach the local cloud and have its identities.
 */
export async function createRemoteKubernetes(
  options: Omit<KubernetesOptions, 'groups' | 'version' | 'replicasMax'> & { readonly access: ClusterAccess },
): Promise<Kubernetes> {
  const now = options.now ?? Date.now;
  const connection = connect(options.access);
  await applyFoundation(connection);
  const store = createRemoteStore(connection);
  await store.synced;
  return createClusterFront(options, {
    store,
    server: (identity, authenticator) => createForwardingServer({ identity, authenticator, open: connection.open }),
    listenForSilos: (balancer) => listenOn(balancer, options.ingressPort ?? 0),
    controllers: (ingressPort) => [startNodes(connection, store, now), startIngressController(store, ingressPort)],
    async close() {
      await store.close();
      connection.close();
    },
  });
}
