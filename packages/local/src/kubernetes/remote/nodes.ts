import { hostname } from 'node:os';
import * as z from 'zod';
import { rfc3339 } from '../api/registry.ts';
import { nodeOfPool } from '../controllers/placement.ts';
import { createWorkQueue } from '../controllers/queue.ts';
import { nodeNameOf } from '../controllers/scheduler.ts';
import { isJsonObject, type KubernetesObject } from '../object.ts';
import { type Connection, RemoteError } from './connection.ts';
import type { NodeStore } from './remote-store.ts';

/** As kubelets do: the cluster gives up a node that was not heard of for four of these. */
const heartbeatMs = 10_000;
const leaseSeconds = 40;
const retryMs = 1000;
const podsOfNode = '110';
const manager = 'tenantry-local';

const nodeListSchema = z.looseObject({
  items: z.array(z.looseObject({ metadata: z.looseObject({ name: z.string() }) })),
});

const missing = (error: unknown): boolean => error instanceof RemoteError && error.status === 404;

/** CPU and memory that the pool may have in all; its one node has them. */
function capacityOf(pool: KubernetesObject): Readonly<Record<string, string>> {
  const limits = isJsonObject(pool.spec) && isJsonObject(pool.spec.limits) ? pool.spec.limits : {};
  return { cpu: String(limits.cpu ?? '4'), memory: String(limits.memory ?? '16Gi'), pods: podsOfNode };
}

function nodeStatus(pool: KubernetesObject, now: number): object {
  const time = rfc3339(now);
  const condition = (type: string, status: string, reason: string) => ({
    type,
    status,
    reason,
    message: reason,
    lastHeartbeatTime: time,
    lastTransitionTime: time,
  });
  const capacity = capacityOf(pool);
  return {
    capacity,
    allocatable: capacity,
    conditions: [
      condition('Ready', 'True', 'KubeletReady'),
      condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory'),
      condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure'),
      condition('PIDPressure', 'False', 'KubeletHasSufficientPID'),
    ],
    addresses: [{ type: 'Hostname', address: hostname() }],
    nodeInfo: {
      architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
      operatingSystem: 'linux',
      kubeletVersion: 'v1.35.0',
      machineID: '',
      systemUUID: '',
      bootID: '',
      kernelVersion: '',
      osImage: 'this machine',
      containerRuntimeVersion: 'local://1',
      kubeProxyVersion: '',
    },
  };
}

/** What the node of a pool looks like to the scheduler. */
function nodeManifest(pool: KubernetesObject): object {
  const { name, labels, taints } = nodeOfPool(pool);
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        ...labels,
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': process.arch === 'arm64' ? 'arm64' : 'amd64',
        'topology.kubernetes.io/zone': 'this-machine',
        'app.kubernetes.io/managed-by': manager,
      },
    },
    spec: { taints },
  };
}

/**
 * Does for another cluster what Karpenter and the nodes' kubelets do: makes a node for each node pool of a silo, which stands for this machine, keeps it
 * alive, and takes it away after the pool and its last pod are gone.
 */
export function startNodes(connection: Connection, store: NodeStore, now: () => number): { close(): void } {
  const queue = createWorkQueue((name) => void bring(name).catch(again(name)), retryMs);
  const made = new Set<string>();

  const again = (name: string) => (error: unknown) => {
    console.error(
      `kubernetes: the node ${name} is not as it should be`,
      error instanceof Error ? error.message : error,
    );
    queue.add(name, retryMs);
  };

  async function heartbeat(name: string): Promise<void> {
    const path = `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${name}?fieldManager=${manager}&force=true`;
    const lease = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name },
      spec: {
        holderIdentity: name,
        leaseDurationSeconds: leaseSeconds,
        renewTime: new Date(now()).toISOString().replace('Z', '000Z'),
      },
    };
    await connection.ask('PATCH', path, lease, 'application/apply-patch+yaml');
  }

  async function bring(name: string): Promise<void> {
    const pool = store.get('NodePool', undefined, name);
    if (pool && pool.metadata.deletionTimestamp === undefined) {
      const node = await connection.ask('GET', `/api/v1/nodes/${name}`).catch((error: unknown) => {
        if (!missing(error)) throw error;
        return connection.ask('POST', '/api/v1/nodes', nodeManifest(pool));
      });
      if (isJsonObject(node)) {
        await connection.ask(
          'PATCH',
          `/api/v1/nodes/${name}/status`,
          { status: nodeStatus(pool, now()) },
          'application/merge-patch+json',
        );
      }
      await heartbeat(name);
      made.add(name);
      return;
    }
    const busy = store.list('Pod').items.some((pod) => nodeNameOf(pod) === name);
    if (busy || !made.has(name)) return;
    for (const path of [
      `/api/v1/nodes/${name}`,
      `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${name}`,
    ]) {
      await connection.ask('DELETE', path).catch((error: unknown) => {
        if (!missing(error)) throw error;
      });
    }
    made.delete(name);
  }

  /** Nodes of an earlier run, whose pools may have gone since. */
  async function adopt(): Promise<void> {
    const selector = encodeURIComponent(`app.kubernetes.io/managed-by=${manager}`);
    const { items } = nodeListSchema.parse(await connection.ask('GET', `/api/v1/nodes?labelSelector=${selector}`));
    for (const { metadata } of items) {
      made.add(metadata.name);
      queue.add(metadata.name);
    }
  }

  const end = store.subscribe(({ type, object }) => {
    if (object.kind === 'NodePool') queue.add(object.metadata.name);
    const node = object.kind === 'Pod' && type === 'DELETED' ? nodeNameOf(object) : undefined;
    if (node !== undefined) queue.add(node);
  });
  for (const pool of store.list('NodePool').items) queue.add(pool.metadata.name);
  void adopt().catch((error: unknown) => console.error('kubernetes: nodes of an earlier run were not found', error));
  const timer = setInterval(() => {
    for (const name of made) heartbeat(name).catch(again(name));
  }, heartbeatMs);
  return {
    close() {
      end();
      clearInterval(timer);
      queue.close();
    },
  };
}
