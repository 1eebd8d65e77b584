import type Stripe from 'stripe';
import type { Work } from '../billing/work.ts';
import type { CardDetails } from '../store/kinds.ts';

export function newPaymentMethod(
  work: Work,
  card: CardDetails,
  customer: string | null,
  billing: { email: string | null; name: string | null },
): Stripe.PaymentMethod {
  const { brand, last4, expMonth, expYear } = card;
  return {
    id: work.id('payment_method'),
    object: 'payment_method',
    allow_redisplay: 'limited',
    billing_details: {
      address: { city: null, country: null, line1: null, line2: null, postal_code: null, state: null },
      email: billing.email,
      name: billing.name,
      phone: null,
      tax_id: null,
    },
    card: {
      brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      country: 'US',
      display_brand: brand,
      exp_month: expMonth,
      exp_year: expYear,
      fingerprint: work.random(16),
      funding: 'credit',
      generated_from: null,
      last4,
      networks: { available: [brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: work.now,
    customer,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: 'card',
  };
}
