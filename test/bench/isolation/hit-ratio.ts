import { createCredentialVendor } from '@tenantry/core/isolation/credentials';
import type { LocalCloud } from '@tenantry/local/cloud/local-cloud';
import { type Measurement, measured } from '../measurement.ts';
import { someTenants, vendingOf } from './functions.ts';

const TENANTS = 1000;
const CACHED = 500;
const WARM_UP = 2000;
const BATCHES = 10;
const REQUESTS_PER_BATCH = 400;
const SEED = 20_261_120;

/** How often the tenant of a rank from 0 on asks, beside the others. */
const popularities = {
  uniform: () => 1,
  zipf: (rank: number) => 1 / (rank + 1),
} as const satisfies Record<string, (rank: number) => number>;

/** Evenly spread from 0 to 1, and the same in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const sumTo = (weights: readonly number[], end: number): number =>
  weights.slice(0, end).reduce((sum, weight) => sum + weight, 0);

/**
 * The share of requests that need no call of STS when there are twice as many tenants as the cache has room for. The floor is what
 * a cache would reach that knew the most popular tenants beforehand and kept them.
 */
export async function* hitRatios(cloud: LocalCloud): AsyncGenerator<Measurement> {
  for (const [name, popularity] of Object.entries(popularities)) {
    const vending = await vendingOf(cloud, 'api/collector', 'tenant-data');
    const { credentialsFor, statistics } = createCredentialVendor({ ...vending, max: CACHED });
    const tenants = someTenants(TENANTS);
    const weights = tenants.map((_, rank) => popularity(rank));
    const total = sumTo(weights, TENANTS);
    const bounds = weights.map((_, rank) => sumTo(weights, rank + 1) / total);
    const random = seeded(SEED);
    const ask = async (times: number): Promise<void> => {
      for (let request = 0; request < times; request++) {
        const drawn = random();
        const tenantId = tenants[bounds.findIndex((bound) => drawn < bound)] ?? tenants[TENANTS - 1];
        if (tenantId) await credentialsFor('tenant-data', { tenantId, requestId: `r${request}`, tier: 'standard' });
      }
    };
    await ask(WARM_UP);
    const ratios: number[] = [];
    for (let batch = 0; batch < BATCHES; batch++) {
      const before = statistics().hits;
      await ask(REQUESTS_PER_BATCH);
      ratios.push((statistics().hits - before) / REQUESTS_PER_BATCH);
    }
    vending.sts.destroy();
    yield measured(`isolation.vend-hit-ratio/${name}`, 'share', ratios, sumTo(weights, CACHED) / total);
  }
}
