/** The page where a buyer pays. */

import type Stripe from 'stripe';
import { html } from '../../mail/html.ts';
import { lineItemsOf } from '../api/checkout-sessions.ts';
import { dueNow, successUrl } from '../billing/checkout.ts';
import { idOf } from '../billing/lines.ts';
import type { Work } from '../billing/work.ts';
import { formatMoney } from '../objects/money.ts';
import type { StripeError } from '../wire/error.ts';
import type { Answer } from '../wire/http.ts';
import { alertOf, cardFields, faultAttributes, testCardHints } from './card-form.ts';
import { page } from './page.ts';
import { words as allWords, type Language } from './words.ts';

export interface Entered {
  readonly email: string;
  readonly name: string;
}

interface View {
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

function summary({ work, session, language }: View) {
  const words = allWords[language];
  const money = (amount: number, currency = session.currency ?? 'usd') => formatMoney(amount, currency, words.locale);
  const { trialDays } = work.store.hidden('checkout.session', session.id).subscription;
  const lines = lineItemsOf(work, session).data.map(({ description, quantity, price, amount_total, currency }) => {
    const { interval = 'month', interval_count: count = 1 } = price?.recurring ?? {};
    const rate =
      quantity === null ? words.byUsage : words.every(money(amount_total / (quantity ?? 1), currency), count, interval);
    return html`<li><span>${description ?? ''}<br><span class="quiet">${rate}${(quantity ?? 1) > 1 ? ` · ${words.quantity} ${quantity}` : ''}</span></span>
<span>${money(amount_total, currency)}</span></li>`;
  });
  const due = dueNow(work, session);
  const trial = trialDays > 0 ? html`<p><span class="badge good">${words.trialDays(trialDays)}</span></p>` : undefined;
  const later =
    trialDays > 0
      ? html`<p class="due"><span>${words.thenTotal}</span><span>${money(session.amount_total ?? 0)}</span></p>`
      : undefined;
  return html`<section aria-labelledby="summary"><h2 id="summary">${words.summary}</h2>
<p class="quiet">${words.dueToday}</p><p class="total">${money(due)}</p>${trial}
<ul class="lines">${lines}</ul>${later}
<p class="due"><span>${words.dueToday}</span><span>${money(due)}</span></p></section>`;
}

export function checkoutPage(view: View, entered: Entered | undefined, error: StripeError | undefined): Answer {
  const { work, session, language } = view;
  const words = allWords[language];
  const known = knownEmail(work, session);
  const email = known ?? entered?.email ?? '';
  const submit = dueNow(work, session) === 0 ? words.startTrial : words.pay;
  const cancel = session.cancel_url && html`<a href="${session.cancel_url}">← ${words.cancel}</a>`;
  const main = html`<div class="topline"><h1>${words.checkout}</h1><span class="badge">${words.testMode}</span></div>
<div class="columns">${summary(view)}
<section class="card" aria-labelledby="payment"><h2 id="payment">${words.cardTitle}</h2>
${alertOf(words, error)}
<form method="post" action="/c/pay/${session.id}?lang=${language}">
<div class="field"><label for="email">${words.email}</label>
<input id="email" name="email" type="email" autocomplete="email" maxlength="512" required value="${email}"${known === null ? undefined : html` readonly`}${faultAttributes(error, 'email')}></div>
${cardFields(words, error)}
<div class="field"><label for="name">${words.nameOnCard}</label>
<input id="name" name="name" autocomplete="cc-name" maxlength="200" required value="${entered?.name ?? ''}"></div>
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
  const amount = formatMoney(
    dueNow(work, session) || (session.amount_total ?? 0),
    session.currency ?? 'usd',
    words.locale,
  );
  const main = html`<section class="card centred"><h1>${words.bankTitle}</h1><p>${words.bankText(amount)}</p>
<form method="post" action="/c/pay/${session.id}/authenticate?lang=${language}">
<button class="wide" name="outcome" value="complete">${words.approve}</button>
<button class="wide danger" name="outcome" value="fail">${words.reject}</button></form></section>`;
  return page({ title: words.bankTitle, language, main, width: 'narrow' });
}
