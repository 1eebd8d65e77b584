import { describe, expect, it } from 'vitest';
import { rolloutStatus } from './rollout.ts';

const deployment = (status: object, spec: object = { replicas: 2 }) => ({ metadata: { generation: 3 }, spec, status });
const settled = { observedGeneration: 3, replicas: 2, updatedReplicas: 2, availableReplicas: 2 };

describe('a rollout', () => {
  it('is done when every replica is new and available', () => {
    expect(rolloutStatus(deployment(settled))).toMatchObject({ done: true, failed: false });
  });

  it('counts one replica where none is stated', () => {
    const one = { observedGeneration: 3, replicas: 1, updatedReplicas: 1, availableReplicas: 1 };
    expect(rolloutStatus(deployment(one, {})).done).toBe(true);
  });

  it.each([
    ['the cluster has not seen the change', { ...settled, observedGeneration: 2 }],
    ['replicas are not updated yet', { ...settled, updatedReplicas: 1 }],
    ['old replicas still run', { ...settled, replicas: 3 }],
    ['new replicas are not available', { ...settled, availableReplicas: 1 }],
    ['nothing is known yet', {}],
  ])('is not done while %s', (_what, status) => {
    expect(rolloutStatus(deployment(status))).toMatchObject({ done: false, failed: false });
  });

  it('has failed when the cluster says that it does not progress', () => {
    const conditions = [
      { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'timed out' },
    ];
    const stuck = { ...settled, updatedReplicas: 1, conditions };
    expect(rolloutStatus(deployment(stuck))).toEqual({ done: false, failed: true, reason: 'timed out' });
  });

  it('says why the cluster makes no more replicas', () => {
    const conditions = [{ type: 'ReplicaFailure', status: 'True', message: 'exceeded quota: silo' }];
    const { done, reason } = rolloutStatus(deployment({ ...settled, updatedReplicas: 1, conditions }));
    expect({ done, reason }).toEqual({
      done: false,
      reason: '1 of 2 replicas are updated. The cluster refuses to make more: exceeded quota: silo',
    });
  });

  it('is not judged by an old failure once a newer change is there', () => {
    const conditions = [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }];
    expect(rolloutStatus(deployment({ ...settled, observedGeneration: 2, conditions })).failed).toBe(false);
  });

  it('cannot be read from something else', () => {
    expect(() => rolloutStatus({ kind: 'Status' })).toThrow();
  });
});
