import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { KubernetesObject } from '../object.ts';
import type { Store } from '../store/store.ts';
import { memoryStore } from '../testing/memory-store.ts';
import { startJobController } from './jobs.ts';

let store: Store;
let controller: { close(): void };
const backoffMs = { first: 10_000, most: 360_000 };
beforeEach(() => {
  vi.useFakeTimers();
  store = memoryStore();
  controller = startJobController(store, Date.now, backoffMs);
  store.put({ apiVersion: 'v1', kind: 'Namespace', metadata: metadata('ns') });
});
afterEach(() => {
  controller.close();
  vi.useRealTimers();
});

const metadata = (name: string) => ({ name, uid: name, generation: 1, creationTimestamp: '2030-01-01T00:00:00Z' });

async function putJob(spec: object = {}, restartPolicy = 'Never'): Promise<void> {
  const template = {
    metadata: { labels: { app: 'a' } },
    spec: { restartPolicy, containers: [{ name: 'c', image: 'one' }] },
  };
  store.put({
    apiVersion: 'batch/v1',
    kind: 'Job',
    spec: { backoffLimit: 2, template, ...spec },
    metadata: { ...metadata('work'), namespace: 'ns' },
  });
  await settle();
}

const pods = () => store.list('Pod').items;
const living = () => pods().filter((pod) => !/Succeeded|Failed/.test(JSON.stringify(pod.status)));
const settle = (ms = 10) => vi.advanceTimersByTimeAsync(ms);
const job = () => store.get('Job', 'ns', 'work');
const status = () => job()?.status as Record<string, unknown> & { conditions?: { type: string; reason: string }[] };
const conditions = () => (status().conditions ?? []).map(({ type, reason }) => `${type} ${reason}`);

/** What the kubelet does when the container of the only pod that lives ends. */
async function end(exitCode: number, more: object = {}): Promise<void> {
  const [pod] = living();
  if (!pod) throw new Error('No pod runs.');
  const terminated = { exitCode, finishedAt: new Date().toISOString() };
  store.put({
    ...pod,
    status: {
      phase: exitCode === 0 ? 'Succeeded' : 'Failed',
      containerStatuses: [{ restartCount: 0, state: { terminated } }],
      ...more,
    },
  });
  await settle();
}

/** And when pods are asked to go. */
async function takeAway(): Promise<void> {
  for (const pod of pods()) if (pod.metadata.deletionTimestamp !== undefined) store.remove(pod);
  await settle();
}

describe('a Job', () => {
  it('gets one pod, and is complete when that has succeeded; both stay to be looked at', async () => {
    await putJob();
    expect(pods()).toMatchObject([
      {
        metadata: { labels: { app: 'a', 'batch.kubernetes.io/job-name': 'work' }, ownerReferences: [{ kind: 'Job' }] },
      },
    ]);
    expect(status()).toMatchObject({ active: 1, terminating: 0 });
    await end(0);
    expect(conditions()).toEqual(['SuccessCriteriaMet CompletionsReached', 'Complete CompletionsReached']);
    expect(status()).toMatchObject({ succeeded: 1, completionTime: expect.any(String) });
    expect(status()).not.toHaveProperty('active');
    await settle(3_600_000);
    expect(pods()).toHaveLength(1);
    expect(store.list('Event').items.map(({ reason }) => reason)).toEqual(['SuccessfulCreate', 'Completed']);
  });

  it('tries again after a failure, later each time, and gives up beyond its limit', async () => {
    await putJob();
    const waits: number[] = [];
    for (let failure = 0; failure < 3; failure += 1) {
      const before = Date.now();
      while (living().length === 0) await settle(500);
      waits.push(Math.round((Date.now() - before) / 5000) * 5);
      await end(1);
    }
    expect(waits).toEqual([0, 10, 20]);
    expect(conditions()).toEqual(['FailureTarget BackoffLimitExceeded', 'Failed BackoffLimitExceeded']);
    expect(status()).toMatchObject({ failed: 3 });
    await settle(3_600_000);
    expect(pods()).toHaveLength(3);
  });

  it('fails at once by its policy, and passes over what the policy says does not count', async () => {
    const rules = [
      { action: 'FailJob', onExitCodes: { operator: 'In', values: [3] } },
      { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
    ];
    await putJob({ backoffLimit: 0, podFailurePolicy: { rules } });
    await end(137, { conditions: [{ type: 'DisruptionTarget', status: 'True' }] });
    expect(status()).not.toHaveProperty('failed');
    expect(living()).toHaveLength(1);
    await end(3);
    expect(conditions()).toEqual(['FailureTarget PodFailurePolicy', 'Failed PodFailurePolicy']);
  });

  it('whose time is over says so, and has failed when its pod is gone', async () => {
    await putJob({ activeDeadlineSeconds: 60 });
    await settle(58_000);
    expect(conditions()).toEqual([]);
    await settle(3_000);
    expect(conditions()).toEqual(['FailureTarget DeadlineExceeded']);
    expect(status()).toMatchObject({ terminating: 1 });
    await takeAway();
    expect(conditions()).toEqual(['FailureTarget DeadlineExceeded', 'Failed DeadlineExceeded']);
    await settle(600_000);
    expect(pods()).toEqual([]);
  });

  it('counts a container that starts over in its pod as it counts pods', async () => {
    await putJob({}, 'OnFailure');
    const [pod] = living();
    const restarted = (restartCount: number) => ({
      phase: 'Running',
      containerStatuses: [{ restartCount, state: {} }],
    });
    if (pod) store.put({ ...pod, status: restarted(1) });
    await settle();
    expect(conditions()).toEqual([]);
    if (pod) store.put({ ...pod, status: restarted(2) });
    await settle();
    expect(conditions()).toEqual(['FailureTarget BackoffLimitExceeded']);
  });

  it('replaces a pod that somebody deleted, once it is gone, and counts that as a failure', async () => {
    await putJob();
    const [pod] = living();
    if (pod) store.put({ ...pod, metadata: { ...pod.metadata, deletionTimestamp: '2030-01-01T00:00:00Z' } });
    await settle();
    expect(pods()).toHaveLength(1);
    await takeAway();
    await settle(11_000);
    expect(living()).toHaveLength(1);
    expect(living()[0]?.metadata.uid).not.toBe(pod?.metadata.uid);
    expect(status()).toMatchObject({ failed: 1 });
  });

  it('takes its pods with it when it is deleted, or when its time to be looked at is over', async () => {
    const going = (one: KubernetesObject) => one.metadata.deletionTimestamp !== undefined;
    await putJob();
    const found = job();
    if (found) store.remove(found);
    await settle();
    expect(pods().every(going)).toBe(true);
    await takeAway();

    await putJob({ ttlSecondsAfterFinished: 100 });
    await end(0);
    await settle(98_000);
    expect(job()).toBeDefined();
    await settle(5_000);
    expect(job()).toBeUndefined();
    expect(pods().every(going)).toBe(true);
  });

  it('whose pod is refused says why, and goes on when it is not any more', async () => {
    const restricted = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    store.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { ...metadata('ns'), labels: restricted } });
    await putJob();
    await settle(5_000);
    expect(pods()).toEqual([]);
    expect(store.list('Event').items).toMatchObject([
      { reason: 'FailedCreate', message: expect.stringContaining('violates PodSecurity') },
    ]);
    store.put({ apiVersion: 'v1', kind: 'Namespace', metadata: metadata('ns') });
    await settle(1_000);
    expect(living()).toHaveLength(1);
  });
});
