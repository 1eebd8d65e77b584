/** `/_local/…`: what a test or a demonstration does by itself that a person or the passing of time would do at Stripe. */

import type Stripe from 'stripe';
import * as z from 'zod';
import { matchPath } from './api/route.ts';
import { advanceClock, makeClock } from './api/test-clocks.ts';
import { type CheckoutOutcome, successUrl } from './billing/checkout.ts';
import { onClockOf } from './billing/clock.ts';
import { answerForInvoice, collectInvoice } from './billing/collect.ts';
import { finalizeInvoice } from './billing/invoicing.ts';
import { renewNow } from './billing/renewal.ts';
import type { Work } from './billing/work.ts';
import { answerAsBank, payAsBuyer } from './pages/checkout-actions.ts';
import { defaultSettings, readSettings, writeSettings } from './store/settings.ts';
import { noFaults, owe, readFaults, writeFaults } from './webhooks/record.ts';
import { invalid, StripeError } from './wire/error.ts';

const CARD_DEFAULT = '4242424242424242';
const DAY_SECONDS = 86_400;

const schemas = {
  faults: z.strictObject({
    duplicate: z.int().min(0).max(20).optional(),
    delayMs: z.int().min(0).max(3_600_000).optional(),
    shuffle: z.boolean().optional(),
    drop: z.int().min(0).max(10).optional(),
    loseAnswers: z.int().min(0).max(10).optional(),
  }),
  pay: z.strictObject({
    card: z.string().max(30).default(CARD_DEFAULT),
    expiry: z.string().max(10).optional(),
    cvc: z.string().max(4).default('123'),
    email: z.string().max(512).default('buyer@example.com'),
    name: z.string().max(200).default('Test Buyer'),
    country: z.string().length(2).optional(),
    businessName: z.string().max(200).default(''),
    taxId: z.string().max(50).default(''),
    code: z.string().max(100).optional(),
  }),
  authenticate: z.strictObject({ outcome: z.enum(['complete', 'fail']) }),
  settings: z.strictObject({
    retryDays: z.array(z.int().min(1).max(60)).max(8).optional(),
    afterRetries: z.enum(['canceled', 'unpaid', 'past_due']).optional(),
  }),
  advance: z.strictObject({ days: z.coerce.number().int().min(1).max(730), back: z.literal('/').optional() }),
  nothing: z.strictObject({ back: z.literal('/').optional() }),
};

function read<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const result = schema.safeParse(body);
  if (!result.success) throw invalid(z.prettifyError(result.error));
  return result.data;
}

function showOutcome(outcome: CheckoutOutcome): object {
  if (outcome.kind === 'refused') return outcome.error;
  if (outcome.kind === 'authenticate') return { status: 'requires_action', session: outcome.session.id };
  const { id, customer, subscription } = outcome.session;
  return { status: 'complete', session: id, customer, subscription, url: successUrl(outcome.session) };
}

/** Without the hour that a draft waits. */
function collectNow(work: Work, draft: Stripe.Invoice): void {
  const open = finalizeInvoice(work, draft);
  if (open.status === 'open') collectInvoice(work, open, { occasion: 'later' });
}

function pendingDeliveries({ store }: Work): number {
  return Number(store.sql.prepare("SELECT count(*) AS pending FROM deliveries WHERE state = 'pending'").get()?.pending);
}

interface Control {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** A `StripeError` that it returns is an answer whose effects stay. */
  run(work: Work, body: unknown, id: string, nowMs: number): object;
}

const controls: readonly Control[] = [
  {
    method: 'GET',
    path: '/_local/webhooks',
    run: (work) => ({ faults: readFaults(work), pending: pendingDeliveries(work) }),
  },
  {
    method: 'POST',
    path: '/_local/webhooks',
    run(work, body) {
      const given = read(schemas.faults, body);
      const faults = {
        duplicate: given.duplicate ?? noFaults.duplicate,
        delayMs: given.delayMs ?? noFaults.delayMs,
        shuffle: given.shuffle ?? noFaults.shuffle,
        drop: given.drop ?? noFaults.drop,
        loseAnswers: given.loseAnswers ?? noFaults.loseAnswers,
      };
      writeFaults(work, faults);
      return { faults, pending: pendingDeliveries(work) };
    },
  },
  {
    method: 'POST',
    path: '/_local/checkout/:id/pay',
    run(work, body, id) {
      const { card, expiry, country, businessName, taxId, ...rest } = read(schemas.pay, body);
      const address =
        country === undefined ? undefined : { country, line1: '', city: '', postalCode: '', businessName, taxId };
      const nextYear = new Date(work.now * 1000).getUTCFullYear() + 1;
      return showOutcome(payAsBuyer(work, id, { number: card, expiry: expiry ?? `12/${nextYear}`, address, ...rest }));
    },
  },
  {
    method: 'POST',
    path: '/_local/checkout/:id/authenticate',
    run: (work, body, id) => showOutcome(answerAsBank(work, id, read(schemas.authenticate, body).outcome)),
  },
  {
    method: 'POST',
    path: '/_local/subscriptions/:id/renew',
    run(work, body, id) {
      read(schemas.nothing, body);
      const subscription = work.store.require('subscription', id);
      const draft = renewNow(onClockOf(work, subscription), subscription);
      if (draft?.status === 'draft' && draft.auto_advance) collectNow(onClockOf(work, draft), draft);
      return work.store.require('subscription', id);
    },
  },
  {
    method: 'POST',
    path: '/_local/invoices/:id/authenticate',
    run(work, body, id) {
      const invoice = work.store.require('invoice', id);
      const { outcome } = read(schemas.authenticate, body);
      const { invoice: after, refusal } = answerForInvoice(onClockOf(work, invoice), invoice, outcome === 'complete');
      return refusal ?? after;
    },
  },
  { method: 'GET', path: '/_local/settings', run: (work) => readSettings(work.store) },
  {
    method: 'POST',
    path: '/_local/settings',
    run(work, body) {
      const given = read(schemas.settings, body);
      const settings = {
        retryDays: given.retryDays ?? defaultSettings.retryDays,
        afterRetries: given.afterRetries ?? defaultSettings.afterRetries,
        testClock: readSettings(work.store).testClock,
      };
      writeSettings(work.store, settings);
      return settings;
    },
  },
  {
    // From now on, customers that come without a clock live on this one.
    method: 'POST',
    path: '/_local/clock',
    run(work, body) {
      read(schemas.nothing, body);
      const clock = makeClock(work, work.now, 'New customers');
      writeSettings(work.store, { ...readSettings(work.store), testClock: clock.id });
      return clock;
    },
  },
  {
    method: 'POST',
    path: '/_local/clocks/:id/advance',
    run(work, body, id) {
      const { days } = read(schemas.advance, body);
      const { frozen_time } = work.store.require('test_helpers.test_clock', id);
      return advanceClock(work, id, frozen_time + days * DAY_SECONDS);
    },
  },
  {
    method: 'POST',
    path: '/_local/events/:id/resend',
    run(work, body, id, nowMs) {
      read(schemas.nothing, body);
      const event = work.store.require('event', id);
      owe(work, nowMs, event.id, event.type);
      return { resent: event.id };
    },
  },
];

/** @throws {StripeError} for an address that is not there and a body that does not fit */
export function runControl(work: Work, nowMs: number, method: string, path: string, body: unknown): object {
  for (const control of controls) {
    const ids = control.method === method ? matchPath(control.path, path) : undefined;
    if (ids) return control.run(work, body, ids[0] ?? '', nowMs);
  }
  throw new StripeError(404, `Unrecognized request URL (${method}: ${path}).`);
}
