/** The page where a buyer pays. */

import type Stripe from 'stripe';
import { type Html, html } from '../../mail/html.ts';
import { dueNow, successUrl } from '../billing/checkout.ts';
import { idOf } from '../billing/lines.ts';
import { amountsFor, type Quote, quoteOf } from '../billing/quote.ts';
import type { Work } from '../billing/work.ts';
import { formatMoney } from '../objects/money.ts';
import { isMetered, productOf } from '../objects/price.ts';
import type { StripeError } from '../wire/error.ts';
import type { Answer } from '../wire/http.ts';
import { alertOf, cardFields, faultAttributes, testCardHints } from './card-form.ts';
import { addressFields, asksAddress, codeField, type Entered, enteredBefore } from './checkout-form.ts';
import { page } from './page.ts';
import { words as allWords, type Language, type Words } from './words.ts';

export interface View {
  readonly work: Work;
  readonly session: Stripe.Checkout.Session;
  readonly language: Language;
}

/** The e-mail address that is already known, which the buyer does not type. */
export function knownEmail(work: Work, session: Stripe.Checkout.Session): string | null {
  const customer = idOf(session.customer);
  return customer === null
    ? session.customer_email
    : (work.store.find('customer', customer)?.email ?? session.customer_email);
}

/** What the page shows as the price, by which it is seen whether the buyer agreed to the present one. */
export function shownQuote(work: Work, session: Stripe.Checkout.Session, entered: Entered): Quote {
  return quoteOf(work, session, asksAddress(session) ? entered : undefined);
}

function describeCoupon({ percent_off, duration, duration_in_months }: Stripe.Coupon, words: Words): string {
  const off = percent_off === null ? words.discount : words.percentOff(percent_off);
  return duration === 'repeating'
    ? words.forMonths(off, duration_in_months ?? 1)
    : duration === 'once'
      ? words.once(off)
      : off;
}

function purchaseLines({ work, session, language }: View, quote: Quote): Html[] {
  const words = allWords[language];
  const money = (amount: number) => formatMoney(amount, session.currency ?? 'usd', words.locale);
  return work.store.hidden('checkout.session', session.id).purchases.map(({ id, price: named, quantity }) => {
    const price = work.store.require('price', named);
    const { name } = work.store.require('product', productOf(price));
    const { interval = 'month', interval_count: count = 1 } = price.recurring ?? {};
    const { subtotal } = amountsFor(quote, id);
    const rate = isMetered(price) ? words.byUsage : words.every(money(subtotal / quantity), count, interval);
    return html`<li><span>${name}<br><span class="quiet">${rate}${quantity > 1 ? ` · ${words.quantity} ${quantity}` : ''}</span></span>
<span>${money(subtotal)}</span></li>`;
  });
}

function summary(view: View, quote: Quote): Html {
  const { work, session, language } = view;
  const words = allWords[language];
  const money = (amount: number) => formatMoney(amount, session.currency ?? 'usd', words.locale);
  const { discounts = [], subscription } = work.store.hidden('checkout.session', session.id);
  const { subtotal, discount, exclusiveTax, inclusiveTax, total } = quote.totals;
  const row = (label: string, amount: number) => html`<li><span>${label}</span><span>${money(amount)}</span></li>`;
  const taken = discounts.map(({ coupon }) => describeCoupon(work.store.require('coupon', coupon), words)).join(', ');
  const taxed = session.automatic_tax.enabled;
  const tax = inclusiveTax > 0 ? words.taxIncluded : words.tax;
  const details =
    discount > 0 || taxed
      ? html`<ul class="lines">${row(words.subtotal, subtotal)}${discount > 0 ? row(taken, -discount) : undefined}
${taxed ? row(tax, exclusiveTax + inclusiveTax) : undefined}</ul>`
      : undefined;
  const { trialDays } = subscription;
  const trial = trialDays > 0 ? html`<p><span class="badge good">${words.trialDays(trialDays)}</span></p>` : undefined;
  const later =
    trialDays > 0 ? html`<p class="due"><span>${words.thenTotal}</span><span>${money(total)}</span></p>` : undefined;
  return html`<section aria-labelledby="summary"><h2 id="summary">${words.summary}</h2>
<p class="quiet">${words.dueToday}</p><p class="total">${money(quote.dueNow)}</p>${trial}
<ul class="lines">${purchaseLines(view, quote)}</ul>${details}${later}
<p class="due"><span>${words.dueToday}</span><span>${money(quote.dueNow)}</span></p></section>`;
}

