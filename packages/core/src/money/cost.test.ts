import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TierName, tierNames } from '../tier/catalogue.ts';
import { type MeterName, meterNames } from '../usage/meter-name.ts';
import { costItems, priced, totalOf } from './aws-prices.ts';
import { directCost, nodesOf, type Use } from './cost.ts';
import { allocate, potNames, type StageShape, sharedCosts } from './shared-cost.ts';

const quantity = fc.oneof(fc.double({ min: 0, max: 1e10, noNaN: true }), fc.integer({ min: 0, max: 1_000_000_000 }));
const useArbitrary = fc.record(
  Object.fromEntries(meterNames.map((meter) => [meter, quantity])) as Record<MeterName, typeof quantity>,
);
const tier = fc.constantFrom(...tierNames);
const shape = fc.record({ natGateways: fc.integer({ min: 0, max: 3 }), alarms: fc.integer({ min: 0, max: 100 }) });
const hours = fc.double({ min: 0, max: 744, noNaN: true });
const tenants = fc.array(fc.record({ use: useArbitrary, tier }), { maxLength: 12 });

const noUse = Object.fromEntries(meterNames.map((meter) => [meter, 0])) as Use;

describe('the cost of a tenant', () => {
  it('is nothing for who uses nothing', () => {
    for (const name of tierNames) expect(directCost(noUse, name)).toEqual({ cost: {}, calls: 0, cpuHours: 0 });
  });

  it('is whole millionths of a dollar and never negative, whatever was used', () => {
    fc.assert(
      fc.property(useArbitrary, tier, (use, name) => {
        for (const micro of Object.values(directCost(use, name).cost)) {
          expect(Number.isSafeInteger(micro) && micro >= 0).toBe(true);
        }
      }),
    );
  });

  it('never falls when more is used, of whatever it is', () => {
    fc.assert(
      fc.property(useArbitrary, useArbitrary, tier, (use, more, name) => {
        const both = Object.fromEntries(meterNames.map((meter) => [meter, use[meter] + more[meter]])) as Use;
        const one = directCost(use, name);
        const other = directCost(both, name);
        expect(totalOf(other.cost)).toBeGreaterThanOrEqual(totalOf(one.cost));
        expect(other.calls).toBeGreaterThanOrEqual(one.calls);
        expect(other.cpuHours).toBeGreaterThanOrEqual(one.cpuHours);
      }),
    );
  });

  it('has the nodes that the smallest number of replicas needs, by the hour', () => {
    expect(nodesOf('standard')).toEqual({ count: 0, cpus: 0 });
    expect(nodesOf('premium')).toEqual({ count: 1, cpus: 2 });
    const { cost, cpuHours } = directCost({ ...noUse, silo_hours: 730 }, 'premium');
    expect(cpuHours).toBe(1460);
    expect(cost.cNodeCpuHours).toBe(52_925_000);
  });

  it('knows the price of every item, to the smallest', () => {
    for (const item of costItems) expect(priced({ [item]: 1e6 })[item], item).toBeGreaterThan(0);
    expect(priced({ lambdaRequests: 1_000_000 })).toEqual({ lambdaRequests: 200_000 });
  });
});

interface Stage {
  readonly tenants: readonly { readonly use: Use; readonly tier: TierName }[];
  readonly shape: StageShape;
  readonly hours: number;
}

describe('what all share', () => {
  const settled = fc.record({ tenants, shape, hours });
  const allocated = ({ tenants: all, shape: stage, hours: passed }: Stage) => {
    const shared = sharedCosts(stage, passed);
    const weighed = all.map(({ use, tier: name }, key) => ({ key, ...directCost(use, name) }));
    return { shared, weighed, ...allocate(shared, weighed) };
  };

  it('is divided without a rest: the parts of tenants and what belongs to nobody are all of it', () => {
    fc.assert(
      fc.property(settled, (stage) => {
        const { shared, shares, unallocated } = allocated(stage);
        for (const pot of potNames) {
          const parts = [...shares.values()].map((share) => share[pot]);
          for (const micro of [...parts, unallocated[pot]])
            expect(Number.isSafeInteger(micro) && micro >= 0).toBe(true);
          expect(parts.reduce((sum, micro) => sum + micro, unallocated[pot])).toBe(totalOf(shared[pot]));
        }
      }),
    );
  });

  it('leaves unallocated what nobody used, and else less than a millionth for each tenant', () => {
    fc.assert(
      fc.property(settled, (stage) => {
        const { shared, weighed, unallocated } = allocated(stage);
        const used = weighed.some(({ cpuHours }) => cpuHours >= 0.001);
        if (used) expect(unallocated.cluster).toBeLessThanOrEqual(weighed.length);
        else expect(unallocated.cluster).toBe(totalOf(shared.cluster));
      }),
    );
  });

  it('never costs a tenant less for using more while the others use the same', () => {
    fc.assert(
      fc.property(settled, useArbitrary, (stage, more) => {
        const [first, ...others] = stage.tenants;
        if (!first) return;
        const use = Object.fromEntries(meterNames.map((meter) => [meter, first.use[meter] + more[meter]])) as Use;
        const before = allocated(stage).shares.get(0);
        const after = allocated({ ...stage, tenants: [{ ...first, use }, ...others] }).shares.get(0);
        for (const pot of potNames) expect(after?.[pot]).toBeGreaterThanOrEqual(before?.[pot] ?? 0);
      }),
    );
  });

  it('has no cluster where there are no silos', () => {
    expect(totalOf(sharedCosts({ natGateways: 0, alarms: 0 }, 730).cluster)).toBe(0);
    expect(sharedCosts({ natGateways: 3, alarms: 0 }, 730).cluster).toMatchObject({ natHours: 98_550_000 });
  });
});
