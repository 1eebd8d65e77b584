/** An invoice as its customer sees it: to read, to print and, while it is open, to pay. */

import type Stripe from 'stripe';
import { type Html, html } from '../../mail/html.ts';
import { type CardInput, declineOf, readCard } from '../billing/cards.ts';
import { onClockOf } from '../billing/clock.ts';
import { answerForInvoice, payInvoice, paymentOf } from '../billing/collect.ts';
import { idOf } from '../billing/lines.ts';
import type { Work } from '../billing/work.ts';
import { formatMoney } from '../objects/money.ts';
import { newPaymentMethod } from '../objects/payment-method.ts';
import { missing, type StripeError } from '../wire/error.ts';
import type { Answer } from '../wire/http.ts';
import { alertOf, cardFields, testCardHints } from './card-form.ts';
import { askBankPage } from './checkout-page.ts';
import { page } from './page.ts';
import { statusBadge } from './portal-page.ts';
import { words as allWords, type Language } from './words.ts';

/** A final invoice; drafts are nobody's business yet. */
export function findInvoice(work: Work, id: string): Stripe.Invoice {
  const invoice = work.store.require('invoice', id);
  if (invoice.hosted_invoice_url === null) throw missing('invoice', id);
  return invoice;
}

export const waitsForBank = (work: Work, invoice: Stripe.Invoice): boolean =>
  invoice.status === 'open' && paymentOf(work, invoice).intent.status === 'requires_action';

/** Pays with a card that is typed in, which then is the customer's. @returns the refusal, when there was one */
export function payWithCard(outer: Work, id: string, input: CardInput): StripeError | undefined {
  const invoice = findInvoice(outer, id);
  const work = onClockOf(outer, invoice);
  const card = readCard(input, outer.now);
  const refusal = declineOf(card.behaviour, 'first');
  if (refusal) throw refusal;
  const customer = work.store.require('customer', idOf(invoice.customer) ?? '');
  const method = newPaymentMethod(work, card, customer.id, { email: customer.email, name: customer.name ?? null });
  work.store.insert('payment_method', method, { behaviour: card.behaviour });
  work.emit('payment_method.attached', method);
  const { refusal: outcome } = payInvoice(work, invoice, method.id);
  return outcome?.details.code === 'authentication_required' ? undefined : outcome;
}

export function answerBank(outer: Work, id: string, approved: boolean): StripeError | undefined {
  const invoice = findInvoice(outer, id);
  return answerForInvoice(onClockOf(outer, invoice), invoice, approved).refusal;
}

function payForm(invoice: Stripe.Invoice, language: Language, error: StripeError | undefined): Html | undefined {
  const words = allWords[language];
  if (invoice.status !== 'open') return undefined;
  return html`<section class="card no-print"><h2>${words.payNow}</h2>${alertOf(words, error)}
<form method="post" action="/i/${invoice.id}?lang=${language}">${cardFields(words, error)}
<button class="wide" data-busy="${words.processing}">${words.payNow}</button></form>${testCardHints(words)}</section>`;
}

export function invoicePage(work: Work, invoice: Stripe.Invoice, language: Language, error?: StripeError): Answer {
  const words = allWords[language];
  const money = (amount: number) => formatMoney(amount, invoice.currency, words.locale);
  if (waitsForBank(work, invoice) && !error)
    return askBankPage(words, language, money(invoice.amount_remaining), `/i/${invoice.id}/authenticate`);
  const day = (seconds: number) =>
    new Date(seconds * 1000).toLocaleDateString(words.locale, { dateStyle: 'medium', timeZone: 'UTC' });
  const rows = invoice.lines.data.map(
    ({ description, amount, period }) =>
      html`<tr><td>${description ?? ''}<br><span class="quiet">${day(period.start)} – ${day(period.end)}</span></td><td class="number">${money(amount)}</td></tr>`,
  );
  const sum = (label: string, amount: number) =>
    html`<p class="due"><span>${label}</span><span>${money(amount)}</span></p>`;
  const discount = (invoice.total_discount_amounts ?? []).reduce((total, { amount }) => total + amount, 0);
  const taxes = (invoice.total_taxes ?? []).map(({ amount, tax_behavior }) =>
    sum(tax_behavior === 'inclusive' ? words.taxIncluded : words.tax, amount),
  );
  const credit = invoice.total - invoice.amount_due;
  const address = invoice.customer_address;
  const place = address
    ? [address.line1, address.postal_code, address.city, address.country].filter(Boolean).join(', ')
    : '';
  const main = html`<section class="card"><div class="row apart"><h1>${words.invoice} ${invoice.number ?? ''}</h1>${statusBadge(words, invoice.status ?? '')}</div>
<p class="quiet">${day(invoice.created)} · ${invoice.account_name ?? ''}</p>
<p class="quiet">${invoice.customer_name ?? ''} ${invoice.customer_email ?? ''}<br>${place}</p>
<table><thead><tr><th scope="col">${words.description}</th><th scope="col" class="number">${words.amount}</th></tr></thead><tbody>${rows}</tbody></table>
${discount > 0 ? sum(words.discount, -discount) : undefined}${taxes}${sum(words.total, invoice.total)}
${credit !== 0 ? html`${sum(words.credit, -credit)}${sum(words.amountDue, invoice.amount_due)}` : undefined}</section>
${payForm(invoice, language, error)}
<p class="footline no-print"><button type="button" class="plain small js-only" data-print>${words.print}</button></p>`;
  return page({
    title: `${words.invoice} ${invoice.number ?? ''}`,
    language,
    main,
    width: 'narrow',
    status: error ? error.status : 200,
  });
}
