/** The kinds of object that are kept, by the name that Stripe gives them in `object`. */

import type Stripe from 'stripe';
import type { CardBehaviour } from '../billing/cards.ts';

export interface ObjectTypes {
  customer: Stripe.Customer;
  product: Stripe.Product;
  price: Stripe.Price;
  'checkout.session': Stripe.Checkout.Session;
  payment_method: Stripe.PaymentMethod;
  payment_intent: Stripe.PaymentIntent;
  subscription: Stripe.Subscription;
  invoice: Stripe.Invoice;
  invoice_payment: Stripe.InvoicePayment;
  'billing_portal.session': Stripe.BillingPortal.Session;
  'billing.meter': Stripe.Billing.Meter;
  event: Stripe.EventBase;
  webhook_endpoint: Stripe.WebhookEndpoint;
}

export type Kind = keyof ObjectTypes;

/** A price and how many of it, as a checkout sells it. */
export interface Purchase {
  readonly id: string;
  readonly price: string;
  readonly quantity: number;
}

/** A card that was typed in: what may be kept of it. */
export interface CardDetails {
  readonly brand: string;
  readonly last4: string;
  readonly expMonth: number;
  readonly expYear: number;
  readonly behaviour: CardBehaviour;
}

/** Part of a change of price that the next invoice settles. */
export interface Proration {
  readonly amount: number;
  readonly description: string;
  readonly price: string;
  readonly product: string;
  readonly quantity: number;
  readonly start: number;
  readonly end: number;
}

/** What Stripe knows of an object and does not show. */
export interface HiddenTypes {
  customer: Nothing;
  product: Nothing;
  price: Nothing;
  'checkout.session': {
    readonly purchases: readonly Purchase[];
    readonly subscription: {
      readonly metadata: Record<string, string>;
      readonly description: string | null;
      readonly trialDays: number;
    };
    /** A payment that waits for the buyer's bank. */
    readonly authentication?: { readonly card: CardDetails; readonly email: string; readonly name: string } | undefined;
  };
  payment_method: { readonly behaviour: CardBehaviour };
  payment_intent: Nothing;
  subscription: { readonly prorations: readonly Proration[] };
  invoice: Nothing;
  invoice_payment: Nothing;
  'billing_portal.session': { readonly token: string };
  'billing.meter': Nothing;
  event: Nothing;
  /** `configured` ones are given at start, the others were made by the API. */
  webhook_endpoint: { readonly secret: string; readonly configured: boolean };
}

export type Nothing = Readonly<Record<string, never>>;

/** How ids begin, and so what an id is of. */
export const idPrefixes = {
  customer: 'cus_',
  product: 'prod_',
  price: 'price_',
  'checkout.session': 'cs_test_',
  payment_method: 'pm_',
  payment_intent: 'pi_',
  subscription: 'sub_',
  invoice: 'in_',
  invoice_payment: 'inpay_',
  'billing_portal.session': 'bps_',
  'billing.meter': 'mtr_test_',
  event: 'evt_',
  webhook_endpoint: 'we_',
} as const satisfies Record<Kind, string>;

export function kindOfId(id: string): Kind | undefined {
  for (const kind of Object.keys(idPrefixes) as Kind[]) if (id.startsWith(idPrefixes[kind])) return kind;
  return undefined;
}
