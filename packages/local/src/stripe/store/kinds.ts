/** The kinds of object that are kept, by the name that Stripe gives them in `object`. */

import type Stripe from 'stripe';
import type { CardBehaviour } from '../billing/cards.ts';
import type { PromisedDiscount } from '../billing/discounts.ts';
import type { InvoiceLine } from '../objects/invoice.ts';

export interface ObjectTypes {
  customer: Stripe.Customer;
  product: Stripe.Product;
  price: Stripe.Price;
  'checkout.session': Stripe.Checkout.Session;
  payment_method: Stripe.PaymentMethod;
  payment_intent: Stripe.PaymentIntent;
  charge: Stripe.Charge;
  dispute: Stripe.Dispute;
  coupon: Stripe.Coupon;
  promotion_code: Stripe.PromotionCode;
  discount: Stripe.Discount;
  tax_id: Stripe.TaxId;
  subscription: Stripe.Subscription;
  invoice: Stripe.Invoice;
  invoice_payment: Stripe.InvoicePayment;
  'billing_portal.session': Stripe.BillingPortal.Session;
  'billing_portal.configuration': Stripe.BillingPortal.Configuration;
  'test_helpers.test_clock': Stripe.TestHelpers.TestClock;
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
  readonly item: string;
  readonly amount: number;
  readonly description: string;
  readonly price: string;
  readonly product: string;
  readonly quantity: number;
  readonly start: number;
  readonly end: number;
}

/** Where a buyer is, and for which business, as typed in at the checkout. */
export interface CheckoutAddress {
  /** Two letters. */
  readonly country: string;
  readonly line1: string;
  readonly city: string;
  readonly postalCode: string;
  readonly businessName: string;
  readonly taxId: string;
}

/** Usage that an invoice bills: of an item at a price, from `start` until before `end` in seconds since the epoch. */
export interface UsageSpan {
  readonly item: string;
  readonly price: string;
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
      readonly missingPaymentMethod?: 'cancel' | 'create_invoice' | 'pause';
    };
    /** To be taken off; made when the buyer pays. */
    readonly discounts?: readonly PromisedDiscount[];
    readonly address?: CheckoutAddress;
    /** What of a known customer may be replaced by what the buyer types. */
    readonly customerUpdate?: { readonly address: boolean; readonly name: boolean };
    /** Of a customer on a test clock: its name, and when the session expires by it. */
    readonly clock?: { readonly id: string; readonly expiresAt: number } | undefined;
    /** A payment that waits for the buyer's bank. */
    readonly authentication?: { readonly card: CardDetails; readonly email: string; readonly name: string } | undefined;
  };
  payment_method: { readonly behaviour: CardBehaviour };
  payment_intent: Nothing;
  charge: Nothing;
  dispute: Nothing;
  coupon: Nothing;
  promotion_code: Nothing;
  discount: Nothing;
  tax_id: Nothing;
  subscription: {
    readonly prorations: readonly Proration[];
    /** Usage of items that were taken out or got another price since the last invoice. */
    readonly usage?: readonly UsageSpan[];
    /** From when an item's usage counts, where that is later than its period. */
    readonly usageFrom?: Readonly<Record<string, number>>;
    /** Its trial's end was announced. */
    readonly trialNoticed?: boolean;
    /** The invoice whose payment ends the pause. */
    readonly resumption?: string | undefined;
  };
  /** What a draft asks for, so that usage which comes late is still counted when it becomes final. */
  invoice: { readonly lines?: readonly InvoiceLine[]; readonly usage?: readonly UsageSpan[] };
  invoice_payment: Nothing;
  'billing_portal.session': { readonly token: string };
  'billing_portal.configuration': Nothing;
  'test_helpers.test_clock': Nothing;
  'billing.meter': Nothing;
  /** When it was recorded, in milliseconds since the epoch: a test clock's events are dated by the clock. */
  event: { readonly recordedAtMs?: number };
  /** `configured` ones are given at start, the others were made by the API. */
  webhook_endpoint: { readonly secret: string; readonly configured: boolean };
}

export type Nothing = Readonly<Record<string, never>>;

/** How ids begin. */
export const idPrefixes = {
  customer: 'cus_',
  product: 'prod_',
  price: 'price_',
  'checkout.session': 'cs_test_',
  payment_method: 'pm_',
  payment_intent: 'pi_',
  charge: 'ch_',
  dispute: 'du_',
  coupon: '',
  promotion_code: 'promo_',
  discount: 'di_',
  tax_id: 'txi_',
  subscription: 'sub_',
  invoice: 'in_',
  invoice_payment: 'inpay_',
  'billing_portal.session': 'bps_',
  'billing_portal.configuration': 'bpc_',
  'test_helpers.test_clock': 'clock_',
  'billing.meter': 'mtr_test_',
  event: 'evt_',
  webhook_endpoint: 'we_',
} as const satisfies Record<Kind, string>;
