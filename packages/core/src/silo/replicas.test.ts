import { describe, expect, it } from 'vitest';
import { replicasOf } from './replicas.ts';

describe('the replicas of a silo', () => {
  it.each([
    { is: 'one that grows', spec: { replicas: 4 }, status: { availableReplicas: 3 }, wanted: 4, ready: 3 },
    { is: 'one that was made a moment ago', spec: { replicas: 2 }, status: undefined, wanted: 2, ready: 0 },
    {
      is: 'one that stands still, whose status leaves out the zero',
      spec: { replicas: 0 },
      status: {},
      wanted: 0,
      ready: 0,
    },
    {
      is: 'one that leaves its number to the default',
      spec: {},
      status: { availableReplicas: 1 },
      wanted: 1,
      ready: 1,
    },
  ])('are known of $is', ({ spec, status, wanted, ready }) => {
    expect(replicasOf({ spec, ...(status ? { status } : {}) })).toEqual({ wanted, ready });
  });

  it('are not guessed of something else', () => {
    expect(() => replicasOf({ kind: 'Status', message: 'gone' })).toThrow();
  });
});
