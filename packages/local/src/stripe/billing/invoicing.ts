/** Invoices: drawn up, made final, and put aside. */

import type Stripe from 'stripe';
import { amountsOf, type InvoiceLine, newInvoice, newInvoicePayment } from '../objects/invoice.ts';
import { newPaymentIntent } from '../objects/payment-intent.ts';
import type { UsageSpan } from '../store/kinds.ts';
import { invalid } from '../wire/error.ts';
import { type Collected, collectInvoice, markPaid, type Occasion } from './collect.ts';
import { idOf, usageLines } from './lines.ts';
import type { Period } from './period.ts';
import { type PricedLine, priceLines, reductionsOf, taxpayerOf } from './pricing.ts';
import type { Work } from './work.ts';

/** A draft waits for this long before it becomes final, so that usage which comes late is billed with it. */
const DRAFT_SECONDS = 3600;

export interface InvoiceRequest {
  readonly subscription: Stripe.Subscription;
  readonly reason: 'subscription_create' | 'subscription_cycle' | 'subscription_update';
  readonly lines: readonly InvoiceLine[];
  readonly usage: readonly UsageSpan[];
  readonly period: Period;
  /** A draft that is not to go on by itself waits for somebody to make it final. */
  readonly autoAdvance?: boolean;
}

const customerOf = (work: Work, subscription: Stripe.Subscription): Stripe.Customer =>
  work.store.require('customer', idOf(subscription.customer) ?? '');

/** Credits first, then what was used, then what is to come. */
function pricedLines(
  work: Work,
  subscription: Stripe.Subscription,
  discounts: Stripe.Subscription['discounts'],
  { lines, usage }: Pick<InvoiceRequest, 'lines' | 'usage'>,
): PricedLine[] {
  const used = usage.flatMap((span) => usageLines(work, subscription, span));
  const all = [...lines.filter(({ proration }) => proration), ...used, ...lines.filter(({ proration }) => !proration)];
  return priceLines(work, all, {
    currency: subscription.currency,
    reductions: reductionsOf(work, discounts),
    taxpayer: subscription.automatic_tax.enabled ? taxpayerOf(work, customerOf(work, subscription)) : undefined,
  });
}

/** A coupon for one invoice ends with the first that it took something off, one for some months with the last of them. */
function retireDiscounts(work: Work, subscription: Stripe.Subscription, invoice: Stripe.Invoice): void {
  const used = (invoice.total_discount_amounts ?? [])
    .filter(({ amount }) => amount !== 0)
    .map((each) => idOf(each.discount));
  const left = subscription.discounts.filter((named) => {
    const discount = work.store.require('discount', idOf(named) ?? '');
    const coupon = work.store.require('coupon', idOf(discount.source.coupon) ?? '');
    const isSpent = coupon.duration === 'once' && used.includes(discount.id);
    return !isSpent && (discount.end === null || discount.end > work.now);
  });
  if (left.length === subscription.discounts.length) return;
  const current = work.store.require('subscription', subscription.id);
  work.store.update('subscription', { ...current, discounts: left });
}

/** Draws up an invoice, which becomes the subscription's latest. */
export function draftInvoice(work: Work, request: InvoiceRequest): Stripe.Invoice {
  const { subscription, reason, lines, usage, period, autoAdvance = true } = request;
  const draft = newInvoice(work, {
    customer: customerOf(work, subscription),
    subscription,
    reason,
    lines: pricedLines(work, subscription, subscription.discounts, request),
    period,
    autoAdvance,
    finalizesAt: autoAdvance ? work.now + DRAFT_SECONDS : null,
  });
  work.store.insert('invoice', draft, { lines, usage });
  work.store.update('subscription', {
    ...work.store.require('subscription', subscription.id),
    latest_invoice: draft.id,
  });
  retireDiscounts(work, subscription, draft);
  work.emit('invoice.created', draft);
  return draft;
}

/** The customer's credit pays first; a credit that the invoice itself is, stays with the customer. */
function settleBalance(work: Work, customer: Stripe.Customer, invoice: Stripe.Invoice): Stripe.Customer {
  const balance = Math.min(0, invoice.total + customer.balance);
  const after: Stripe.Customer = {
    ...customer,
    balance,
    currency: invoice.currency,
    next_invoice_sequence: (customer.next_invoice_sequence ?? 1) + 1,
  };
  work.store.update('customer', after);
  if (balance !== customer.balance) work.emitUpdate('customer.updated', customer, after);
  return after;
}

/**
 * Makes a draft final with the usage that is known by now. What asks for nothing is paid with that.
 * @throws {StripeError} when it is no draft
 */
export function finalizeInvoice(work: Work, draft: Stripe.Invoice): Stripe.Invoice {
  if (draft.status !== 'draft')
    throw invalid("This invoice is already finalized, you can't re-finalize a non-draft invoice.");
  const { store, now } = work;
  const subscription = store.require('subscription', idOf(draft.parent?.subscription_details?.subscription) ?? '');
  const customer = customerOf(work, subscription);
  const { lines = [], usage = [] } = store.hidden('invoice', draft.id);
  // A discount that was in force when the invoice was drawn up still is.
  const priced = pricedLines(
    work.at(draft.created, work.clock),
    subscription,
    draft.discounts.flatMap((discount) => idOf(discount) ?? []),
    { lines, usage },
  );
  const current = { ...draft, ...amountsOf(work, draft.id, { customer, subscription, lines: priced }) };
  const { balance } = settleBalance(work, customer, current);
  const open: Stripe.Invoice = {
    ...current,
    automatically_finalizes_at: null,
    effective_at: now,
    ending_balance: balance,
    hosted_invoice_url: `${work.baseUrl}/i/${draft.id}`,
    invoice_pdf: `${work.baseUrl}/i/${draft.id}/print`,
    number: `${customer.invoice_prefix ?? 'LOCAL'}-${String(customer.next_invoice_sequence ?? 1).padStart(4, '0')}`,
    status: 'open',
    status_transitions: { ...draft.status_transitions, finalized_at: now },
  };
  store.update('invoice', open);
  work.emit('invoice.finalized', open);
  if (open.amount_remaining === 0) return markPaid(work, open);
  const intent = newPaymentIntent(work, {
    amount: open.amount_remaining,
    currency: open.currency,
    customer: customer.id,
    description: open.billing_reason === 'subscription_create' ? 'Subscription creation' : 'Subscription update',
    receiptEmail: open.customer_email,
  });
  store.insert('payment_intent', intent, {});
  store.insert('invoice_payment', newInvoicePayment(work, open, intent.id), {});
  work.emit('payment_intent.created', intent);
  return open;
}

/** An invoice that is due at once: drawn up, final, and tried to be paid in one go. */
export function issueInvoice(work: Work, request: InvoiceRequest, occasion: Occasion): Collected {
  const open = finalizeInvoice(work, draftInvoice(work, request));
  return open.status === 'open' ? collectInvoice(work, open, { occasion }) : { invoice: open, refusal: undefined };
}
