import * as z from 'zod';
import { atLeast } from '../identity/role.ts';
import { servedStatuses } from '../tenant/status.ts';
import { recommendationRequestSchema, recommendationSchema } from './recommendation.ts';
import type { Route } from './route.ts';

export const eventsPerBatchMax = 100;
export const eventsBodyBytesMax = 256 * 1024;

export const eventVerdictSchema = z.object({
  index: z.int(),
  id: z.string().nullable(),
  verdict: z.enum(['accepted', 'rejected']),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
});
export type EventVerdict = z.infer<typeof eventVerdictSchema>;

export const dataPlaneRoutes = {
  collectEvents: {
    id: 'collectEvents',
    method: 'POST',
    path: '/v1/events',
    function: 'collector',
    access: { by: 'apiKey', kinds: ['publishable', 'secret'], statuses: servedStatuses },
    summary: 'Send up to 100 behaviour events; each gets a verdict of its own',
    /** The events themselves are checked one by one, so that one bad event does not refuse the others. */
    body: z.strictObject({
      events: z
        .array(z.unknown())
        .min(1, 'must hold at least one event')
        .max(eventsPerBatchMax, `must hold at most ${eventsPerBatchMax} events`),
    }),
    bodyBytesMax: eventsBodyBytesMax,
    response: {
      status: 202,
      schema: z.object({ accepted: z.int(), rejected: z.int(), verdicts: z.array(eventVerdictSchema) }),
    },
    errors: ['invalid_api_key', 'forbidden', 'invalid_request', 'body_too_large', 'rate_limited', 'unavailable'],
    cost: 'light',
    example: { request: { events: [{ shopperId: 'shopper-1', itemId: 'sku-42', type: 'view' }] } },
  },
  recommend: {
    id: 'recommend',
    method: 'POST',
    path: '/v1/recommendations',
    function: 'recommendations',
    access: {
      by: 'apiKey',
      kinds: ['publishable', 'secret'],
      statuses: servedStatuses,
      // A silo is shown to answer shoppers before the company is told that it does.
      probe: ['provisioning', ...servedStatuses],
    },
    summary: 'A list of items for a shopper and a place in the shop, from the latest events and the shop’s own model',
    body: recommendationRequestSchema,
    bodyBytesMax: 64 * 1024,
    response: { status: 200, schema: recommendationSchema },
    errors: ['invalid_api_key', 'forbidden', 'invalid_request', 'rate_limited', 'unavailable'],
    cost: 'light',
    example: { request: { shopperId: 'shopper-1', limit: 5 } },
  },
  previewRecommendations: {
    id: 'previewRecommendations',
    method: 'POST',
    path: '/v1/tenant/recommendations',
    function: 'recommendations',
    access: { by: 'member', roles: atLeast('viewer'), statuses: servedStatuses },
    summary: 'The same list, for the console',
    body: recommendationRequestSchema,
    bodyBytesMax: 64 * 1024,
    response: { status: 200, schema: recommendationSchema },
    errors: ['unauthenticated', 'forbidden', 'no_active_tenant', 'invalid_request', 'tenant_not_active', 'unavailable'],
    cost: 'light',
    example: { request: { shopperId: 'shopper-1', limit: 5 } },
  },
} as const satisfies Record<string, Route>;
