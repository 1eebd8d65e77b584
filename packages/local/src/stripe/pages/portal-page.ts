/** The pages where a customer looks after the subscription: its end, the card, the invoices. */

import type Stripe from 'stripe';
import { type Html, html } from '../../mail/html.ts';
import { amountFor } from '../billing/amounts.ts';
import { paymentMethodOf } from '../billing/collect.ts';
import { hasEnded } from '../billing/follow.ts';
import { priceOf } from '../billing/lines.ts';
import type { Work } from '../billing/work.ts';
import { formatMoney } from '../objects/money.ts';
import { isMetered } from '../objects/price.ts';
import type { StripeError } from '../wire/error.ts';
import type { Answer } from '../wire/http.ts';
import { alertOf, cardFields, testCardHints } from './card-form.ts';
import { countryField } from './checkout-form.ts';
import { page } from './page.ts';
import { configurationOf, switchForm, switchPreview } from './portal-switch.ts';
import { words as allWords, type Language, type Words } from './words.ts';

const brandNames: Readonly<Record<string, string>> = {
  visa: 'Visa',
  mastercard: 'Mastercard',
  amex: 'American Express',
};

export interface PortalView {
  readonly work: Work;
  readonly session: Stripe.BillingPortal.Session;
  readonly token: string;
  readonly language: Language;
}

/** Where the page's forms go. */
const actionOf = ({ token, language }: PortalView): string => `/p/session/${token}?lang=${language}`;

const day = (seconds: number, words: Words, dateStyle: 'long' | 'short' = 'long'): string =>
  new Date(seconds * 1000).toLocaleDateString(words.locale, { dateStyle, timeZone: 'UTC' });

export function statusBadge(words: Words, status: string): Html {
  const kind = ['active', 'paid', 'trialing'].includes(status)
    ? ' good'
    : ['past_due', 'open', 'canceled', 'unpaid', 'paused', 'incomplete'].includes(status)
      ? ' bad'
      : '';
  return html`<span class="badge${kind}">${words.statuses[status] ?? status.replaceAll('_', ' ')}</span>`;
}

/** The customer's subscriptions that have not ended, or the last one that has. */
export function shownSubscriptions(work: Work, customer: string): Stripe.Subscription[] {
  const all = work.store.all('subscription', { customer });
  const running = all.filter((subscription) => !hasEnded(subscription));
  return running.length > 0 ? running : all.slice(-1);
}

function subscriptionCard(view: PortalView, subscription: Stripe.Subscription): Html {
  const { work, session, language } = view;
  const words = allWords[language];
  const items = subscription.items.data.map((item) => {
    const { price, quantity = 1 } = item;
    const product = work.store.find('product', typeof price.product === 'string' ? price.product : price.product.id);
    const { interval = 'month', interval_count: count = 1 } = price.recurring ?? {};
    const amount = isMetered(price)
      ? words.byUsage
      : words.every(
          formatMoney(
            amountFor(priceOf(work, item), subscription.currency, quantity),
            subscription.currency,
            words.locale,
          ),
          count,
          interval,
        );
    return html`<li><span>${product?.name ?? price.id}</span><span>${amount}</span></li>`;
  });
  const end = subscription.items.data[0]?.current_period_end ?? 0;
  const action = (name: string, label: string, style: string) =>
    html`<form method="post" action="${actionOf(view)}"><input type="hidden" name="subscription" value="${subscription.id}"><button class="${style}" name="action" value="${name}">${label}</button></form>`;
  const running = !hasEnded(subscription);
  const canCancel = configurationOf(work, session).features.subscription_cancel.enabled;
  return html`<section class="card"><div class="row apart"><h2>${subscription.description ?? words.plan}</h2>${statusBadge(words, subscription.status)}</div>
<ul class="lines">${items}</ul>
${
  running
    ? html`<div class="row apart"><p class="quiet">${subscription.cancel_at_period_end ? words.endsOn(day(end, words)) : words.renewsOn(day(end, words))}</p>
${canCancel ? (subscription.cancel_at_period_end ? action('keep', words.keepSubscription, 'plain') : action('cancel', words.cancelSubscription, 'danger')) : undefined}</div>
${switchForm(work, session, subscription, { action: actionOf(view), language, isOpen: session.flow?.type === 'subscription_update' })}`
    : undefined
}</section>`;
}

