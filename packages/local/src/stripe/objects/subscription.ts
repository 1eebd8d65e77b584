import type Stripe from 'stripe';
import type { Work } from '../billing/work.ts';
import { isMetered, planOf, showPrice } from './price.ts';

export interface GivenSubscription {
  readonly customer: string;
  readonly currency: string;
  readonly items: readonly { readonly price: Stripe.Price; readonly quantity: number }[];
  readonly period: { readonly start: number; readonly end: number };
  readonly trialEnd: number | null;
  readonly paymentMethod: string | null;
  readonly metadata: Record<string, string>;
  readonly description: string | null;
  readonly automaticTax: boolean;
  readonly missingPaymentMethod: 'cancel' | 'create_invoice' | 'pause';
  readonly discounts: readonly string[];
  /** Its customer's test clock. */
  readonly clock: string | null;
}

export function newItem(
  work: Work,
  subscription: string,
  { price, quantity }: GivenSubscription['items'][number],
  period: GivenSubscription['period'],
): Stripe.SubscriptionItem {
  return {
    id: `si_${work.random(14)}`,
    object: 'subscription_item',
    billing_thresholds: null,
    created: work.now,
    current_period_end: period.end,
    current_period_start: period.start,
    current_trial: null,
    discounts: [],
    metadata: {},
    plan: planOf(price),
    price: showPrice(price),
    ...(isMetered(price) ? {} : { quantity }),
    subscription,
    tax_rates: [],
  };
}

export function newSubscription(work: Work, given: GivenSubscription): Stripe.Subscription {
  const id = work.id('subscription');
  return {
    id,
    object: 'subscription',
    application: null,
    application_fee_percent: null,
    automatic_tax: {
      disabled_reason: null,
      enabled: given.automaticTax,
      liability: given.automaticTax ? { type: 'self' } : null,
    },
    billing_cycle_anchor: given.trialEnd ?? given.period.start,
    billing_cycle_anchor_config: null,
    billing_mode: { flexible: { proration_discounts: 'included' }, type: 'flexible' },
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    collection_method: 'charge_automatically',
    created: work.now,
    currency: given.currency,
    customer: given.customer,
    customer_account: null,
    days_until_due: null,
    default_payment_method: given.paymentMethod,
    default_source: null,
    default_tax_rates: [],
    description: given.description,
    discounts: [...given.discounts],
    ended_at: null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: 'self' },
    },
    items: {
      object: 'list',
      data: given.items.map((item) => newItem(work, id, item, given.period)),
      has_more: false,
      url: `/v1/subscription_items?subscription=${id}`,
    },
    latest_invoice: null,
    livemode: false,
    managed_payments: { enabled: false },
    metadata: given.metadata,
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: { payment_method_options: null, payment_method_types: null, save_default_payment_method: 'off' },
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: work.now,
    // Until its first invoice is settled.
    status: given.trialEnd === null ? 'incomplete' : 'trialing',
    test_clock: given.clock,
    transfer_data: null,
    trial_end: given.trialEnd,
    trial_settings: {
      end_behavior: { billing_cycle_anchor: null, missing_payment_method: given.missingPaymentMethod },
    },
    trial_start: given.trialEnd === null ? null : work.now,
  };
}
