import type Stripe from 'stripe';
import type { PromisedDiscount } from '../billing/discounts.ts';
import type { Totals } from '../billing/pricing.ts';
import type { Work } from '../billing/work.ts';
import type { Purchase } from '../store/kinds.ts';
import { isMetered, showPrice } from './price.ts';

export interface GivenSession {
  readonly currency: string;
  readonly successUrl: string;
  readonly cancelUrl: string | null;
  readonly expiresAt: number;
  readonly customer: string | null;
  readonly customerEmail: string | null;
  readonly clientReferenceId: string | null;
  readonly metadata: Record<string, string>;
  readonly allowPromotionCodes: boolean | null;
  readonly automaticTax: boolean;
  readonly locale: Stripe.Checkout.Session.Locale | null;
  readonly paymentMethodCollection: 'always' | 'if_required';
  readonly billingAddressCollection: 'auto' | 'required' | null;
  readonly taxIdCollection: boolean;
  readonly discounts: readonly PromisedDiscount[];
}

/** A session that is open for payment, at a page of this server. Its amounts are reckoned when it is known what it sells. */
export function newSession(work: Work, given: GivenSession): Stripe.Checkout.Session {
  const id = work.id('checkout.session');
  return {
    id,
    object: 'checkout.session',
    adaptive_pricing: { enabled: false },
    after_expiration: null,
    allow_promotion_codes: given.allowPromotionCodes,
    allowed_payment_method_types: null,
    amount_subtotal: 0,
    amount_total: 0,
    automatic_tax: {
      enabled: given.automaticTax,
      liability: given.automaticTax ? { type: 'self' } : null,
      provider: given.automaticTax ? 'stripe' : null,
      status: given.automaticTax ? 'requires_location_inputs' : null,
    },
    billing_address_collection: given.billingAddressCollection,
    cancel_url: given.cancelUrl,
    client_reference_id: given.clientReferenceId,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created: work.now,
    currency: given.currency,
    currency_conversion: null,
    custom_fields: [],
    custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
    customer: given.customer,
    customer_account: null,
    customer_creation: given.customer === null ? 'always' : null,
    customer_details: given.customerEmail === null ? null : buyer(given.customerEmail, null),
    customer_email: given.customerEmail,
    discounts: given.discounts.map(({ coupon, promotionCode }) => ({
      coupon: promotionCode === null ? coupon : null,
      promotion_code: promotionCode,
    })),
    expires_at: given.expiresAt,
    integration_identifier: null,
    invoice: null,
    invoice_creation: null,
    livemode: false,
    locale: given.locale,
    managed_payments: { enabled: false },
    metadata: given.metadata,
    mode: 'subscription',
    origin_context: null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection: given.paymentMethodCollection,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: ['card'],
    payment_status: 'unpaid',
    permissions: null,
    phone_number_collection: { enabled: false },
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: 'open',
    submit_type: null,
    subscription: null,
    success_url: given.successUrl,
    tax_id_collection: { enabled: given.taxIdCollection, required: 'never' },
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: 'hosted_page',
    url: `${work.baseUrl}/c/pay/${id}`,
    wallet_options: null,
  };
}

export function buyer(
  email: string | null,
  name: string | null,
  more: Partial<Stripe.Checkout.Session.CustomerDetails> = {},
): Stripe.Checkout.Session.CustomerDetails {
  return {
    address: null,
    business_name: null,
    email,
    individual_name: name,
    name,
    phone: null,
    tax_exempt: 'none',
    tax_ids: [],
    ...more,
  };
}

export function lineItem(
  purchase: Purchase,
  price: Stripe.Price,
  product: Stripe.Product,
  currency: string,
  { subtotal, discount, exclusiveTax, inclusiveTax, total }: Totals,
): Stripe.LineItem {
  return {
    id: purchase.id,
    object: 'item',
    adjustable_quantity: null,
    amount_discount: discount,
    amount_subtotal: subtotal,
    amount_tax: exclusiveTax + inclusiveTax,
    amount_total: total,
    currency,
    description: product.name,
    metadata: {},
    price: showPrice(price),
    quantity: isMetered(price) ? null : purchase.quantity,
  };
}
