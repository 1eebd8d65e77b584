import { join } from 'node:path';
import { groupRules, siloNamespacePattern } from '@tenantry/core/silo/provisioner';
import { bundleSilo } from '@tenantry/recommender/bundle';
import type { EksEngine } from '../eks/engine.ts';
import { createKubernetes, type Kubernetes } from '../kubernetes/kubernetes.ts';
import type { LogStore } from '../logs/log-store.ts';
import { type ResourceGraph, resourcesOfType } from '../program/graph.ts';
import type { Ports } from './ports.ts';
import { clusterSpecs } from './specs.ts';

/** Starts the cluster that the program declares, whose pods are processes; undefined when the stage has none. */
export async function startCluster(options: {
  readonly graph: ResourceGraph;
  readonly dir: string;
  readonly ports: Ports;
  readonly eks: EksEngine;
  readonly awsEndpoint: string;
  readonly logs: LogStore;
}): Promise<Kubernetes | undefined> {
  const { graph, dir, ports, eks, awsEndpoint, logs } = options;
  const cluster = clusterSpecs(graph)[0];
  if (!cluster) return undefined;
  const outfile = join(dir, 'images', 'recommender.mjs');
  await bundleSilo(outfile);
  const repository = resourcesOfType(graph, 'aws:ecr/repository:Repository')[0];
  const image = String(repository?.state.repositoryUrl ?? '');
  const kubernetes = createKubernetes({
    dir: join(dir, 'kubernetes'),
    clusterName: cluster.name,
    eks,
    images: { [image]: { command: [process.execPath, '--enable-source-maps', outfile], env: { HOST: '127.0.0.1' } } },
    awsEndpoint: () => awsEndpoint,
    // The cluster roles, and the admission policy that keeps them inside the silos' namespaces.
    groups: Object.fromEntries(
      Object.entries(groupRules).map(([group, rules]) => [
        group,
        rules.map((rule) => ({ ...rule, namespaces: new RegExp(siloNamespacePattern) })),
      ]),
    ),
    version: cluster.version,
    ingressPort: ports.silos,
    onPodLog: ({ namespace, pod, line }) =>
      logs.write({ function: `pod/${namespace}`, requestId: pod, level: 'INFO', text: line }),
  });
  await kubernetes.listen(ports.kubernetes);
  return kubernetes;
}
