import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../object.ts';
import { RemoteError } from './connection.ts';
import { createStatusWriter } from './status-writer.ts';

const pod = (phase: string, uid = 'one'): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: uid, uid, resourceVersion: '1', generation: 1, creationTimestamp: '2030-01-01T00:00:00Z' },
  status: { phase },
});

/** A cluster that takes statuses when it is told to. */
function slowCluster() {
  const taken: unknown[] = [];
  const calls: { take(): void; refuse(error: Error): void }[] = [];
  const writer = createStatusWriter(
    (object) =>
      new Promise<void>((resolve, reject) => {
        calls.push({
          take() {
            taken.push(object.status);
            resolve();
          },
          refuse: reject,
        });
      }),
  );
  return { writer, taken, calls };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('statuses on their way to another cluster', () => {
  it('go one at a time for each object, and of several that wait only the last', async () => {
    const { writer, taken, calls } = slowCluster();
    for (const phase of ['a', 'b', 'c']) writer.write(pod(phase));
    writer.write(pod('other', 'two'));
    await turn();
    expect(calls).toHaveLength(2);
    calls[0]?.take();
    calls[1]?.take();
    await turn();
    expect(writer.pending('one')).toMatchObject({ status: { phase: 'c' } });
    calls[2]?.take();
    await writer.close();
    expect(taken).toEqual([{ phase: 'a' }, { phase: 'other' }, { phase: 'c' }]);
    expect(writer.pending('one')).toBeUndefined();
  });

  it('go again while the cluster does not answer, and no more when the object is gone', async () => {
    const { writer, taken, calls } = slowCluster();
    writer.write(pod('a'));
    await turn();
    calls[0]?.refuse(new Error('connect ECONNREFUSED'));
    while (calls.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(writer.pending('one')).toBeDefined();
    calls[1]?.refuse(new RemoteError(404, 'not found'));
    await writer.close();
    expect(taken).toEqual([]);
    expect(calls).toHaveLength(2);
  });
});
