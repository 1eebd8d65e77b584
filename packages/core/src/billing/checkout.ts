import type Stripe from 'stripe';
import { DomainError } from '../errors/domain-error.ts';
import type { TenantId } from '../ids/id.ts';
import { tierCatalogue } from '../tier/catalogue.ts';
import { type Plan, pricesOf } from './plan.ts';

export interface Checkout {
  readonly sessionId: string;
  readonly url: string;
}

/** Stripe lets a checkout session live for 30 minutes to 24 hours; a minute is left for the clocks to differ. */
const SESSION_MAX_MS = 24 * 60 * 60 * 1000 - 60_000;

export const unavailable = (cause: unknown): DomainError =>
  new DomainError('payment_unavailable', 'The payment provider does not answer; try again in a minute.', {
    cause,
    retryAfterSeconds: 60,
  });

export interface CheckoutRequest {
  readonly tenantId: TenantId;
  readonly customerId: string;
  readonly plan: Plan;
  /** Whether the tier's free days are given; a company gets them once. */
  readonly trial: boolean;
  /** When the page closes; a day from now at the latest. */
  readonly payBy: Date;
  /** The page of the site that it leads back to. */
  readonly returnUrl: string;
  readonly now: Date;
}

/**
 * Opens Stripe's payment page for a company's subscription.
 * @throws {DomainError} `payment_unavailable` when Stripe does not answer or does not know the plan's prices.
 */
export async function openCheckout(stripe: Stripe, request: CheckoutRequest): Promise<Checkout> {
  const { tenantId, customerId, plan, trial, returnUrl } = request;
  const metadata = { tenantId, tier: plan.tier };
  const { trialDays } = tierCatalogue[plan.tier];
  try {
    const [base, ...usage] = await pricesOf(stripe, plan);
    const expires = Math.min(request.payBy.getTime(), request.now.getTime() + SESSION_MAX_MS);
    const session = await stripe.checkout.sessions.create({
      mode: 'subscription',
      line_items: [{ price: base.id, quantity: 1 }, ...usage.map(({ id }) => ({ price: id }))],
      currency: plan.currency,
      customer: customerId,
      client_reference_id: tenantId,
      metadata,
      subscription_data: { metadata, ...(trial && trialDays > 0 ? { trial_period_days: trialDays } : {}) },
      automatic_tax: { enabled: true },
      // The tax depends on where the customer is, which this page asks.
      customer_update: { address: 'auto', name: 'auto' },
      tax_id_collection: { enabled: true },
      allow_promotion_codes: true,
      expires_at: Math.floor(expires / 1000),
      success_url: `${returnUrl}?paid={CHECKOUT_SESSION_ID}`,
      cancel_url: `${returnUrl}?cancelled=1`,
    });
    if (!session.url) throw new Error('Stripe answered without the address of the payment page.');
    return { sessionId: session.id, url: session.url };
  } catch (error) {
    throw unavailable(error);
  }
}
