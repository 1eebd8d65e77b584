/** What a checkout asks for, with what is taken off and the tax where the buyer is. */

import type Stripe from 'stripe';
import type { InvoiceLine } from '../objects/invoice.ts';
import { isMetered, productOf } from '../objects/price.ts';
import type { CheckoutAddress } from '../store/kinds.ts';
import { chargesFor } from './amounts.ts';
import { idOf } from './lines.ts';
import { type PricedLine, priceLines, type Totals, taxpayerOf, totalsOf } from './pricing.ts';
import type { Taxpayer } from './tax.ts';
import type { Work } from './work.ts';

export interface Quote {
  /** By the id of what is bought. */
  readonly lines: readonly PricedLine[];
  readonly totals: Totals;
  /** What is paid now: nothing while a trial runs. */
  readonly dueNow: number;
}

/** Who pays, as far as the buyer or the customer's record has said so. */
function payerOf(work: Work, session: Stripe.Checkout.Session, typed: CheckoutAddress | undefined): Taxpayer {
  const id = idOf(session.customer);
  const customer = id === null ? undefined : work.store.require('customer', id);
  const known: Taxpayer = customer ? taxpayerOf(work, customer) : { country: null, exempt: 'none', hasTaxId: false };
  return {
    ...known,
    country: typed?.country ?? known.country,
    hasTaxId: known.hasTaxId || (typed?.taxId ?? '') !== '',
  };
}

/** @param typed what the buyer has filled in by now, unless it was kept already */
export function quoteOf(work: Work, session: Stripe.Checkout.Session, typed?: CheckoutAddress): Quote {
  const { purchases, subscription, address, discounts = [] } = work.store.hidden('checkout.session', session.id);
  const currency = session.currency ?? 'usd';
  const lines = purchases.flatMap(({ id, price: named, quantity }): InvoiceLine[] => {
    const price = work.store.require('price', named);
    return chargesFor(price, currency, isMetered(price) ? 0 : quantity).map((charge) => ({
      ...charge,
      // Usage is not known yet and is not asked for in advance.
      amount: isMetered(price) ? 0 : charge.amount,
      description: '',
      item: id,
      period: { start: work.now, end: work.now },
      price: price.id,
      product: productOf(price),
      proration: false,
    }));
  });
  const priced = priceLines(work, lines, {
    currency,
    reductions: discounts.map(({ coupon }) => ({ discount: coupon, coupon: work.store.require('coupon', coupon) })),
    taxpayer: session.automatic_tax.enabled ? payerOf(work, session, typed ?? address) : undefined,
  });
  const totals = totalsOf(priced);
  return { lines: priced, totals, dueNow: subscription.trialDays > 0 ? 0 : totals.total };
}

/** The session with the amounts of its quote. */
export function withQuote(work: Work, session: Stripe.Checkout.Session): Stripe.Checkout.Session {
  const { totals } = quoteOf(work, session);
  return {
    ...session,
    amount_subtotal: totals.subtotal,
    amount_total: totals.total,
    total_details: {
      amount_discount: totals.discount,
      amount_shipping: 0,
      amount_tax: totals.exclusiveTax + totals.inclusiveTax,
    },
  };
}

/** The parts of a quote that belong to one purchase. */
export function amountsFor({ lines }: Quote, purchase: string): Totals {
  return totalsOf(lines.filter(({ line }) => line.item === purchase));
}