function paymentCard(view: PortalView, error: StripeError | undefined): Html {
  const { work, session, language } = view;
  const words = allWords[language];
  const [subscription] = shownSubscriptions(work, session.customer);
  const id = subscription && paymentMethodOf(work, subscription);
  const card = id ? work.store.find('payment_method', id)?.card : undefined;
  return html`<section class="card"><h2>${words.paymentMethod}</h2><p>${card ? words.cardEnding(brandNames[card.brand] ?? card.brand, card.last4) : words.noCard}</p>
<details${error || session.flow?.type === 'payment_method_update' ? html` open` : undefined}><summary>${words.changeCard}</summary>
<form method="post" action="${actionOf(view)}">${cardFields(words, error)}
<button class="wide" name="action" value="card" data-busy="${words.processing}">${words.saveCard}</button></form>${testCardHints(words)}</details></section>`;
}

/** Name, e-mail and address, as far as they may be changed. */
function detailsCard(view: PortalView): Html | undefined {
  const { work, session, language } = view;
  const words = allWords[language];
  const { enabled, allowed_updates: allowed } = configurationOf(work, session).features.customer_update;
  const customer = work.store.require('customer', session.customer);
  const field = (id: string, label: string, value: string | null | undefined, type = 'text') =>
    html`<div class="field"><label for="${id}">${label}</label><input id="${id}" name="${id}" type="${type}" value="${value ?? ''}" maxlength="200"></div>`;
  if (!enabled || allowed.length === 0) return undefined;
  const { address } = customer;
  const place = allowed.includes('address')
    ? html`${field('line1', words.street, address?.line1)}<div class="pair">${field('city', words.city, address?.city)}${field('postalCode', words.postalCode, address?.postal_code)}</div>
${countryField(address?.country ?? '', words)}`
    : undefined;
  return html`<section class="card"><h2>${words.billingDetails}</h2><p>${customer.name ?? ''} ${customer.email ?? ''}</p>
<details><summary>${words.changeDetails}</summary><form method="post" action="${actionOf(view)}">
${allowed.includes('name') ? field('name', words.name, customer.name) : undefined}${allowed.includes('email') ? field('email', words.email, customer.email, 'email') : undefined}${place}
<button class="wide" name="action" value="details">${words.save}</button></form></details></section>`;
}

function invoiceTable(view: PortalView): Html {
  const { work, session, language } = view;
  const words = allWords[language];
  const invoices = work.store
    .page('invoice', { customer: session.customer }, { limit: 100 })
    .data.filter(({ status }) => status !== 'draft');
  if (invoices.length === 0) return html`<p class="empty">${words.noInvoices}</p>`;
  const rows = invoices.map(
    (
      invoice,
    ) => html`<tr><td><a href="/i/${invoice.id}?lang=${language}">${invoice.number ?? invoice.id}</a></td><td>${day(invoice.created, words, 'short')}</td>
<td class="number">${formatMoney(invoice.amount_due, invoice.currency, words.locale)}</td><td>${statusBadge(words, invoice.status ?? '')}
${invoice.status === 'open' ? html`<form method="post" action="${actionOf(view)}"><input type="hidden" name="invoice" value="${invoice.id}"><button class="small" name="action" value="pay">${words.payNow}</button></form>` : undefined}</td></tr>`,
  );
  return html`<div class="scroll"><table><thead><tr><th scope="col">${words.invoice}</th><th scope="col">${words.date}</th><th scope="col" class="number">${words.amount}</th><th scope="col">${words.status}</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** What the page has to say besides how things are. */
export interface PortalResult {
  readonly error?: StripeError | undefined;
  readonly saved?: boolean;
  /** A change that waits to be confirmed. */
  readonly preview?: { readonly subscription: Stripe.Subscription; readonly price: string } | undefined;
}

export function portalPage(view: PortalView, { error, saved, preview }: PortalResult): Answer {
  const { work, session, language } = view;
  const words = allWords[language];
  const { features } = configurationOf(work, session);
  const options = { action: actionOf(view), language };
  const subscriptions = shownSubscriptions(work, session.customer).map((subscription) =>
    subscriptionCard(view, subscription),
  );
  const asked =
    preview &&
    switchPreview(
      work,
      session,
      preview.subscription,
      { subscription: preview.subscription.id, price: preview.price },
      options,
    );
  const main = html`<div class="topline"><h1>${words.portalTitle}</h1><span class="badge">${words.testMode}</span></div>
${alertOf(words, error)}${saved ? html`<p class="notice" role="status">${words.saved}</p>` : undefined}${asked}
${subscriptions.length > 0 ? subscriptions : html`<p class="empty">${words.noSubscription}</p>`}
${features.payment_method_update.enabled ? paymentCard(view, error?.details.param === undefined ? undefined : error) : undefined}
${detailsCard(view)}
${features.invoice_history.enabled ? html`<section class="card"><h2>${words.invoices}</h2>${invoiceTable(view)}</section>` : undefined}
${session.return_url ? html`<p class="footline"><a href="${session.return_url}">← ${words.back}</a></p>` : undefined}`;
  return page({ title: words.portalTitle, language, main, status: error ? error.status : 200 });
}
