import type Stripe from 'stripe';
import type { Work } from '../billing/work.ts';
import type { StripeError } from '../wire/error.ts';

export interface Charge {
  readonly amount: number;
  readonly currency: string;
  readonly customer: string | null;
  readonly paymentMethod: string | null;
  readonly description: string;
  readonly receiptEmail: string | null;
}

/** A payment that succeeded, or that was refused for the reason given. */
export function newPaymentIntent(work: Work, charge: Charge, refusal: StripeError | undefined): Stripe.PaymentIntent {
  const id = work.id('payment_intent');
  const { code, decline_code } = refusal?.details ?? {};
  return {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount: charge.amount,
    amount_capturable: 0,
    amount_received: refusal ? 0 : charge.amount,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic',
    client_secret: `${id}_secret_${work.random(25)}`,
    confirmation_method: 'automatic',
    created: work.now,
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    description: charge.description,
    excluded_payment_method_types: null,
    last_payment_error: refusal
      ? {
          type: 'card_error',
          message: refusal.message,
          ...(code ? { code } : {}),
          ...(decline_code ? { decline_code } : {}),
        }
      : null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: {},
    next_action: null,
    on_behalf_of: null,
    payment_method: refusal ? null : charge.paymentMethod,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { installments: null, mandate_options: null, network: null, request_three_d_secure: 'automatic' },
    },
    payment_method_types: ['card'],
    payment_record: null,
    processing: null,
    receipt_email: charge.receiptEmail,
    review: null,
    setup_future_usage: 'off_session',
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: refusal ? 'requires_payment_method' : 'succeeded',
    transfer_data: null,
    transfer_group: null,
  };
}
