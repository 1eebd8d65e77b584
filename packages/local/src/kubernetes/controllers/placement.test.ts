import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../object.ts';
import { generalNode, nodeOfPool, place } from './placement.ts';

const object = (kind: string, name: string, spec: object): KubernetesObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, uid: name, resourceVersion: '1', generation: 1, creationTimestamp: '2030-01-01T00:00:00Z' },
  spec,
});
const taint = { key: 'tenant', value: 'a', effect: 'NoSchedule' };
const pool = (changes: object = {}) =>
  nodeOfPool(
    object('NodePool', 'pool-a', {
      template: { metadata: { labels: { tenant: 'a' } }, spec: { taints: [taint], ...changes } },
    }),
  );
const pod = (spec: object) => object('Pod', 'p', { containers: [], ...spec });
const selector = { nodeSelector: { tenant: 'a' } };

describe('a pod', () => {
  it('that asks for nothing gets the node for everybody, and never a tainted one', () => {
    expect(place(pod({}), [pool(), generalNode])).toEqual({ node: generalNode });
    expect(place(pod({}), [pool()])).toEqual({
      message: '0/1 nodes are available: 1 node(s) had untolerated taint {tenant: a}.',
    });
  });

  it.each([
    ['the same value', { key: 'tenant', operator: 'Equal', value: 'a', effect: 'NoSchedule' }],
    ['any effect', { key: 'tenant', operator: 'Equal', value: 'a' }],
    ['any value', { key: 'tenant', operator: 'Exists' }],
    ['anything', { operator: 'Exists' }],
  ])('that asks for a pool’s node and tolerates %s gets it', (_what, toleration) => {
    const { name } = pool();
    const wanted = pod({ ...selector, tolerations: [toleration] });
    expect(place(wanted, [generalNode, pool()])).toMatchObject({ node: { name } });
  });

  it.each([
    ['another value', { key: 'tenant', operator: 'Equal', value: 'b', effect: 'NoSchedule' }],
    ['another key', { key: 'other', operator: 'Exists' }],
    ['another effect', { key: 'tenant', operator: 'Exists', effect: 'NoExecute' }],
  ])('that tolerates %s does not', (_what, toleration) => {
    expect(place(pod({ ...selector, tolerations: [toleration] }), [generalNode, pool()])).toEqual({
      message:
        "0/2 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint {tenant: a}.",
    });
  });

  it('may run where a taint only prefers that it does not', () => {
    const soft = pool({ taints: [{ ...taint, effect: 'PreferNoSchedule' }] });
    expect(place(pod(selector), [generalNode, soft])).toEqual({ node: soft });
  });
});
