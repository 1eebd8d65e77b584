/** Subscriptions. */

import type Stripe from 'stripe';
import * as z from 'zod';
import { prorate } from '../billing/change.ts';
import { onClockOf } from '../billing/clock.ts';
import { redeem } from '../billing/discounts.ts';
import { hasEnded } from '../billing/follow.ts';
import { idOf, prorationLine } from '../billing/lines.ts';
import { cancelNow } from '../billing/renewal.ts';
import { startSubscription } from '../billing/start.ts';
import { resumeSubscription, updateSubscription } from '../billing/update.ts';
import type { Work } from '../billing/work.ts';
import { pricedIn } from '../objects/price.ts';
import { exclusive, invalid } from '../wire/error.ts';
import { changeMetadata, clearable, currency, flag, integer, list, oneOf, paging, text } from '../wire/params.ts';
import { discountList, readDiscounts } from './coupons.ts';
import { requireAttached, requireCustomer } from './customers.ts';
import { listOf, type Route, route } from './route.ts';
import {
  cancellationDetails,
  changeShape,
  fieldShape,
  prorationBehavior,
  quantity,
  readChange,
  readFields,
  trialDays,
} from './subscription-params.ts';

const DAY = 86_400;

const ended = ['canceled', 'incomplete_expired'];
const notEnded = ['active', 'incomplete', 'past_due', 'paused', 'trialing', 'unpaid'];

function statuses(status: string | undefined): string[] | undefined {
  if (status === 'all') return undefined;
  if (status === 'ended') return ended;
  return status === undefined ? notEnded : [status];
}

const createShape = {
  ...fieldShape,
  customer: text(),
  currency: currency.optional(),
  items: list(z.strictObject({ price: text(), quantity: quantity.optional() })).refine(
    (items) => items.length >= 1 && items.length <= 20,
    'A subscription has 1 to 20 items.',
  ),
  discounts: discountList.optional(),
  payment_behavior: oneOf('allow_incomplete', 'default_incomplete', 'error_if_incomplete').optional(),
  trial_end: z.union([z.literal('now'), integer]).optional(),
  trial_period_days: trialDays.optional(),
  cancel_at_period_end: flag.optional(),
  cancel_at: integer.optional(),
};
const createParams = z.strictObject(createShape);

function readItems(work: Work, params: z.infer<typeof createParams>, money: string) {
  return params.items.map((item, index) => {
    const param = `items[${index}][price]`;
    const price = work.store.require('price', item.price, param);
    if (!price.active) throw invalid('The price specified is inactive.', param);
    if (!price.recurring) throw invalid('The price specified is not recurring.', param);
    if (!pricedIn(price, money)) throw invalid(`The price \`${price.id}\` is not available in \`${money}\`.`, param);
    return { price, quantity: item.quantity ?? 1 };
  });
}

function trialEndOf(work: Work, { trial_end, trial_period_days }: z.infer<typeof createParams>): number | null {
  if (trial_end !== undefined && trial_period_days !== undefined) throw exclusive('trial_end', 'trial_period_days');
  if (trial_period_days !== undefined) return work.now + trial_period_days * DAY;
  if (trial_end === undefined || trial_end === 'now') return null;
  if (trial_end <= work.now) throw invalid('Timestamps cannot be in the past; try `now` instead.', 'trial_end');
  return trial_end;
}

/** Takes the discounts for a subscription of the customer. */
function redeemAll(
  work: Work,
  given: z.infer<typeof discountList> | undefined,
  customer: string,
  money: string,
  subscription: string | null = null,
): string[] {
  const promised = readDiscounts(work, given, { customer, amount: Number.MAX_SAFE_INTEGER, currency: money });
  return promised.map((each) => redeem(work, each, { customer, subscription, session: null }).id);
}

