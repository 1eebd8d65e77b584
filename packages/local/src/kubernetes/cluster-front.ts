import type { Server } from 'node:net';
import { type Authenticator, createAuthenticator } from './api/authenticate.ts';
import { type ServerIdentity, serverIdentity } from './certificate/authority.ts';
import { isReady } from './controllers/deployment-view.ts';
import { createBalancer } from './ingress/balancer.ts';
import { processRuntime } from './kubelet/container-process.ts';
import { type Kubelet, type KubeletOptions, startKubelet } from './kubelet/kubelet.ts';
import { podView } from './kubelet/pod-view.ts';
import type { Kubernetes, KubernetesOptions, PodSummary } from './kubernetes.ts';
import { closeServer, listenOn } from './listen.ts';

/** What differs between the local cluster and another one. */
export interface ClusterParts {
  readonly store: KubeletOptions['store'];
  /** The API server that EKS names. */
  readonly server: (identity: ServerIdentity, authenticator: Authenticator) => Server;
  /** Has the balancer listen. @returns its port */
  readonly listenForSilos: (balancer: Server) => Promise<number>;
  /** Whatever moves objects on while the cluster runs. */
  readonly controllers: (ingressPort: number) => readonly { close(): void }[];
  /** Closes what the parts opened. */
  readonly close: () => void | Promise<void>;
}

/** Every pod of the cluster, and where it answers on this machine. */
const podSummaries = (store: ClusterParts['store'], kubelet: Kubelet | undefined): readonly PodSummary[] =>
  store.list('Pod').items.map((pod) => {
    const { namespace, name, uid, container, restartCount } = podView(pod);
    const port = kubelet?.readyPort(uid);
    return {
      namespace,
      name,
      image: container.image,
      ready: isReady(pod),
      restartCount,
      url: port === undefined ? undefined : `http://127.0.0.1:${port}`,
    };
  });

/** A laptop waits less than a cluster does for what failed. */
export const defaultBackoffMs = { first: 200, most: 10_000 } as const;

/** What silos have on this machine, whichever cluster holds their objects: an API server that knows EKS's tokens, a kubelet and a load balancer. */
export function createClusterFront(
  options: Omit<KubernetesOptions, 'groups' | 'version' | 'replicasMax'>,
  parts: ClusterParts,
): Kubernetes {
  const { dir, clusterName, eks } = options;
  const { store } = parts;
  const now = options.now ?? Date.now;
  const identity = serverIdentity(dir, now());
  const caData = Buffer.from(identity.ca).toString('base64');
  const server = parts.server(
    identity,
    createAuthenticator({
      clusterName,
      stsEndpoint: options.awsEndpoint,
      identityOf: (arn) => eks.identityIn(clusterName, arn),
      now,
    }),
  );
  let kubelet: Kubelet | undefined;
  const balancer = createBalancer({ store, portOf: (uid) => kubelet?.readyPort(uid) });
  let controllers: readonly { close(): void }[] = [];
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
      ingressPort = await parts.listenForSilos(balancer);
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
        backoffMs: options.backoffMs ?? defaultBackoffMs,
      });
      controllers = parts.controllers(ingressPort);
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
      await parts.close();
    },
  };
}
