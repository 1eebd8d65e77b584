import { DomainError } from '../errors/domain-error.ts';

/** What a silo of this tier is given on the cluster. CPU in thousandths of a core, memory in MiB. */
export interface SiloCapacity {
  readonly replicasMin: number;
  readonly replicasMax: number;
  readonly cpuMillis: number;
  readonly memoryMiB: number;
  /** Sizes of the nodes that run this tenant's replicas and nobody else's, in virtual CPUs, smallest first. */
  readonly nodeCpus: readonly number[];
}

export interface Tier {
  readonly name: string;
  /** What the customer reads. */
  readonly title: string;
  readonly description: string;
  readonly isolation: 'pool' | 'silo';
  readonly price: {
    /** Minor units of `currency`, a month. */
    readonly amount: number;
    readonly currency: 'usd';
    /** Names the price in Stripe, so that neither side stores the other's ids. */
    readonly lookupKey: string;
  };
  readonly limits: {
    readonly requestsPerSecond: number;
    readonly eventsPerDay: number;
    readonly users: number;
    readonly apiKeys: number;
    /** Days for which a shopper's events stay readable. */
    readonly retentionDays: number;
  };
  readonly silo: SiloCapacity | null;
}

/** The tiers, cheapest first. The only place that knows them. */
export const tierCatalogue = {
  standard: {
    name: 'standard',
    title: 'Standard',
    description: 'Shared infrastructure, your own data and model. Live in seconds.',
    isolation: 'pool',
    price: { amount: 4_900, currency: 'usd', lookupKey: 'tenantry_standard_month' },
    limits: { requestsPerSecond: 50, eventsPerDay: 1_000_000, users: 5, apiKeys: 5, retentionDays: 90 },
    silo: null,
  },
  premium: {
    name: 'premium',
    title: 'Premium',
    description: 'A recommender, an events table and an endpoint of your own.',
    isolation: 'silo',
    price: { amount: 49_900, currency: 'usd', lookupKey: 'tenantry_premium_month' },
    limits: { requestsPerSecond: 500, eventsPerDay: 20_000_000, users: 50, apiKeys: 20, retentionDays: 365 },
    silo: { replicasMin: 2, replicasMax: 6, cpuMillis: 500, memoryMiB: 1024, nodeCpus: [2, 4] },
  },
  enterprise: {
    name: 'enterprise',
    title: 'Enterprise',
    description: 'Your own silo with room for the largest shops, and the longest history.',
    isolation: 'silo',
    price: { amount: 199_900, currency: 'usd', lookupKey: 'tenantry_enterprise_month' },
    limits: { requestsPerSecond: 3_000, eventsPerDay: 200_000_000, users: 500, apiKeys: 100, retentionDays: 730 },
    silo: { replicasMin: 3, replicasMax: 24, cpuMillis: 2000, memoryMiB: 4096, nodeCpus: [8, 16] },
  },
} as const satisfies Record<string, Tier>;

export type TierName = keyof typeof tierCatalogue;

export const tierNames = Object.keys(tierCatalogue) as [TierName, ...TierName[]];

/** @throws {DomainError} `unknown_tier` */
export function tierNamed(name: string): Tier & { readonly name: TierName } {
  if (!Object.hasOwn(tierCatalogue, name)) {
    throw new DomainError('unknown_tier', `There is no tier "${name}"; choose one of ${tierNames.join(', ')}.`, {
      fields: [{ field: 'tier', message: `must be one of ${tierNames.join(', ')}` }],
    });
  }
  return tierCatalogue[name as TierName];
}
