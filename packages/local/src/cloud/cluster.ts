import { join } from 'node:path';
import { groupRules, siloNamespacePattern } from '@tenantry/core/silo/provisioner';
import type { EksEngine } from '../eks/engine.ts';
import type { PodLogLine } from '../kubernetes/kubelet/kubelet.ts';
import { podmanRuntime } from '../kubernetes/kubelet/podman-runtime.ts';
import { createKubernetes, type Kubernetes } from '../kubernetes/kubernetes.ts';
import { readKubeconfig } from '../kubernetes/remote/kubeconfig.ts';
import { createRemoteKubernetes } from '../kubernetes/remote/remote-kubernetes.ts';
import type { LogStore } from '../logs/log-store.ts';
import type { ResourceGraph } from '../program/graph.ts';
import { kubeContext, podsChoice } from './cluster-choice.ts';
import { localImages } from './images.ts';
import type { Ports } from './ports.ts';
import { clusterSpecs } from './specs.ts';

/** Starts the cluster that the program declares, with its pods on this machine; undefined when the stage has none. */
export async function startCluster(options: {
  readonly root: string;
  readonly graph: ResourceGraph;
  readonly dir: string;
  readonly ports: Ports;
  readonly eks: EksEngine;
  readonly awsEndpoint: string;
  readonly logs: LogStore;
  /** The variables of the shell, which may choose what runs pods. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}): Promise<Kubernetes | undefined> {
  const { root, graph, dir, ports, eks, awsEndpoint, logs } = options;
  const cluster = clusterSpecs(graph)[0];
  if (!cluster) return undefined;
  const pods = podsChoice(options.environment);
  const folder = join(dir, 'kubernetes');
  const common = {
    dir: folder,
    clusterName: cluster.name,
    eks,
    images: await localImages(graph, { root, dir, pods }),
    ...(pods.kind === 'podman' ? { runtime: await podmanRuntime(folder) } : {}),
    awsEndpoint: () => awsEndpoint,
    ingressPort: ports.silos,
    onPodLog: ({ namespace, pod, line }: PodLogLine) =>
      logs.write({ function: `pod/${namespace}`, requestId: pod, level: 'INFO', text: line }),
  };
  const other = kubeContext(options.environment);
  const kubernetes = other
    ? await createRemoteKubernetes({ ...common, access: readKubeconfig(other) })
    : createKubernetes({
        ...common,
        // The cluster roles, and the admission policy that keeps them inside the silos' namespaces.
        groups: Object.fromEntries(
          Object.entries(groupRules).map(([group, rules]) => [
            group,
            rules.map((rule) => ({ ...rule, namespaces: new RegExp(siloNamespacePattern) })),
          ]),
        ),
        version: cluster.version,
      });
  await kubernetes.listen(ports.kubernetes);
  return kubernetes;
}