export function checkoutPage(view: View, given: Entered | undefined, error: StripeError | undefined): Answer {
  const { work, session, language } = view;
  const words = allWords[language];
  const known = knownEmail(work, session);
  const entered = given ?? enteredBefore(work, session, language);
  const quote = shownQuote(work, session, entered);
  const submit = quote.dueNow === 0 ? words.startTrial : words.pay;
  const cancel = session.cancel_url && html`<a href="${session.cancel_url}">← ${words.cancel}</a>`;
  // The first button is what the enter key presses, and that is to be the payment.
  const main = html`<div class="topline"><h1>${words.checkout}</h1><span class="badge">${words.testMode}</span></div>
<div class="columns">${summary(view, quote)}
<section class="card" aria-labelledby="payment"><h2 id="payment">${words.cardTitle}</h2>
${alertOf(words, error)}
<form method="post" action="/c/pay/${session.id}?lang=${language}">
<button class="visually-hidden" tabindex="-1" aria-hidden="true"></button><input type="hidden" name="shown" value="${quote.totals.total}">
<div class="field"><label for="email">${words.email}</label>
<input id="email" name="email" type="email" autocomplete="email" maxlength="512" required value="${known ?? entered.email}"${known === null ? undefined : html` readonly`}${faultAttributes(error, 'email')}></div>
${cardFields(words, error)}
<div class="field"><label for="name">${words.nameOnCard}</label>
<input id="name" name="name" autocomplete="cc-name" maxlength="200" required value="${entered.name}"></div>
${addressFields(session, entered, words)}${codeField(session, entered, words, error)}
<button class="wide" data-busy="${words.processing}">${submit}</button>
</form>
${testCardHints(words)}
</section></div>
${cancel ? html`<p class="footline">${cancel}</p>` : undefined}`;
  return page({ title: words.checkout, language, main, status: error ? error.status : 200 });
}

/** Between the payment and the seller's page. A form may not be answered by a foreign address, so this page goes on by itself. */
export function paidPage({ session, language }: View): Answer {
  const words = allWords[language];
  const goTo = successUrl(session);
  const main = html`<section class="card centred" role="status"><h1>${words.paidTitle}</h1>
<p><span class="spinner" aria-hidden="true"></span>${words.paidText}</p><p><a href="${goTo}">${words.continue}</a></p></section>`;
  return page({ title: words.paidTitle, language, main, width: 'narrow', goTo });
}

/** For a session that cannot be paid any more. */
export function closedPage({ session, language }: View): Answer {
  const words = allWords[language];
  const complete = session.status === 'complete';
  const target = complete ? successUrl(session) : session.cancel_url;
  const main = html`<section class="card centred"><h1>${words.checkout}</h1><p>${complete ? words.alreadyPaid : words.expired}</p>
${target ? html`<p><a href="${target}">${complete ? words.continue : words.back}</a></p>` : undefined}</section>`;
  return page({ title: words.checkout, language, main, width: 'narrow' });
}

/** The buyer's bank asks. */
export function bankPage({ work, session, language }: View): Answer {
  const words = allWords[language];
  const amount = dueNow(work, session) || (session.amount_total ?? 0);
  return askBankPage(
    words,
    language,
    formatMoney(amount, session.currency ?? 'usd', words.locale),
    `/c/pay/${session.id}/authenticate`,
  );
}

/** @param action takes the answer */
export function askBankPage(words: Words, language: Language, amount: string, action: string): Answer {
  const main = html`<section class="card centred"><h1>${words.bankTitle}</h1><p>${words.bankText(amount)}</p>
<form method="post" action="${action}?lang=${language}">
<button class="wide" name="outcome" value="complete">${words.approve}</button>
<button class="wide danger" name="outcome" value="fail">${words.reject}</button></form></section>`;
  return page({ title: words.bankTitle, language, main, width: 'narrow' });
}
