import { DomainError } from '../errors/domain-error.ts';
import { assertSound, type Tier } from './tier.ts';
import { tierTitles } from './titles.ts';

/**
 * The tiers, cheapest first. The only place that knows them: prices, what they include, limits, capacity. An unsound one does not load, and
 * so cannot be deployed.
 */
export const tierCatalogue = {
  standard: {
    name: 'standard',
    title: tierTitles.standard,
    description: 'Shared infrastructure, your own data and model. Live in seconds.',
    isolation: 'pool',
    price: {
      month: { usd: 4_900, eur: 4_500, krw: 69_000 },
      year: { usd: 49_000, eur: 45_000, krw: 690_000 },
    },
    trialDays: 14,
    dunning: { graceDays: 10, lastDays: 30 },
    usage: {
      events_collected: { included: 5_000_000, overage: { usd: '0.002', eur: '0.0018', krw: '0.03' } },
      recommendations_served: { included: 1_000_000, overage: { usd: '0.01', eur: '0.009', krw: '0.14' } },
      silo_hours: { included: 0, overage: { usd: '0', eur: '0', krw: '0' } },
      training_minutes: { included: 300, overage: { usd: '5', eur: '4.5', krw: '70' } },
      storage_gb_hours: { included: 7_300, overage: { usd: '0.02', eur: '0.018', krw: '0.28' } },
    },
    limits: {
      requestsPerSecond: 50,
      eventsPerDay: 1_000_000,
      users: 5,
      apiKeys: 5,
      webhooks: 3,
      retentionDays: 90,
      trainingsPerDay: 12,
      models: 5,
    },
    training: { everyHours: 24, mergeMinutes: 30 },
    features: ['export', 'auditLog', 'ownModel'],
    silo: null,
  },
  premium: {
    name: 'premium',
    title: tierTitles.premium,
    description: 'A recommender, an events table and an endpoint of your own.',
    isolation: 'silo',
    price: {
      month: { usd: 49_900, eur: 45_900, krw: 690_000 },
      year: { usd: 499_000, eur: 459_000, krw: 6_900_000 },
    },
    trialDays: 14,
    dunning: { graceDays: 14, lastDays: 45 },
    usage: {
      events_collected: { included: 100_000_000, overage: { usd: '0.0015', eur: '0.0014', krw: '0.02' } },
      recommendations_served: { included: 20_000_000, overage: { usd: '0.005', eur: '0.0045', krw: '0.07' } },
      silo_hours: { included: 744, overage: { usd: '25', eur: '23', krw: '350' } },
      training_minutes: { included: 3_000, overage: { usd: '4', eur: '3.6', krw: '56' } },
      storage_gb_hours: { included: 73_000, overage: { usd: '0.015', eur: '0.014', krw: '0.21' } },
    },
    limits: {
      requestsPerSecond: 500,
      eventsPerDay: 20_000_000,
      users: 50,
      apiKeys: 20,
      webhooks: 10,
      retentionDays: 365,
      trainingsPerDay: 24,
      models: 20,
    },
    training: { everyHours: 6, mergeMinutes: 10 },
    features: ['export', 'auditLog', 'ownModel', 'ownEventsTable', 'ownEndpoint', 'ownNodes', 'sso'],
    silo: {
      replicasMin: 2,
      replicasMax: 6,
      cpuMillis: 500,
      memoryMiB: 1024,
      nodeCpus: [2, 4],
      trainer: { cpuMillis: 1000, memoryMiB: 3072 },
    },
  },
  enterprise: {
    name: 'enterprise',
    title: tierTitles.enterprise,
    description: 'Your own silo with room for the largest shops, and the longest history.',
    isolation: 'silo',
    price: {
      month: { usd: 199_900, eur: 184_900, krw: 2_790_000 },
      year: { usd: 1_999_000, eur: 1_849_000, krw: 27_900_000 },
    },
    trialDays: 0,
    dunning: { graceDays: 30, lastDays: 60 },
    usage: {
      events_collected: { included: 1_000_000_000, overage: { usd: '0.001', eur: '0.0009', krw: '0.014' } },
      recommendations_served: { included: 200_000_000, overage: { usd: '0.003', eur: '0.0027', krw: '0.04' } },
      silo_hours: { included: 744, overage: { usd: '100', eur: '92', krw: '1400' } },
      training_minutes: { included: 15_000, overage: { usd: '3', eur: '2.7', krw: '42' } },
      storage_gb_hours: { included: 730_000, overage: { usd: '0.01', eur: '0.009', krw: '0.14' } },
    },
    limits: {
      requestsPerSecond: 3_000,
      eventsPerDay: 200_000_000,
      users: 500,
      apiKeys: 100,
      webhooks: 50,
      retentionDays: 730,
      trainingsPerDay: 48,
      models: 50,
    },
    training: { everyHours: 1, mergeMinutes: 10 },
    features: ['export', 'auditLog', 'ownModel', 'ownEventsTable', 'ownEndpoint', 'ownNodes', 'sso'],
    silo: {
      replicasMin: 3,
      replicasMax: 24,
      cpuMillis: 2000,
      memoryMiB: 4096,
      nodeCpus: [8, 16],
      trainer: { cpuMillis: 4000, memoryMiB: 12_288 },
    },
  },
} as const satisfies Record<string, Tier>;
assertSound(tierCatalogue);

export type TierName = keyof typeof tierCatalogue;

export const tierNames = Object.keys(tierCatalogue) as [TierName, ...TierName[]];

export const isTierName = (name: unknown): name is TierName =>
  typeof name === 'string' && Object.hasOwn(tierCatalogue, name);

/** @throws {DomainError} `unknown_tier` */
export function tierNamed(name: string): Tier & { readonly name: TierName } {
  if (!isTierName(name)) {
    throw new DomainError('unknown_tier', `There is no tier "${name}"; choose one of ${tierNames.join(', ')}.`, {
      fields: [{ field: 'tier', message: `must be one of ${tierNames.join(', ')}` }],
    });
  }
  return tierCatalogue[name];
}
