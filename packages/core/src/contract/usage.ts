import * as z from 'zod';
import { atLeast } from '../identity/role.ts';
import type { TenantStatus } from '../tenant/status.ts';
import { meterNameSchema } from '../usage/meter-name.ts';
import type { Route } from './route.ts';
import { timeSchema } from './schemas.ts';

const whileMetered = ['active', 'migrating', 'suspended', 'deactivating'] as const satisfies readonly TenantStatus[];

export const granularities = ['hour', 'day'] as const;
export type Granularity = (typeof granularities)[number];

/** Units of a meter; a part of a unit where the meter has such. */
const quantitySchema = z.number().nonnegative();

export const meterUsageSchema = z.object({
  meter: meterNameSchema,
  title: z.string(),
  /** What one of it is. */
  unit: z.string(),
  /** Since midnight in UTC. */
  today: quantitySchema,
  /** How much the tier takes in a day; null for what has no limit. */
  limitPerDay: quantitySchema.nullable(),
  /** In the present billing period. */
  period: quantitySchema,
  /** How much of that the price of the tier covers in a period. */
  included: quantitySchema,
  /** At the end of the period, if it goes on like that; null while there is too little to tell. */
  forecast: quantitySchema.nullable(),
  /** One for each hour or day, oldest first, those without use included. */
  series: z.array(z.object({ at: timeSchema, quantity: quantitySchema })),
});

export const usageRoutes = {
  getUsage: {
    id: 'getUsage',
    method: 'GET',
    path: '/v1/tenant/usage',
    function: 'usage',
    access: { by: 'member', roles: atLeast('viewer'), statuses: whileMetered },
    summary: 'What was metered by the hour or day, against the tier’s limits, and what the invoice will be',
    query: z.strictObject({
      /** By default a day before `to` by the hour, and 30 days before it by the day. */
      from: timeSchema.optional(),
      /** By default now. */
      to: timeSchema.optional(),
      granularity: z.enum(granularities).default('hour'),
    }),
    response: {
      status: 200,
      schema: z.object({
        granularity: z.enum(granularities),
        /** The series reach from here, on a full hour or day in UTC. */
        from: timeSchema,
        to: timeSchema,
        /** The present billing period. */
        period: z.object({ from: timeSchema, to: timeSchema }),
        meters: z.array(meterUsageSchema),
        /** The invoice at the end of the period, in minor units; null while there is too little to tell. */
        invoice: z
          .object({
            currency: z.string().length(3),
            /** The price of the tier. */
            base: z.int().nonnegative(),
            /** What goes beyond what is included, by meter; those that cost nothing are left out. */
            overage: z.array(z.object({ meter: meterNameSchema, units: z.int(), amount: z.int().nonnegative() })),
            total: z.int().nonnegative(),
          })
          .nullable(),
      }),
    },
    errors: ['unauthenticated', 'forbidden', 'no_active_tenant', 'invalid_request', 'tenant_not_active'],
    cost: 'light',
  },
} as const satisfies Record<string, Route>;
