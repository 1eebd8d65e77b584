/** The hosted pages, by address. */

import type { IncomingMessage } from 'node:http';
import Stripe from 'stripe';
import { z } from 'zod';
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
import { iconSvg, page, redirect } from './page.ts';
import { changeCard, findPortalSession, payOwnInvoice, planEnd } from './portal-actions.ts';
import { invoicePage, portalPage } from './portal-page.ts';
import { chooseLanguage, type Language, words } from './words.ts';

const assets: Readonly<Record<string, readonly [type: string, body: string]>> = {
  '/assets/page.css': ['text/css; charset=utf-8', pageCss],
  '/assets/page.js': ['text/javascript; charset=utf-8', pageJs],
  '/assets/icon.svg': ['image/svg+xml', iconSvg],
};

const field = (max: number) => z.string().max(max).default('');
const cardShape = { number: field(30), expiry: field(10), cvc: field(4) };
const paymentForm = z.strictObject({
  ...cardShape,
  action: z.enum(['', 'code', 'update']).default(''),
  shown: z.coerce.number().int().optional(),
  email: field(512),
  name: field(200),
  country: field(2),
  line1: field(200),
  city: field(200),
  postalCode: field(50),
  businessName: field(200),
  taxId: field(50),
  code: z.string().max(100).optional(),
});
const bankForm = z.strictObject({ outcome: z.enum(['complete', 'fail']) });
const portalForm = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('card'), ...cardShape }),
  z.strictObject({ action: z.literal('cancel'), subscription: z.string().max(100) }),
  z.strictObject({ action: z.literal('keep'), subscription: z.string().max(100) }),
  z.strictObject({ action: z.literal('pay'), invoice: z.string().max(100) }),
]);

function readForm<Schema extends z.ZodType>(schema: Schema, body: string): z.infer<Schema> {
  const result = schema.safeParse(Object.fromEntries(new URLSearchParams(body)));
  if (!result.success) throw invalid('The form does not fit this page.');
  return result.data;
}

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
  const { form } = visit;
  const result =
    form === undefined ? undefined : attempt(visit, (work) => act(work, session.customer, readForm(portalForm, form)));
  if (form !== undefined && !(result instanceof StripeError))
    return redirect(`/p/session/${token}?lang=${language}&saved=1`);
  const error = result instanceof StripeError ? result : undefined;
  return look(visit, (work) =>
    portalPage({ work, session, token, language }, { error, saved: visit.url.searchParams.has('saved') }),
  );
}

function act(work: Work, customer: string, form: z.infer<typeof portalForm>): StripeError | undefined {
  switch (form.action) {
    case 'card':
      changeCard(work, customer, form);
      return undefined;
    case 'pay':
      return payOwnInvoice(work, customer, form.invoice);
    default:
      planEnd(work, customer, form.subscription, form.action === 'cancel');
      return undefined;
  }
}

const pages: readonly (readonly [path: string, show: (visit: Visit, id: string) => Answer])[] = [
  ['/', (visit) => look(visit, dashboardPage)],
  ['/c/pay/:id', checkout],
  ['/c/pay/:id/authenticate', bank],
  ['/c/pay/:id/done', done],
  ['/p/session/:id', portal],
  [
    '/i/:id',
    (visit, id) =>
      invoicePage(
        look(visit, (work) => work.store.require('invoice', id)),
        languageOf(visit, null),
      ),
  ],
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
