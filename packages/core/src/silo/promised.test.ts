import { expect, it } from 'vitest';
import { podsMax } from './capacity.ts';
import { nodePoolManifest } from './manifests/node-pool.ts';
import { siloNamespace } from './names.ts';
import { nodeCpusMax } from './nodes.ts';
import { promisedSilos } from './promised.ts';
import { siloInput } from './testing/input.ts';

it('what a silo was promised is read back from its node pool', () => {
  const input = siloInput();
  expect(promisedSilos([nodePoolManifest(input)])).toEqual([
    {
      namespace: siloNamespace(input.tenantId),
      nodeCpus: nodeCpusMax(input.tier.silo),
      pods: podsMax(input.tier.silo),
    },
  ]);
});

it('pools that are no silo’s promise nothing', () => {
  expect(promisedSilos([{ metadata: { name: 'general-purpose' }, spec: {} }])).toEqual([]);
});
