/** The hosted pages, by address. */

import type { IncomingMessage } from 'node:http';
import Stripe from 'stripe';
import type { z } from 'zod';
import { html } from '../../mail/html.ts';
import { matchPath } from '../api/route.ts';
import type { CheckoutOutcome } from '../billing/checkout.ts';
import { beginWork, type Work, type WorkOptions } from '../billing/work.ts';
import { invalid, missing, StripeError } from '../wire/error.ts';
import { type Answer, header, readBody } from '../wire/http.ts';
import { pageCss, pageJs } from './assets.ts';
import { answerAsBank, payAsBuyer, requote, stageOf } from './checkout-actions.ts';
import type { Entered } from './checkout-form.ts';
import { bankPage, checkoutPage, closedPage, paidPage } from './checkout-page.ts';
import { dashboardPage } from './dashboard-page.ts';
import { bankForm, cardForm, paymentForm, portalForm, readForm } from './forms.ts';
import { answerBank, findInvoice, invoicePage, payWithCard } from './invoice-page.ts';
import { iconSvg, page, redirect } from './page.ts';
import {
  changeCard,
  changeDetails,
  findPortalSession,
  ownSubscription,
  payOwnInvoice,
  planEnd,
} from './portal-actions.ts';
import { type PortalResult, portalPage } from './portal-page.ts';
import { configurationOf, switchPrice } from './portal-switch.ts';
import { chooseLanguage, type Language, words } from './words.ts';

const assets: Readonly<Record<string, readonly [type: string, body: string]>> = {
  '/assets/page.css': ['text/css; charset=utf-8', pageCss],
  '/assets/page.js': ['text/javascript; charset=utf-8', pageJs],
  '/assets/icon.svg': ['image/svg+xml', iconSvg],
};

interface Visit {
  readonly options: WorkOptions;
  readonly url: URL;
  readonly accepted: string | undefined;
  /** Of a form; `undefined` when the page is only looked at. */
  readonly form: string | undefined;
}

const look = <T>({ options }: Visit, read: (work: Work) => T): T =>
  read(beginWork(options, { id: null, idempotencyKey: null, apiVersion: Stripe.API_VERSION }));
const change = <T>(visit: Visit, write: (work: Work) => T): T =>
  visit.options.store.transaction(() => look(visit, write));

const languageOf = ({ url, accepted }: Visit, own: string | null): Language =>
  chooseLanguage(url.searchParams.get('lang'), own, accepted);

/** Runs a form's action; what was refused, by exception or as an outcome, is shown on the page. */
function attempt<T>(visit: Visit, action: (work: Work) => T): T | StripeError {
  try {
    return change(visit, action);
  } catch (error) {
    if (error instanceof StripeError && error.status < 404) return error;
    throw error;
  }
}

function afterPayment(visit: Visit, id: string, outcome: CheckoutOutcome | StripeError, entered?: Entered): Answer {
  const language = languageOf(visit, look(visit, (work) => work.store.require('checkout.session', id)).locale);
  const refusal = outcome instanceof StripeError ? outcome : outcome.kind === 'refused' ? outcome.error : undefined;
  if (refusal) return checkoutAgain(visit, id, entered, refusal);
  const isComplete = outcome instanceof StripeError || outcome.kind === 'complete';
  return redirect(`/c/pay/${id}${isComplete ? '/done' : ''}?lang=${language}`);
}

/** The form with what was typed, except the card. */
function checkoutAgain(visit: Visit, id: string, entered?: Entered, error?: StripeError): Answer {
  return look(visit, (work) => {
    const session = work.store.require('checkout.session', id);
    const view = { work, session, language: languageOf(visit, session.locale) };
    return stageOf(work, session) === 'closed' ? closedPage(view) : checkoutPage(view, entered, error);
  });
}

function checkout(visit: Visit, id: string): Answer {
  if (visit.form !== undefined) {
    const { action, country, line1, city, postalCode, businessName, taxId, ...rest } = readForm(
      paymentForm,
      visit.form,
    );
    const address = { country, line1, city, postalCode, businessName, taxId };
    const entered = { ...address, email: rest.email, name: rest.name, code: rest.code ?? '' };
    const payment = { ...rest, address: country === '' ? undefined : address };
    if (action !== '') {
      const code = action === 'code' ? payment.code : undefined;
      const quoted = attempt(visit, (work) => requote(work, id, { address: payment.address, code }));
      return checkoutAgain(visit, id, entered, quoted instanceof StripeError ? quoted : undefined);
    }
    const outcome = attempt(visit, (work) => payAsBuyer(work, id, payment));
    // What was typed stays, so that the form comes back with the total that it leads to.
    if (outcome instanceof StripeError) attempt(visit, (work) => requote(work, id, payment));
    return afterPayment(visit, id, outcome, entered);
  }
  return look(visit, (work) => {
    const session = work.store.require('checkout.session', id);
    const view = { work, session, language: languageOf(visit, session.locale) };
    const stage = stageOf(work, session);
    if (stage === 'closed') return closedPage(view);
    return stage === 'bank' ? bankPage(view) : checkoutPage(view, undefined, undefined);
  });
}

