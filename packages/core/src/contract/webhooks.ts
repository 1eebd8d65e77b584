import * as z from 'zod';
import type { Route } from './route.ts';

export const webhookRoutes = {
  stripeWebhook: {
    id: 'stripeWebhook',
    method: 'POST',
    path: '/webhooks/stripe',
    function: 'stripe-webhook',
    access: { by: 'stripe' },
    summary: 'Events from Stripe, verified by their signature',
    parseBody: false,
    bodyBytesMax: 512 * 1024,
    response: { status: 200, schema: z.object({ received: z.literal(true) }) },
    errors: ['invalid_signature', 'body_too_large'],
    cost: 'light',
  },
} as const satisfies Record<string, Route>;
