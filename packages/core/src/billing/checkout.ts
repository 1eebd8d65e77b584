import type Stripe from 'stripe';
import { DomainError } from '../errors/domain-error.ts';
import type { TenantId } from '../ids/id.ts';
import { type TierName, tierCatalogue } from '../tier/catalogue.ts';

export interface Checkout {
  readonly sessionId: string;
  readonly url: string;
}

/** Stripe lets a checkout session live for 30 minutes to 24 hours; a minute is left for the clocks to differ. */
const SESSION_MAX_MS = 24 * 60 * 60 * 1000 - 60_000;

/**
 * Opens Stripe's payment page for a tenant's subscription.
 * @throws {DomainError} `payment_unavailable` when Stripe does not answer or does not know the tier's price.
 */
export async function openCheckout(
  stripe: Stripe,
  request: {
    readonly tenantId: TenantId;
    readonly tier: TierName;
    readonly email: string;
    readonly payBy: Date;
    readonly siteUrl: string;
    readonly now: Date;
  },
): Promise<Checkout> {
  const { lookupKey } = tierCatalogue[request.tier].price;
  const metadata = { tenantId: request.tenantId, tier: request.tier };
  try {
    const prices = await stripe.prices.list({ lookup_keys: [lookupKey], active: true, limit: 1 });
    const price = prices.data[0];
    if (!price) throw new Error(`Stripe has no active price "${lookupKey}"; synchronise the tier catalogue.`);
    const expires = Math.min(request.payBy.getTime(), request.now.getTime() + SESSION_MAX_MS);
    const session = await stripe.checkout.sessions.create({
      mode: 'subscription',
      line_items: [{ price: price.id, quantity: 1 }],
      customer_email: request.email,
      client_reference_id: request.tenantId,
      metadata,
      subscription_data: { metadata },
      expires_at: Math.floor(expires / 1000),
      success_url: `${request.siteUrl}/onboarding?paid={CHECKOUT_SESSION_ID}`,
      cancel_url: `${request.siteUrl}/onboarding?cancelled=1`,
    });
    if (!session.url) throw new Error('Stripe answered without the address of the payment page.');
    return { sessionId: session.id, url: session.url };
  } catch (error) {
    throw new DomainError('payment_unavailable', 'The payment provider does not answer; try again in a minute.', {
      cause: error,
      retryAfterSeconds: 60,
    });
  }
}
