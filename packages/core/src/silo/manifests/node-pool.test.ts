import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tierCatalogue } from '../../tier/catalogue.ts';
import type { SiloCapacity } from '../../tier/tier.ts';
import { podsMax } from '../capacity.ts';
import { nodeCpusMax, replicasOnNode } from '../nodes.ts';
import { siloInput } from '../testing/input.ts';
import { unknownFields } from '../testing/published-schema.ts';
import { deploymentManifest } from './deployment.ts';
import { nodePoolManifest } from './node-pool.ts';
import { siloManifests } from './silo.ts';

const silos = Object.values(tierCatalogue).flatMap((tier) =>
  tier.silo ? [{ name: tier.name, silo: tier.silo as SiloCapacity }] : [],
);
const { template, limits, disruption } = nodePoolManifest(siloInput()).spec;
const pod = deploymentManifest(siloInput()).spec.template.spec;

describe('the node pool of a silo', () => {
  it('is valid by the published schema, for every tier', async () => {
    for (const tier of silos) expect(await unknownFields(nodePoolManifest(siloInput({ tier })))).toEqual([]);
  });

  it('would be caught with a misspelt field', async () => {
    const pool = nodePoolManifest(siloInput());
    const misspelt = { ...pool, spec: { ...pool.spec, disruption: { ...disruption, consolidateafter: '1m' } } };
    expect(await unknownFields(misspelt)).toEqual(['.spec.disruption.consolidateafter']);
  });

  it('makes nodes that this silo’s pods ask for, and that no other pod tolerates', () => {
    expect(template.metadata.labels).toMatchObject(pod.nodeSelector);
    expect(pod.tolerations).toEqual(template.spec.taints.map((taint) => ({ ...taint, operator: 'Equal' })));
    const other = deploymentManifest(siloInput({ tenantId: 'ten_01j9z3k4m5n6p7q8r9s0t1v2w9' })).spec.template.spec;
    for (const { value } of template.spec.taints) {
      expect(other.tolerations.map((one) => one.value)).not.toContain(value);
    }
  });

  it('makes only nodes of the sizes that the tier names, on demand, for the architectures of the image', () => {
    const values = Object.fromEntries(template.spec.requirements.map(({ key, values }) => [key, values]));
    expect(values).toMatchObject({
      'eks.amazonaws.com/instance-cpu': ['2', '4'],
      'karpenter.sh/capacity-type': ['on-demand'],
      'kubernetes.io/arch': ['arm64', 'amd64'],
    });
  });

  it('replaces nodes before Auto Mode does by force after three weeks, one at a time', () => {
    expect(Number.parseInt(template.spec.expireAfter, 10)).toBeLessThan(21 * 24);
    expect(disruption.budgets).toEqual([{ nodes: '1' }]);
  });

  it('has room for every replica of the quota, a training by itself and one node more, whatever the size of the nodes', () => {
    const capacity = fc
      .record({
        replicasMin: fc.constant(1),
        replicasMax: fc.integer({ min: 1, max: 100 }),
        cpuMillis: fc.integer({ min: 50, max: 1800 }),
        memoryMiB: fc.integer({ min: 64, max: 3000 }),
        nodeCpus: fc.uniqueArray(fc.constantFrom(2, 4, 8, 16), { minLength: 1 }),
        trainer: fc.record({
          cpuMillis: fc.integer({ min: 50, max: 1800 }),
          memoryMiB: fc.integer({ min: 64, max: 3000 }),
        }),
      })
      .map((one): SiloCapacity => one);
    fc.assert(
      fc.property(capacity, (one) => {
        for (const size of one.nodeCpus) {
          const nodes = Math.floor(nodeCpusMax(one) / size) - 2;
          expect(replicasOnNode(one.trainer, size)).toBeGreaterThanOrEqual(1);
          expect(nodes * replicasOnNode(one, size)).toBeGreaterThanOrEqual(podsMax(one));
        }
      }),
    );
  });

  it('has limits that follow from the tier', () => {
    expect(silos.map(({ name, silo }) => [name, nodeCpusMax(silo)])).toEqual([
      ['premium', 16],
      ['enterprise', 96],
    ]);
    expect(limits).toEqual({ cpu: '16', memory: `${16 * 4096}Mi` });
  });

  it('is refused for nodes that are too small for one replica, or for a training', () => {
    const silo = { ...siloInput().tier.silo, cpuMillis: 4000 };
    expect(() => siloManifests(siloInput({ tier: { name: 'premium', silo } }))).toThrow(/no replica fits/);
    const greedy = { ...siloInput().tier.silo, trainer: { cpuMillis: 500, memoryMiB: 4096 } };
    expect(() => siloManifests(siloInput({ tier: { name: 'premium', silo: greedy } }))).toThrow(
      /training does not fit/,
    );
  });
});
