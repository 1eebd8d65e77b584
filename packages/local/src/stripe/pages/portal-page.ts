/** The pages where a customer looks after the subscription: its end, the card, the invoices. */

import type Stripe from 'stripe';
import { type Html, html } from '../../mail/html.ts';
import { amountFor } from '../billing/amounts.ts';
import { paymentMethodOf } from '../billing/collect.ts';
import { priceOf } from '../billing/lines.ts';
import type { Work } from '../billing/work.ts';
import { formatMoney } from '../objects/money.ts';
import { isMetered } from '../objects/price.ts';
import type { StripeError } from '../wire/error.ts';
import type { Answer } from '../wire/http.ts';
import { alertOf, cardFields, testCardHints } from './card-form.ts';
import { page } from './page.ts';
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

const day = (seconds: number, words: Words, dateStyle: 'long' | 'short' = 'long'): string =>
  new Date(seconds * 1000).toLocaleDateString(words.locale, { dateStyle, timeZone: 'UTC' });

export function statusBadge(words: Words, status: string): Html {
  const kind = ['active', 'paid', 'trialing'].includes(status)
    ? ' good'
    : ['past_due', 'open', 'canceled'].includes(status)
      ? ' bad'
      : '';
  return html`<span class="badge${kind}">${words.statuses[status] ?? status.replaceAll('_', ' ')}</span>`;
}

/** The customer's subscriptions that have not ended, or the last one that has. */
export function shownSubscriptions(work: Work, customer: string): Stripe.Subscription[] {
  const all = work.store.all('subscription', { customer });
  const running = all.filter(({ status }) => status !== 'canceled');
  return running.length > 0 ? running : all.slice(-1);
}

function subscriptionCard({ work, token, language }: PortalView, subscription: Stripe.Subscription): Html {
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
    html`<form method="post" action="/p/session/${token}?lang=${language}"><input type="hidden" name="subscription" value="${subscription.id}"><button class="${style}" name="action" value="${name}">${label}</button></form>`;
  const running = subscription.status !== 'canceled';
  return html`<section class="card"><div class="row apart"><h2>${subscription.description ?? words.plan}</h2>${statusBadge(words, subscription.status)}</div>
<ul class="lines">${items}</ul>
${
  running
    ? html`<div class="row apart"><p class="quiet">${subscription.cancel_at_period_end ? words.endsOn(day(end, words)) : words.renewsOn(day(end, words))}</p>
${subscription.cancel_at_period_end ? action('keep', words.keepSubscription, 'plain') : action('cancel', words.cancelSubscription, 'danger')}</div>`
    : undefined
}</section>`;
}

function paymentCard(view: PortalView, error: StripeError | undefined): Html {
  const { work, session, token, language } = view;
  const words = allWords[language];
  const [subscription] = shownSubscriptions(work, session.customer);
  const id = subscription && paymentMethodOf(work, subscription);
  const card = id ? work.store.find('payment_method', id)?.card : undefined;
  return html`<section class="card"><h2>${words.paymentMethod}</h2><p>${card ? words.cardEnding(brandNames[card.brand] ?? card.brand, card.last4) : words.noCard}</p>
<details${error ? html` open` : undefined}><summary>${words.changeCard}</summary>
<form method="post" action="/p/session/${token}?lang=${language}">${cardFields(words, error)}
<button class="wide" name="action" value="card" data-busy="${words.processing}">${words.saveCard}</button></form>${testCardHints(words)}</details></section>`;
}

function invoiceTable({ work, session, token, language }: PortalView): Html {
  const words = allWords[language];
  const invoices = work.store.page('invoice', { customer: session.customer }, { limit: 100 }).data;
  if (invoices.length === 0) return html`<p class="empty">${words.noInvoices}</p>`;
  const rows = invoices.map(
    (
      invoice,
    ) => html`<tr><td><a href="/i/${invoice.id}?lang=${language}">${invoice.number ?? invoice.id}</a></td><td>${day(invoice.created, words, 'short')}</td>
<td class="number">${formatMoney(invoice.amount_due, invoice.currency, words.locale)}</td><td>${statusBadge(words, invoice.status ?? '')}
${invoice.status === 'open' ? html`<form method="post" action="/p/session/${token}?lang=${language}"><input type="hidden" name="invoice" value="${invoice.id}"><button class="small" name="action" value="pay">${words.payNow}</button></form>` : undefined}</td></tr>`,
  );
  return html`<div class="scroll"><table><thead><tr><th scope="col">${words.invoice}</th><th scope="col">${words.date}</th><th scope="col" class="number">${words.amount}</th><th scope="col">${words.status}</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

export function portalPage(view: PortalView, result: { error?: StripeError | undefined; saved?: boolean }): Answer {
  const { work, session, language } = view;
  const words = allWords[language];
  const subscriptions = shownSubscriptions(work, session.customer).map((subscription) =>
    subscriptionCard(view, subscription),
  );
  const cardProblem = result.error?.details.param === undefined ? undefined : result.error;
  const main = html`<div class="topline"><h1>${words.portalTitle}</h1><span class="badge">${words.testMode}</span></div>
${alertOf(words, result.error)}${result.saved ? html`<p class="notice" role="status">${words.saved}</p>` : undefined}
${subscriptions.length > 0 ? subscriptions : html`<p class="empty">${words.noSubscription}</p>`}
${paymentCard(view, cardProblem)}
<section class="card"><h2>${words.invoices}</h2>${invoiceTable(view)}</section>
${session.return_url ? html`<p class="footline"><a href="${session.return_url}">← ${words.back}</a></p>` : undefined}`;
  return page({ title: words.portalTitle, language, main, status: result.error ? result.error.status : 200 });
}

export function invoicePage(invoice: Stripe.Invoice, language: Language): Answer {
  const words = allWords[language];
  const money = (amount: number) => formatMoney(amount, invoice.currency, words.locale);
  const rows = invoice.lines.data.map(
    ({ description, amount }) => html`<tr><td>${description ?? ''}</td><td class="number">${money(amount)}</td></tr>`,
  );
  const main = html`<section class="card"><div class="row apart"><h1>${words.invoice} ${invoice.number ?? ''}</h1>${statusBadge(words, invoice.status ?? '')}</div>
<p class="quiet">${day(invoice.created, words)} · ${invoice.customer_name ?? ''} ${invoice.customer_email ?? ''}</p>
<table><thead><tr><th scope="col">${words.description}</th><th scope="col" class="number">${words.amount}</th></tr></thead><tbody>${rows}</tbody></table>
<p class="due"><span>${words.total}</span><span>${money(invoice.total)}</span></p></section>`;
  return page({ title: `${words.invoice} ${invoice.number ?? ''}`, language, main, width: 'narrow' });
}
