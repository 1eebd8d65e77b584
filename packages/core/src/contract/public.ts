import * as z from 'zod';
import { amountsSchema, intervals, unitAmountsSchema } from '../tier/price.ts';
import { featureNames } from '../tier/tier.ts';
import { meterNames } from '../usage/meter-name.ts';
import type { Route } from './route.ts';
import { tierSchema } from './schemas.ts';

export const tierViewSchema = z.object({
  name: tierSchema,
  title: z.string(),
  description: z.string(),
  isolation: z.enum(['pool', 'silo']),
  /** Minor units by interval and currency; KRW has none, so its amounts are won. */
  prices: z.record(z.enum(intervals), amountsSchema),
  /** Days that a company's first subscription costs nothing. */
  trialDays: z.int(),
  /** By meter: what a period includes, and minor units for each unit beyond. */
  usage: z.record(
    z.enum(meterNames),
    z.object({ included: z.record(z.enum(intervals), z.int()), overage: unitAmountsSchema }),
  ),
  features: z.array(z.enum(featureNames)),
  limits: z.object({
    requestsPerSecond: z.int(),
    eventsPerDay: z.int(),
    users: z.int(),
    apiKeys: z.int(),
    webhooks: z.int(),
    retentionDays: z.int(),
    trainingsPerDay: z.int(),
    models: z.int(),
  }),
});

export const publicRoutes = {
  health: {
    id: 'health',
    method: 'GET',
    path: '/v1/health',
    function: 'public',
    access: { by: 'anyone' },
    summary: 'Whether the API answers',
    response: { status: 200, schema: z.object({ status: z.literal('ok'), stage: z.string() }) },
    errors: [],
    cost: 'free',
  },
  listTiers: {
    id: 'listTiers',
    method: 'GET',
    path: '/v1/tiers',
    function: 'public',
    access: { by: 'anyone' },
    summary: 'The tiers with prices and limits, cheapest first',
    response: { status: 200, schema: z.object({ tiers: z.array(tierViewSchema) }) },
    errors: [],
    cost: 'free',
  },
  openapi: {
    id: 'openapi',
    method: 'GET',
    path: '/openapi.json',
    function: 'public',
    access: { by: 'anyone' },
    summary: 'This API as an OpenAPI 3.1 document',
    response: { status: 200, contentType: 'application/json' },
    errors: [],
    cost: 'free',
  },
  docs: {
    id: 'docs',
    method: 'GET',
    path: '/docs',
    function: 'public',
    access: { by: 'anyone' },
    summary: 'This API as a page for people',
    response: { status: 200, contentType: 'text/html; charset=utf-8' },
    errors: [],
    cost: 'free',
  },
  docsStyle: {
    id: 'docsStyle',
    method: 'GET',
    path: '/docs/style.css',
    function: 'public',
    access: { by: 'anyone' },
    summary: 'The style of that page',
    response: { status: 200, contentType: 'text/css; charset=utf-8' },
    errors: [],
    cost: 'free',
  },
} as const satisfies Record<string, Route>;
