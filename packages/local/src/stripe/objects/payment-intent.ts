import type Stripe from 'stripe';
import type { Work } from '../billing/work.ts';
import type { StripeError } from '../wire/error.ts';

export interface GivenPayment {
  readonly amount: number;
  readonly currency: string;
  readonly customer: string | null;
  readonly description: string;
  readonly receiptEmail: string | null;
}

/** A payment that is still to be made. */
export function newPaymentIntent(work: Work, given: GivenPayment): Stripe.PaymentIntent {
  const id = work.id('payment_intent');
  return {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount: given.amount,
    amount_capturable: 0,
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic',
    client_secret: `${id}_secret_${work.random(25)}`,
    confirmation_method: 'automatic',
    created: work.now,
    currency: given.currency,
    customer: given.customer,
    customer_account: null,
    description: given.description,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: {},
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { installments: null, mandate_options: null, network: null, request_three_d_secure: 'automatic' },
    },
    payment_method_types: ['card'],
    payment_record: null,
    processing: null,
    receipt_email: given.receiptEmail,
    review: null,
    setup_future_usage: 'off_session',
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: null,
  };
}

export function withRefusal(intent: Stripe.PaymentIntent, refusal: StripeError): Stripe.PaymentIntent {
  const { code, decline_code } = refusal.details;
  return {
    ...intent,
    last_payment_error: {
      type: 'card_error',
      message: refusal.message,
      ...(code ? { code } : {}),
      ...(decline_code ? { decline_code } : {}),
    },
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  };
}
