import type { EksEngine } from '../eks/engine.ts';
import { createAdmission } from './admission/admit.ts';
import type { Rule } from './api/authorize.ts';
import { createRegistry } from './api/registry.ts';
import { createApiServer } from './api/server.ts';
import { createClusterFront, defaultBackoffMs } from './cluster-front.ts';
import { startDeploymentController } from './controllers/deployments.ts';
import { startIngressController } from './controllers/ingresses.ts';
import { startJobController } from './controllers/jobs.ts';
import { startNamespaceController } from './controllers/namespaces.ts';
import { startQuotaController } from './controllers/quotas.ts';
import { startScheduler } from './controllers/scheduler.ts';
import type { ContainerRuntime, LocalImage } from './kubelet/container.ts';
import type { Kubelet, PodLogLine } from './kubelet/kubelet.ts';
import { listenOn } from './listen.ts';
import { type ClusterDatabase, openClusterDatabase } from './store/database.ts';
import { createStore } from './store/store.ts';

export interface KubernetesOptions {
  /** Where `kubernetes.db`, the cluster's authority and the pods' tokens are kept. */
  readonly dir: string;
  /** The cluster of the EKS engine that this is. */
  readonly clusterName: string;
  readonly eks: EksEngine;
  /** What runs for each image, by its name with or without tag or digest. */
  readonly images: Readonly<Record<string, LocalImage>>;
  /** Where AWS answers on this machine, STS included: `http://127.0.0.1:4566`. */
  readonly awsEndpoint: () => string;
  /** What runs containers; by default they are processes. */
  readonly runtime?: ContainerRuntime;
  /** What each group of the access entries may do. */
  readonly groups: Readonly<Record<string, readonly Rule[]>>;
  /** Kubernetes version, `1.34`. */
  readonly version: string;
  /** Most replicas of one Deployment. */
  readonly replicasMax?: number;
  /** Port of the load balancer; by default the one it had before, or a free one. */
  readonly ingressPort?: number;
  readonly onPodLog?: (line: PodLogLine) => void;
  readonly now?: () => number;
  /** Longest time that a container is given to end. */
  readonly graceMsMax?: number;
  readonly backoffMs?: { readonly first: number; readonly most: number };
}

export interface PodSummary {
  readonly namespace: string;
  readonly name: string;
  readonly image: string;
  readonly ready: boolean;
  readonly restartCount: number;
  /** Where it answers, while it is ready. */
  readonly url: string | undefined;
}

export interface Kubernetes {
  /** The API server, `https://127.0.0.1:<port>`; known once it listens. */
  readonly url: string;
  /** The cluster authority's certificate: PEM in base64. */
  readonly caData: string;
  readonly ingressPort: number;
  /**
   * Starts everything: the API server, the controllers, the kubelet, the load balancer and the Pod Identity agent; and
   * makes the cluster ACTIVE in EKS.
   * @param port of the API server; 0 takes a free one
   */
  listen(port?: number): Promise<string>;
  pods(): readonly PodSummary[];
  /** What runs in a namespace in place of its pods' image, for tests of what goes wrong there. */
  replaceImage: Kubelet['replaceImage'];
  /** Stops everything; pods start over at the next `listen`. */
  close(): Promise<void>;
}

/** The port that Ingresses were given once stays theirs: tenants' endpoints name it. */
async function listenAsBefore(
  server: Parameters<typeof listenOn>[0],
  database: ClusterDatabase,
  wanted: number | undefined,
): Promise<number> {
  const before = Number(database.setting('ingressPort') ?? '0');
  const port =
    wanted === undefined && before !== 0
      ? await listenOn(server, before).catch(() => listenOn(server, 0))
      : await listenOn(server, wanted ?? 0);
  database.set('ingressPort', String(port));
  return port;
}

/** A cluster of one node, this machine: a Kubernetes API for what silos need, and real processes behind it. */
export function createKubernetes(options: KubernetesOptions): Kubernetes {
  const now = options.now ?? Date.now;
  const database = openClusterDatabase(options.dir);
  const store = createStore(database);
  const registry = createRegistry({ store, now, admit: createAdmission(options.replicasMax ?? 1) });
  return createClusterFront(options, {
    store,
    server: (identity, authenticator) =>
      createApiServer({
        identity,
        store,
        registry,
        version: options.version,
        groups: () => options.groups,
        authenticator,
      }),
    listenForSilos: (balancer) => listenAsBefore(balancer, database, options.ingressPort),
    controllers: (ingressPort) => [
      startNamespaceController(store, registry),
      startQuotaController(store),
      startDeploymentController(store, now),
      startJobController(store, now, options.backoffMs ?? defaultBackoffMs),
      startScheduler(store, now),
      startIngressController(store, ingressPort),
    ],
    close: () => database.close(),
  });
}
