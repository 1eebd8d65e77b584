import * as z from 'zod';
import { experimentPlanSchema, experimentSchema } from '../experiment/experiment.ts';
import { atLeast } from '../identity/role.ts';
import { servedStatuses } from '../tenant/status.ts';
import { scenarioNames } from './recommendation.ts';
import type { Route } from './route.ts';

export const feedbackPerRequestMax = 50;
/** Days that one answer covers at most. */
export const performanceDaysMax = 184;

const amount = z.int().nonnegative();
const estimate = z.object({ value: z.number(), low: z.number(), high: z.number() });
const experimentResponse = z.object({
  experiment: experimentSchema.nullable(),
  /** The first is what the others are compared with; all numbers are of shoppers, who are in one variant each. */
  results: z.array(
    z.object({
      name: z.string(),
      /** Who saw a list of the variant, who of them clicked in one, and purchases that followed. */
      shoppers: amount,
      clickedShoppers: amount,
      conversions: amount,
      /** The share of shoppers who clicked, and how much it is above the first, each with its interval of 95 %. */
      clickRate: estimate.nullable(),
      lift: estimate.nullable(),
      /** `open`: chance alone would explain the difference. */
      verdict: z.enum(['first', 'better', 'worse', 'open']),
    }),
  ),
});
const memberErrors = ['unauthenticated', 'forbidden', 'no_active_tenant', 'tenant_not_active'] as const;

export const attributionRoutes = {
  sendFeedback: {
    id: 'sendFeedback',
    method: 'POST',
    path: '/v1/feedback',
    function: 'attribution',
    access: { by: 'apiKey', kinds: ['publishable', 'secret'], statuses: servedStatuses },
    summary: 'Tell which lists were seen and which of their items were clicked; each gets a verdict of its own',
    /** Checked one by one, so that one bad entry does not refuse the others. */
    body: z.strictObject({
      feedback: z
        .array(z.unknown())
        .min(1, 'must hold at least one entry')
        .max(feedbackPerRequestMax, `must hold at most ${feedbackPerRequestMax} entries`),
    }),
    bodyBytesMax: 64 * 1024,
    response: {
      status: 202,
      schema: z.object({
        accepted: amount,
        rejected: amount,
        verdicts: z.array(
          z.object({
            index: z.int(),
            verdict: z.enum(['accepted', 'rejected']),
            errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
          }),
        ),
      }),
    },
    errors: ['invalid_api_key', 'forbidden', 'invalid_request', 'body_too_large', 'rate_limited', 'unavailable'],
    cost: 'light',
    example: {
      request: {
        feedback: [
          {
            type: 'click',
            recommendationId: 'rec_01jd0000000000000000000000',
            shopperId: 'shopper-1',
            itemId: 'sku-42',
          },
        ],
      },
    },
  },
  getPerformance: {
    id: 'getPerformance',
    method: 'GET',
    path: '/v1/tenant/performance',
    function: 'models',
    access: { by: 'member', roles: atLeast('viewer'), statuses: servedStatuses },
    summary: 'What the lists came to: seen, clicked and bought from, by day, scenario, model and variant',
    query: z.strictObject({
      /** The first day, in UTC; by default 29 days before the last. */
      from: z.iso.date().optional(),
      /** The last day; by default today. */
      to: z.iso.date().optional(),
    }),
    response: {
      status: 200,
      schema: z.object({
        from: z.iso.date(),
        to: z.iso.date(),
        /** Days and lists without anything are left out. */
        days: z.array(
          z.object({
            day: z.iso.date(),
            scenario: z.enum(scenarioNames),
            modelVersion: z.string(),
            variant: z.string(),
            /** Lists that were seen. */
            impressions: amount,
            /** Those of them in which anything was clicked. */
            clickedLists: amount,
            /** Items of lists that were clicked. */
            clicks: amount,
            /** Purchases of an item within seven days after it was clicked in a list. */
            conversions: amount,
            /** What these were worth by the catalogue when they were counted, in minor units by currency. */
            revenue: z.record(z.string().length(3), amount),
          }),
        ),
      }),
    },
    errors: [...memberErrors, 'invalid_request'],
    cost: 'light',
  },
  getExperiment: {
    id: 'getExperiment',
    method: 'GET',
    path: '/v1/tenant/experiment',
    function: 'models',
    access: { by: 'member', roles: atLeast('viewer'), statuses: servedStatuses },
    summary: 'The newest experiment, and what its variants came to',
    response: { status: 200, schema: experimentResponse },
    errors: memberErrors,
    cost: 'light',
  },
  startExperiment: {
    id: 'startExperiment',
    method: 'POST',
    path: '/v1/tenant/experiment',
    function: 'models',
    access: { by: 'member', roles: atLeast('admin'), statuses: servedStatuses },
    summary: 'Give shoppers variants of lists, and compare what they come to; one experiment runs at a time',
    body: experimentPlanSchema,
    bodyBytesMax: 16 * 1024,
    response: { status: 201, schema: experimentResponse },
    errors: [...memberErrors, 'invalid_request', 'conflict'],
    idempotent: true,
    cost: 'light',
    example: {
      request: {
        name: 'Mixed categories',
        variants: [
          { name: 'as-it-is', percent: 50 },
          { name: 'mixed', percent: 50, maxPerCategory: 2 },
        ],
      },
    },
  },
  endExperiment: {
    id: 'endExperiment',
    method: 'POST',
    path: '/v1/tenant/experiment/end',
    function: 'models',
    access: { by: 'member', roles: atLeast('admin'), statuses: servedStatuses },
    summary:
      'End the experiment; from then on everybody gets the winner, or what there was before. A winner with a model of its own serves from now on',
    body: z.strictObject({ winner: z.string().max(20).nullable() }),
    bodyBytesMax: 1024,
    response: { status: 200, schema: experimentResponse },
    errors: [...memberErrors, 'invalid_request', 'not_found', 'conflict'],
    cost: 'light',
    example: { request: { winner: 'mixed' } },
  },
} as const satisfies Record<string, Route>;