function bank(visit: Visit, id: string): Answer {
  if (visit.form === undefined) return checkout(visit, id);
  const { outcome } = readForm(bankForm, visit.form);
  return afterPayment(
    visit,
    id,
    attempt(visit, (work) => answerAsBank(work, id, outcome)),
  );
}

function done(visit: Visit, id: string): Answer {
  return look(visit, (work) => {
    const session = work.store.require('checkout.session', id);
    const view = { work, session, language: languageOf(visit, session.locale) };
    return session.status === 'complete' ? paidPage(view) : checkout(visit, id);
  });
}

function portal(visit: Visit, token: string): Answer {
  const session = look(visit, (work) => findPortalSession(work, token));
  const language = languageOf(visit, session.locale);
  const shown = (result: PortalResult) => look(visit, (work) => portalPage({ work, session, token, language }, result));
  if (visit.form === undefined) return shown({ saved: visit.url.searchParams.has('saved') });
  const form = readForm(portalForm, visit.form);
  const again = attempt(visit, (work) => {
    if (form.action !== 'preview') return undefined;
    const subscription = ownSubscription(work, session.customer, form.subscription);
    return portalPage({ work, session, token, language }, { preview: { subscription, price: form.price } });
  });
  if (again instanceof StripeError) return shown({ error: again });
  if (again) return again;
  const result = attempt(visit, (work) => act(work, session, form));
  if (result instanceof StripeError) return shown({ error: result });
  return redirect(`/p/session/${token}?lang=${language}&saved=1`);
}

function act(
  work: Work,
  session: Stripe.BillingPortal.Session,
  form: z.infer<typeof portalForm>,
): StripeError | undefined {
  const { customer } = session;
  const { features } = configurationOf(work, session);
  const refuse = () => invalid('The portal does not offer this.');
  switch (form.action) {
    case 'card':
      if (!features.payment_method_update.enabled) throw refuse();
      changeCard(work, customer, form);
      return undefined;
    case 'pay':
      return payOwnInvoice(work, customer, form.invoice);
    case 'details':
      changeDetails(work, session, form);
      return undefined;
    case 'switch':
      return switchPrice(work, session, ownSubscription(work, customer, form.subscription), form);
    case 'cancel':
    case 'keep':
      if (!features.subscription_cancel.enabled) throw refuse();
      planEnd(work, customer, form.subscription, form.action === 'cancel');
      return undefined;
    default:
      return undefined;
  }
}

function invoice(visit: Visit, id: string): Answer {
  const language = languageOf(visit, null);
  const { form } = visit;
  const result =
    form === undefined ? undefined : attempt(visit, (work) => payWithCard(work, id, readForm(cardForm, form)));
  if (form !== undefined && !(result instanceof StripeError)) return redirect(`/i/${id}?lang=${language}`);
  return look(visit, (work) => invoicePage(work, findInvoice(work, id), language, result));
}

function invoiceBank(visit: Visit, id: string): Answer {
  const { form } = visit;
  if (form === undefined) return invoice(visit, id);
  const language = languageOf(visit, null);
  const result = attempt(visit, (work) => answerBank(work, id, readForm(bankForm, form).outcome === 'complete'));
  if (!(result instanceof StripeError)) return redirect(`/i/${id}?lang=${language}`);
  return look(visit, (work) => invoicePage(work, findInvoice(work, id), language, result));
}

const pages: readonly (readonly [path: string, show: (visit: Visit, id: string) => Answer])[] = [
  ['/', (visit) => look(visit, dashboardPage)],
  ['/c/pay/:id', checkout],
  ['/c/pay/:id/authenticate', bank],
  ['/c/pay/:id/done', done],
  ['/p/session/:id', portal],
  ['/i/:id', invoice],
  ['/i/:id/print', invoice],
  ['/i/:id/authenticate', invoiceBank],
];

/** Answers with a page; what does not exist has one, too. */
export async function servePage(options: WorkOptions, request: IncomingMessage, url: URL): Promise<Answer> {
  const asset = assets[url.pathname];
  if (asset)
    return { status: 200, headers: { 'content-type': asset[0], 'x-content-type-options': 'nosniff' }, body: asset[1] };
  const form = request.method === 'POST' ? await readBody(request) : undefined;
  const visit: Visit = { options, url, accepted: header(request, 'accept-language'), form };
  try {
    for (const [path, show] of pages) {
      const ids = matchPath(path, url.pathname);
      if (ids) return show(visit, ids[0] ?? '');
    }
    throw missing('page', url.pathname);
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    const language = languageOf(visit, null);
    const text = error.status === 404 ? words[language].notFound : error.message;
    return page({
      title: 'Stripe',
      language,
      status: error.status,
      width: 'narrow',
      main: html`<section class="card centred"><h1>${error.status}</h1><p>${text}</p></section>`,
    });
  }
}
