import type Stripe from 'stripe';
import { unavailable } from './checkout.ts';

/**
 * Opens Stripe's page on which a customer looks after cards, address, invoices and the end of the subscription.
 * @throws {DomainError} `payment_unavailable`
 */
export async function openPortal(stripe: Stripe, customer: string, returnUrl: string): Promise<string> {
  try {
    const { url } = await stripe.billingPortal.sessions.create({ customer, return_url: returnUrl });
    return url;
  } catch (error) {
    throw unavailable(error);
  }
}
