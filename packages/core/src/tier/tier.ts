import * as z from 'zod';
import { meterNames } from '../usage/meter-name.ts';
import { amountsSchema, intervals, unitAmountsSchema } from './price.ts';

const positive = z.int().positive();

/** What a silo of a tier is given on the cluster. */
const siloSchema = z
  .strictObject({
    replicasMin: positive,
    replicasMax: positive,
    /** Thousandths of a core. */
    cpuMillis: positive,
    memoryMiB: positive,
    /** Sizes of the nodes that run this tenant's replicas and nobody else's, in virtual CPUs, smallest first. */
    nodeCpus: z.array(positive).min(1).readonly(),
    /** What training its model is given beside them, thousandths of a core and memory. */
    trainer: z.strictObject({ cpuMillis: positive, memoryMiB: positive }).readonly(),
  })
  .refine(({ replicasMin, replicasMax }) => replicasMin <= replicasMax, 'replicasMin is above replicasMax')
  .refine(({ nodeCpus }) => nodeCpus.every((cpus, i) => i === 0 || cpus > (nodeCpus[i - 1] ?? 0)), {
    message: 'nodeCpus must be listed from the smallest',
  });
export type SiloCapacity = Readonly<z.infer<typeof siloSchema>>;

/** What a tier includes of a meter each month, and what each unit beyond it costs. */
const usageSchema = z.strictObject({ included: z.int().nonnegative(), overage: unitAmountsSchema });

export const featureNames = [
  'export',
  'auditLog',
  'ownModel',
  'ownEventsTable',
  'ownEndpoint',
  'ownNodes',
  'sso',
] as const;

/** How a company is treated that owes something. Days count from when the payment first failed. */
const dunningSchema = z
  .strictObject({
    /** It is suspended after these. */
    graceDays: positive,
    /** It is deactivated after these. */
    lastDays: positive,
  })
  .refine(({ graceDays, lastDays }) => graceDays < lastDays, 'graceDays must end before lastDays');

export const tierSchema = z
  .strictObject({
    name: z.string().regex(/^[a-z]{1,20}$/),
    /** What the customer reads. */
    title: z.string().min(1),
    description: z.string().min(1),
    isolation: z.enum(['pool', 'silo']),
    /** By interval and currency. */
    price: z.record(z.enum(intervals), amountsSchema),
    /** A company's first subscription costs nothing for as many days; 0 for none. */
    trialDays: z.int().min(0).max(90),
    dunning: dunningSchema,
    usage: z.record(z.enum(meterNames), usageSchema),
    limits: z.strictObject({
      requestsPerSecond: positive,
      eventsPerDay: positive,
      users: positive,
      apiKeys: positive,
      /** Endpoints that are told of events. */
      webhooks: positive,
      /** Days for which a shopper's events stay readable. */
      retentionDays: positive,
      trainingsPerDay: positive,
      /** Trained models that are kept, to go back to. */
      models: z.int().min(2).max(50),
    }),
    /** What its models are kept fresh by, at no charge: trained anew, and between that given the newer events. */
    training: z.strictObject({
      everyHours: positive.max(168),
      mergeMinutes: positive.max(1440),
    }),
    features: z.array(z.enum(featureNames)).readonly(),
    silo: siloSchema.nullable(),
  })
  .refine(({ isolation, silo }) => (silo !== null) === (isolation === 'silo'), 'only a silo has a capacity, and must')
  .refine(
    ({ price: { month, year } }) =>
      (Object.keys(month) as (keyof typeof month)[]).every((c) => year[c] <= 12 * month[c]),
    'a year must not cost more than its months',
  );
export type Tier = Readonly<z.infer<typeof tierSchema>>;
export type LimitName = keyof Tier['limits'];

/** @throws {Error} when the tiers contradict themselves or each other, naming where */
export function assertSound(catalogue: Readonly<Record<string, Tier>>): void {
  const parsed = z.record(z.string(), tierSchema).safeParse(catalogue);
  if (!parsed.success) throw new Error(`The tier catalogue is not sound: ${z.prettifyError(parsed.error)}`);
  const tiers = Object.entries(catalogue);
  for (const [index, [name, tier]] of tiers.entries()) {
    if (tier.name !== name) throw new Error(`The tier catalogue is not sound: "${name}" calls itself "${tier.name}".`);
    const before = tiers[index - 1]?.[1];
    if (!before) continue;
    const worse = (Object.keys(tier.limits) as LimitName[]).find((limit) => tier.limits[limit] < before.limits[limit]);
    if (worse) throw new Error(`The tier catalogue is not sound: "${name}" has less ${worse} than "${before.name}".`);
    if (tier.price.month.usd <= before.price.month.usd) {
      throw new Error(`The tier catalogue is not sound: "${name}" is not dearer than "${before.name}".`);
    }
  }
}
