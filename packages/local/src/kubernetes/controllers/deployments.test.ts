import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { KubernetesObject } from '../object.ts';
import type { Store } from '../store/store.ts';
import { memoryStore } from '../testing/memory-store.ts';
import { startDeploymentController } from './deployments.ts';

let store: Store;
let controller: { close(): void };
beforeEach(() => {
  vi.useFakeTimers();
  store = memoryStore();
  controller = startDeploymentController(store, Date.now);
});
afterEach(() => {
  controller.close();
  vi.useRealTimers();
});

const metadata = (name: string, labels = {}) => ({
  name,
  labels,
  uid: name,
  generation: 1,
  creationTimestamp: '2030-01-01T00:00:00Z',
});

function putNamespace(labels = {}): void {
  store.put({ apiVersion: 'v1', kind: 'Namespace', metadata: metadata('ns', labels) });
}

function putDeployment(spec: object = {}, image = 'one'): void {
  const template = { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'c', image }] } };
  store.put({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    spec: { replicas: 2, template, ...spec },
    ...(store.get('Deployment', 'ns', 'web')?.status ? { status: store.get('Deployment', 'ns', 'web')?.status } : {}),
    metadata: { ...metadata('web'), namespace: 'ns' },
  });
}

const pods = () => store.list('Pod').items.filter((pod) => pod.metadata.deletionTimestamp === undefined);
const settle = () => vi.advanceTimersByTimeAsync(10);
const status = () => JSON.stringify(store.get('Deployment', 'ns', 'web')?.status);
const imageOf = (pod: KubernetesObject) => (JSON.stringify(pod.spec).includes('"two"') ? 'two' : 'one');

/** What the kubelet does, at the press of a button: everything that runs is ready, everything that should stop is gone. */
async function kubeletTurn(): Promise<void> {
  for (const pod of store.list('Pod').items) {
    if (pod.metadata.deletionTimestamp === undefined) {
      store.put({ ...pod, status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } });
    } else store.remove(pod);
  }
  await settle();
}

describe('a Deployment', () => {
  it('gets its pods, and goes with them', async () => {
    putNamespace();
    putDeployment();
    await settle();
    expect(pods()).toHaveLength(2);
    await kubeletTurn();
    expect(status()).toContain('NewReplicaSetAvailable');
    const deployment = store.get('Deployment', 'ns', 'web');
    if (deployment) store.remove(deployment);
    await settle();
    expect(pods()).toEqual([]);
  });

  it('is replaced one pod at a time, with never fewer ready than it asks for', async () => {
    putNamespace();
    putDeployment();
    await settle();
    await kubeletTurn();
    putDeployment({}, 'two');
    const mixes: string[] = [];
    for (let turn = 0; turn < 8; turn += 1) {
      await settle();
      expect(pods().length).toBeLessThanOrEqual(3);
      expect(pods().filter((pod) => JSON.stringify(pod.status).includes('True')).length).toBeGreaterThanOrEqual(2);
      mixes.push(pods().map(imageOf).sort().join(' '));
      await kubeletTurn();
    }
    expect(mixes[0]).toBe('one one two');
    expect(mixes.at(-1)).toBe('two two');
  });

  it('with the strategy Recreate stops every old pod before the first new one', async () => {
    putNamespace();
    putDeployment({ strategy: { type: 'Recreate' } });
    await settle();
    await kubeletTurn();
    putDeployment({ strategy: { type: 'Recreate' } }, 'two');
    await settle();
    expect(pods()).toEqual([]);
    expect(store.list('Pod').items).toHaveLength(2);
    await kubeletTurn();
    expect(pods().map(imageOf)).toEqual(['two', 'two']);
  });

  it('that is paused is left alone', async () => {
    putNamespace();
    putDeployment({ paused: true });
    await settle();
    expect(pods()).toEqual([]);
  });

  it('whose pods are refused says why once, and tries again without end or haste', async () => {
    putNamespace({ 'pod-security.kubernetes.io/enforce': 'restricted' });
    putDeployment();
    await settle();
    expect(status()).toContain('violates PodSecurity');
    const { version } = store;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(store.version).toBe(version);
    expect(store.list('Event').items).toMatchObject([{ reason: 'FailedCreate', count: 1 }]);
    putNamespace();
    await vi.advanceTimersByTimeAsync(600);
    expect(pods()).toHaveLength(2);
    expect(status()).not.toContain('ReplicaFailure');
  });

  it('that does not progress in its time says so, and recovers', async () => {
    putNamespace();
    putDeployment({ progressDeadlineSeconds: 30 });
    await settle();
    await vi.advanceTimersByTimeAsync(29_000);
    expect(status()).not.toContain('ProgressDeadlineExceeded');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(status()).toContain('ProgressDeadlineExceeded');
    await kubeletTurn();
    expect(status()).toContain('NewReplicaSetAvailable');
  });
});
