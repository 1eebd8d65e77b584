/** Switching a subscription to another price in the portal: which there are, what it costs, and doing it. */

import type Stripe from 'stripe';
import { type Html, html } from '../../mail/html.ts';
import { amountFor } from '../billing/amounts.ts';
import { onClockOf } from '../billing/clock.ts';
import { idOf } from '../billing/lines.ts';
import { previewChange } from '../billing/preview.ts';
import { updateSubscription } from '../billing/update.ts';
import type { Work } from '../billing/work.ts';
import { formatMoney } from '../objects/money.ts';
import { isMetered, pricedIn, productOf } from '../objects/price.ts';
import { invalid } from '../wire/error.ts';
import { words as allWords, type Language } from './words.ts';

export interface Switch {
  readonly subscription: string;
  readonly price: string;
  /** From when it is settled, as the preview was: seconds since the epoch. */
  readonly at: number;
}

export const configurationOf = (
  work: Work,
  session: Stripe.BillingPortal.Session,
): Stripe.BillingPortal.Configuration =>
  work.store.require('billing_portal.configuration', idOf(session.configuration) ?? '');

/** The prices that the customer may choose. Like Stripe's, this portal switches subscriptions of one price without usage only. */
export function choices(
  work: Work,
  session: Stripe.BillingPortal.Session,
  { items, currency, status }: Stripe.Subscription,
): Stripe.Price[] {
  const {
    enabled,
    default_allowed_updates: allowed,
    products,
  } = configurationOf(work, session).features.subscription_update;
  const [item, second] = items.data;
  if (!enabled || !allowed.includes('price') || !item || second || isMetered(item.price)) return [];
  if (!['active', 'trialing', 'past_due'].includes(status)) return [];
  return (products ?? [])
    .flatMap(({ prices }) => prices)
    .map((id) => work.store.require('price', id))
    .filter((price) => price.active && price.id !== item.price.id && pricedIn(price, currency) !== undefined);
}

/** @throws {StripeError} for a price that the customer may not choose */
function changeFor(
  work: Work,
  session: Stripe.BillingPortal.Session,
  subscription: Stripe.Subscription,
  { price, at }: Switch,
) {
  const [item] = subscription.items.data;
  const chosen = choices(work, session, subscription).find(({ id }) => id === price);
  if (!item || !chosen) throw invalid('This price cannot be chosen.', 'price');
  const behavior = configurationOf(work, session).features.subscription_update.proration_behavior;
  const now = onClockOf(work, subscription).now;
  return {
    items: [{ id: item.id, price }],
    behavior:
      behavior === 'none'
        ? ('none' as const)
        : behavior === 'always_invoice'
          ? ('always_invoice' as const)
          : ('create_prorations' as const),
    // A preview that somebody left open is not settled for a time long ago.
    prorationDate: Math.min(now, Math.max(at, now - 3600, item.current_period_start)),
  };
}

/** Makes the switch. @returns the refusal of the card, when the settlement was to be paid at once */
export function switchPrice(
  work: Work,
  session: Stripe.BillingPortal.Session,
  subscription: Stripe.Subscription,
  wanted: Switch,
) {
  const change = changeFor(work, session, subscription, wanted);
  return updateSubscription(onClockOf(work, subscription), subscription, change).refusal;
}

const rateOf = (price: Stripe.Price, currency: string, language: Language): string => {
  const words = allWords[language];
  const { interval = 'month', interval_count: count = 1 } = price.recurring ?? {};
  return words.every(formatMoney(amountFor(price, currency, 1), currency, words.locale), count, interval);
};

const nameOf = (work: Work, price: Stripe.Price): string => work.store.require('product', productOf(price)).name;

/** The form in which another price is chosen. */
export function switchForm(
  work: Work,
  session: Stripe.BillingPortal.Session,
  subscription: Stripe.Subscription,
  { action, language, isOpen }: { action: string; language: Language; isOpen: boolean },
): Html | undefined {
  const words = allWords[language];
  const prices = choices(work, session, subscription);
  if (prices.length === 0) return undefined;
  const options = prices.map(
    (price) =>
      html`<li><label class="choice"><input type="radio" name="price" value="${price.id}" required> ${nameOf(work, price)}</label><span>${rateOf(price, subscription.currency, language)}</span></li>`,
  );
  return html`<details${isOpen ? html` open` : undefined}><summary>${words.switchPlan}</summary><form method="post" action="${action}">
<input type="hidden" name="subscription" value="${subscription.id}"><ul class="lines">${options}</ul>
<button class="wide plain" name="action" value="preview">${words.showCost}</button></form></details>`;
}

/** What a switch costs, before it is confirmed. @throws {StripeError} for a price that cannot be chosen */
export function switchPreview(
  outer: Work,
  session: Stripe.BillingPortal.Session,
  subscription: Stripe.Subscription,
  wanted: Omit<Switch, 'at'>,
  { action, language }: { action: string; language: Language },
): Html {
  const words = allWords[language];
  const work = onClockOf(outer, subscription);
  const change = changeFor(outer, session, subscription, { ...wanted, at: work.now });
  const invoice = previewChange(work, subscription, { change });
  const money = (amount: number) => formatMoney(amount, invoice.currency, words.locale);
  const lines = invoice.lines.data.map(
    ({ description, amount }) => html`<li><span>${description ?? ''}</span><span>${money(amount)}</span></li>`,
  );
  const row = (label: string, amount: number) =>
    amount === 0 ? undefined : html`<li><span>${label}</span><span>${money(amount)}</span></li>`;
  const discount = (invoice.total_discount_amounts ?? []).reduce((total, { amount }) => total + amount, 0);
  const tax = invoice.total - invoice.subtotal + discount;
  const price = work.store.require('price', wanted.price);
  const isNow = invoice.created <= work.now;
  const date = new Date(invoice.created * 1000).toLocaleDateString(words.locale, {
    dateStyle: 'long',
    timeZone: 'UTC',
  });
  return html`<section class="card" role="status"><h2>${words.confirmSwitch(nameOf(work, price))}</h2>
<p class="quiet">${rateOf(price, invoice.currency, language)}</p><ul class="lines">${lines}${row(words.discount, -discount)}${row(words.tax, tax)}${row(words.credit, invoice.amount_due - invoice.total)}</ul>
<p class="due"><span>${isNow ? words.dueToday : words.dueOn(date)}</span><span>${money(invoice.amount_due)}</span></p>
<form method="post" action="${action}"><input type="hidden" name="subscription" value="${subscription.id}"><input type="hidden" name="price" value="${price.id}"><input type="hidden" name="at" value="${work.now}">
<div class="row"><button name="action" value="switch" data-busy="${words.processing}">${words.confirm}</button><a href="${action}">${words.back}</a></div></form></section>`;
}
