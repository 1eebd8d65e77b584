import type Stripe from 'stripe';
import { idOf } from '../billing/lines.ts';
import { type PricedLine, totalsOf } from '../billing/pricing.ts';
import { totalTaxes } from '../billing/tax.ts';
import type { Work } from '../billing/work.ts';
import { decimal, parseDecimal } from './money.ts';

export interface InvoiceLine {
  readonly amount: number;
  readonly description: string;
  readonly price: string;
  readonly product: string;
  readonly quantity: number;
  /** Minor units, with fractions. */
  readonly unitAmount: Stripe.Decimal;
  readonly period: { readonly start: number; readonly end: number };
  readonly item: string;
  readonly proration: boolean;
}

export interface GivenInvoice {
  readonly customer: Stripe.Customer;
  readonly subscription: Stripe.Subscription;
  readonly reason: 'subscription_create' | 'subscription_cycle' | 'subscription_update';
  readonly lines: readonly PricedLine[];
  readonly period: { readonly start: number; readonly end: number };
  /** Whether it becomes final and is collected by itself. */
  readonly autoAdvance: boolean;
  readonly finalizesAt: number | null;
}

function newLine(
  work: Work,
  invoice: string,
  subscription: Stripe.Subscription,
  { line, discounts, taxes }: PricedLine,
): Stripe.InvoiceLineItem {
  return {
    id: `il_${work.random(24)}`,
    object: 'line_item',
    amount: line.amount,
    currency: subscription.currency,
    description: line.description,
    discount_amounts: discounts.map((each) => ({ ...each })),
    discountable: true,
    discounts: [],
    invoice,
    livemode: false,
    metadata: subscription.metadata,
    parent: {
      invoice_item_details: null,
      subscription_item_details: {
        invoice_item: null,
        proration: line.proration,
        proration_details: { credited_items: null },
        subscription: subscription.id,
        subscription_item: line.item,
      },
      type: 'subscription_item_details',
    },
    period: line.period,
    pretax_credit_amounts: discounts.map(({ amount, discount }) => ({ amount, discount, type: 'discount' })),
    pricing: {
      price_details: { price: line.price, product: line.product },
      type: 'price_details',
      unit_amount_decimal: parseDecimal(line.unitAmount),
    },
    quantity: line.quantity,
    quantity_decimal: decimal(line.quantity),
    subscription: subscription.id,
    subtotal: line.amount,
    taxes: taxes.map((tax) => ({ ...tax })),
  };
}

function totalDiscounts(lines: readonly PricedLine[]): { amount: number; discount: string }[] {
  const totals = new Map<string, number>();
  for (const { amount, discount } of lines.flatMap(({ discounts }) => discounts))
    totals.set(discount, (totals.get(discount) ?? 0) + amount);
  return Array.from(totals, ([discount, amount]) => ({ amount, discount }));
}

/** The fields that follow from the lines and from what the customer owes or is owed besides. */
export function amountsOf(
  work: Work,
  id: string,
  { customer, subscription, lines }: Pick<GivenInvoice, 'customer' | 'subscription' | 'lines'>,
) {
  const { subtotal, inclusiveTax, exclusiveTax, total } = totalsOf(lines);
  const due = Math.max(0, total + customer.balance);
  const discounts = totalDiscounts(lines);
  return {
    amount_due: due,
    amount_remaining: due,
    lines: {
      object: 'list',
      data: lines.map((line) => newLine(work, id, subscription, line)),
      has_more: false,
      url: `/v1/invoices/${id}/lines`,
    },
    starting_balance: customer.balance,
    subtotal,
    subtotal_excluding_tax: subtotal - inclusiveTax,
    total,
    total_discount_amounts: discounts,
    total_excluding_tax: total - inclusiveTax - exclusiveTax,
    total_pretax_credit_amounts: discounts.map(({ amount, discount }) => ({ amount, discount, type: 'discount' })),
    total_taxes: totalTaxes(lines.flatMap(({ taxes }) => taxes)),
  } satisfies Partial<Stripe.Invoice>;
}

/** A draft, with the customer's credit already counted in. */
export function newInvoice(work: Work, given: GivenInvoice): Stripe.Invoice {
  const { customer, subscription, period } = given;
  const id = work.id('invoice');
  const automatic = subscription.automatic_tax.enabled;
  return {
    id,
    object: 'invoice',
    account_country: 'US',
    account_name: 'Local account',
    account_tax_ids: null,
    ...amountsOf(work, id, given),
    amount_overpaid: 0,
    amount_paid: 0,
    amount_paid_off_stripe: 0,
    amount_shipping: 0,
    application: null,
    attempt_count: 0,
    attempted: false,
    auto_advance: given.autoAdvance,
    automatic_tax: {
      disabled_reason: null,
      enabled: automatic,
      liability: automatic ? { type: 'self' } : null,
      provider: automatic ? 'stripe' : null,
      status: automatic ? (customer.address?.country ? 'complete' : 'requires_location_inputs') : null,
    },
    automatically_finalizes_at: given.finalizesAt,
    billing_reason: given.reason,
    collection_method: 'charge_automatically',
    created: work.now,
    currency: subscription.currency,
    custom_fields: null,
    customer: customer.id,
    customer_account: null,
    customer_address: customer.address ?? null,
    customer_email: customer.email,
    customer_name: customer.name ?? null,
    customer_phone: customer.phone ?? null,
    customer_shipping: null,
    customer_tax_exempt: customer.tax_exempt ?? 'none',
    customer_tax_ids: [],
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: subscription.discounts.flatMap((discount) => idOf(discount) ?? []),
    due_date: null,
    effective_at: null,
    ending_balance: null,
    footer: null,
    from_invoice: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    issuer: { type: 'self' },
    last_finalization_error: null,
    latest_revision: null,
    livemode: false,
    metadata: {},
    next_payment_attempt: null,
    number: null,
    on_behalf_of: null,
    parent: {
      quote_details: null,
      subscription_details: { metadata: subscription.metadata, subscription: subscription.id },
      type: 'subscription_details',
    },
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    period_end: period.end,
    period_start: period.start,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    statement_descriptor: null,
    status: 'draft',
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    test_clock: subscription.test_clock,
    webhooks_delivered_at: null,
  };
}

/** How the invoice is to be paid. */
export function newInvoicePayment(work: Work, invoice: Stripe.Invoice, paymentIntent: string): Stripe.InvoicePayment {
  return {
    id: work.id('invoice_payment'),
    object: 'invoice_payment',
    amount_paid: 0,
    amount_requested: invoice.amount_due,
    created: work.now,
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { payment_intent: paymentIntent, type: 'payment_intent' },
    status: 'open',
    status_transitions: { canceled_at: null, paid_at: null },
  };
}
