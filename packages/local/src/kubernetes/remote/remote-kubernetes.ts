import { createAuthenticator } from '../api/authenticate.ts';
import { serverIdentity } from '../certificate/authority.ts';
import { startIngressController } from '../controllers/ingresses.ts';
import { createBalancer } from '../ingress/balancer.ts';
import { processRuntime } from '../kubelet/container-process.ts';
import { type Kubelet, startKubelet } from '../kubelet/kubelet.ts';
import { type Kubernetes, type KubernetesOptions, podSummaries } from '../kubernetes.ts';
import { closeServer, listenOn } from '../listen.ts';
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
  const { dir, clusterName, eks, access } = options;
  const now = options.now ?? Date.now;
  const connection = connect(access);
  await applyFoundation(connection);
  const store = createRemoteStore(connection);
  await store.synced;
  const identity = serverIdentity(dir, now());
  const caData = Buffer.from(identity.ca).toString('base64');
  const server = createForwardingServer({
    identity,
    open: connection.open,
    authenticator: createAuthenticator({
      clusterName,
      stsEndpoint: options.awsEndpoint,
      identityOf: (arn) => eks.identityIn(clusterName, arn),
      now,
    }),
  });
  let kubelet: Kubelet | undefined;
  const balancer = createBalancer({ store, portOf: (uid) => kubelet?.readyPort(uid) });
  const controllers: { close(): void }[] = [];
  let url: string | undefined;
  let ingressPort: number | undefined;
  const listening = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('The cluster does not listen yet.');
    return value;
  };

  return {
    caData,
    get url() {
      return listening(url);
    },
    get ingressPort() {
      return listening(ingressPort);
    },
    async listen(port = 0) {
      await eks.agent.listen();
      ingressPort = await listenOn(balancer, options.ingressPort ?? 0);
      kubelet = startKubelet({
        dir,
        clusterName,
        store,
        runtime: options.runtime ?? processRuntime,
        eks,
        images: options.images,
        awsEndpoint: options.awsEndpoint,
        onPodLog: options.onPodLog ?? (() => undefined),
        now,
        graceMsMax: options.graceMsMax ?? 5000,
        backoffMs: options.backoffMs ?? { first: 200, most: 10_000 },
      });
      controllers.push(startNodes(connection, store, now), startIngressController(store, ingressPort));
      url = `https://127.0.0.1:${await listenOn(server, port)}`;
      eks.setEndpoint(clusterName, { endpoint: url, certificateAuthority: caData });
      return url;
    },
    pods: () => podSummaries(store, kubelet),
    replaceImage: (namespace, image) => listening(kubelet).replaceImage(namespace, image),
    async close() {
      for (const controller of controllers) controller.close();
      await Promise.all([closeServer(server), closeServer(balancer)]);
      await kubelet?.close();
      await store.close();
      connection.close();
    },
  };
}