function create(outer: Work, params: z.infer<typeof createParams>): Stripe.Subscription | object {
  const customer = requireCustomer(outer, params.customer, 'customer');
  const work = onClockOf(outer, customer);
  const first = work.store.require('price', params.items[0]?.price ?? '', 'items[0][price]');
  const money = params.currency ?? first.currency;
  const items = readItems(work, params, money);
  const trialEnd = trialEndOf(work, params);
  const behavior = params.payment_behavior ?? 'allow_incomplete';
  const started = startSubscription(work, {
    customer,
    currency: money,
    items,
    trialEnd,
    missingPaymentMethod: params.trial_settings?.end_behavior.missing_payment_method ?? 'create_invoice',
    paymentMethod: params.default_payment_method
      ? requireAttached(work, customer.id, params.default_payment_method, 'default_payment_method')
      : null,
    metadata: changeMetadata({}, params.metadata),
    description: params.description ?? null,
    automaticTax: params.automatic_tax?.enabled ?? false,
    discounts: redeemAll(work, params.discounts, customer.id, money),
    collects: behavior !== 'default_incomplete',
    isAuthenticated: false,
  });
  if (started.refusal && behavior === 'error_if_incomplete') throw started.refusal;
  started.tell();
  const end = params.cancel_at ?? (params.cancel_at_period_end ? 'period' : undefined);
  return end === undefined
    ? started.subscription
    : updateSubscription(work, started.subscription, { end }).subscription;
}

/** A credit for the rest of every item's period. */
function creditsFor(work: Work, subscription: Stripe.Subscription) {
  return prorate(work, subscription, [], { chargesNew: false, at: work.now, all: true }).map(prorationLine);
}

export const subscriptionRoutes: readonly Route[] = [
  route('POST', '/v1/subscriptions', createShape, create),
  route(
    'GET',
    '/v1/subscriptions',
    {
      ...paging,
      customer: text().optional(),
      price: text().optional(),
      test_clock: text().optional(),
      status: oneOf(
        'active',
        'all',
        'canceled',
        'ended',
        'incomplete',
        'incomplete_expired',
        'past_due',
        'paused',
        'trialing',
        'unpaid',
      ).optional(),
    },
    (work, { customer, price, status, test_clock, ...page }) =>
      listOf(
        '/v1/subscriptions',
        work.store.page(
          'subscription',
          { customer, status: statuses(status), test_clock, 'items.data[0].price.id': price },
          page,
        ),
      ),
  ),
  route('GET', '/v1/subscriptions/:id', {}, (work, _, id) => work.store.require('subscription', id)),
  route(
    'POST',
    '/v1/subscriptions/:id',
    {
      ...changeShape,
      ...fieldShape,
      cancellation_details: cancellationDetails.optional(),
      discounts: clearable(discountList).optional(),
      payment_behavior: oneOf('allow_incomplete', 'error_if_incomplete').optional(),
    },
    (outer, params, id) => {
      const before = outer.store.require('subscription', id);
      const work = onClockOf(outer, before);
      if (hasEnded(before))
        throw invalid(
          'A canceled subscription can only update its cancellation_details and metadata.',
          undefined,
          'invalid_canceled_subscription_fields',
        );
      const { cancellation_details, payment_behavior, discounts, ...rest } = params;
      const customer = idOf(before.customer) ?? '';
      const taken =
        discounts === undefined ? undefined : redeemAll(work, discounts ?? [], customer, before.currency, id);
      const {
        automatic_tax,
        default_payment_method,
        description,
        metadata,
        pause_collection,
        trial_settings,
        ...change
      } = rest;
      const fields = { automatic_tax, default_payment_method, description, metadata, pause_collection, trial_settings };
      const { subscription, refusal } = updateSubscription(work, before, {
        ...readChange(change),
        cancellation: cancellation_details,
        fields: { ...readFields(work, before, fields), ...(taken ? { discounts: taken } : {}) },
      });
      if (refusal && payment_behavior === 'error_if_incomplete') throw refusal;
      return subscription;
    },
  ),
  route(
    'POST',
    '/v1/subscriptions/:id/resume',
    {
      billing_cycle_anchor: oneOf('now', 'unchanged').optional(),
      proration_behavior: prorationBehavior.optional(),
    },
    (work, { billing_cycle_anchor }, id) => {
      const before = work.store.require('subscription', id);
      return resumeSubscription(onClockOf(work, before), before, billing_cycle_anchor === 'unchanged').subscription;
    },
  ),
  route(
    'DELETE',
    '/v1/subscriptions/:id',
    { cancellation_details: cancellationDetails.optional(), invoice_now: flag.optional(), prorate: flag.optional() },
    (outer, { cancellation_details, invoice_now, prorate: wantsCredit }, id) => {
      const before = outer.store.require('subscription', id);
      const work = onClockOf(outer, before);
      if (wantsCredit && !invoice_now)
        throw invalid('The local Stripe prorates a cancellation together with `invoice_now` only.', 'prorate');
      const settle = invoice_now ? { credits: wantsCredit ? creditsFor(work, before) : [] } : undefined;
      return cancelNow(work, before, cancellation_details, settle);
    },
  ),
];
