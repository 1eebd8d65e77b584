import type Stripe from 'stripe';
import type { Work } from '../billing/work.ts';

type Given = Partial<
  Pick<
    Stripe.Customer,
    | 'email'
    | 'name'
    | 'phone'
    | 'description'
    | 'address'
    | 'metadata'
    | 'preferred_locales'
    | 'tax_exempt'
    | 'test_clock'
  >
>;

export function newCustomer(work: Work, given: Given): Stripe.Customer {
  const id = work.id('customer');
  return {
    id,
    object: 'customer',
    address: given.address ?? null,
    balance: 0,
    created: work.now,
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: given.description ?? null,
    discount: null,
    email: given.email ?? null,
    invoice_prefix: work.random(8).toUpperCase(),
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: false,
    metadata: given.metadata ?? {},
    name: given.name ?? null,
    next_invoice_sequence: 1,
    phone: given.phone ?? null,
    preferred_locales: given.preferred_locales ?? [],
    shipping: null,
    tax_exempt: given.tax_exempt ?? 'none',
    test_clock: given.test_clock ?? null,
  };
}
