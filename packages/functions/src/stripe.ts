import { createStripeClient } from '@tenantry/core/billing/stripe-client';
import * as z from 'zod';
import { readEnvironment, required } from './environment.ts';

/** Stripe with the stage's secret key. */
export function stripeFromEnvironment() {
  const { STRIPE_SECRET_KEY, STRIPE_API_BASE } = readEnvironment({
    STRIPE_SECRET_KEY: required,
    STRIPE_API_BASE: z.url().optional(),
  });
  return createStripeClient(STRIPE_SECRET_KEY, STRIPE_API_BASE);
}
