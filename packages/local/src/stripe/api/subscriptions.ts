import type Stripe from 'stripe';
import { z } from 'zod';
import { changeSubscriptionItems } from '../billing/change.ts';
import { idOf } from '../billing/lines.ts';
import { cancelNow, withReason } from '../billing/subscription-life.ts';
import type { Work } from '../billing/work.ts';
import { exclusive, invalid } from '../wire/error.ts';
import { changeMetadata, clearable, flag, integer, list, metadata, oneOf, paging, text } from '../wire/params.ts';
import { listOf, type Route, route } from './route.ts';

const cancellationDetails = z.strictObject({
  comment: clearable(text()).optional(),
  feedback: clearable(
    oneOf(
      'customer_service',
      'low_quality',
      'missing_features',
      'other',
      'switched_service',
      'too_complex',
      'too_expensive',
      'unused',
    ),
  ).optional(),
});

const changeShape = {
  items: list(
    z.strictObject({
      id: text().optional(),
      price: text().optional(),
      quantity: integer.refine((count) => count >= 1, 'Invalid quantity').optional(),
      deleted: flag.optional(),
    }),
  ).optional(),
  cancel_at_period_end: flag.optional(),
  cancellation_details: cancellationDetails.optional(),
  default_payment_method: clearable(text()).optional(),
  description: clearable(text(500)).optional(),
  metadata: metadata.optional(),
  payment_behavior: oneOf('allow_incomplete', 'error_if_incomplete').optional(),
  proration_behavior: oneOf('create_prorations', 'always_invoice', 'none').optional(),
  trial_end: z.union([z.literal('now'), integer]).optional(),
};

const ended = ['canceled', 'incomplete_expired'];
const notEnded = ['active', 'incomplete', 'past_due', 'paused', 'trialing', 'unpaid'];

function statuses(status: string | undefined): string[] | undefined {
  if (status === 'all') return undefined;
  if (status === 'ended') return ended;
  return status === undefined ? notEnded : [status];
}

/** Ends a trial or moves its end; the first paid period follows at the next renewal. */
function withTrialEnd(work: Work, subscription: Stripe.Subscription, given: 'now' | number): Stripe.Subscription {
  const end = given === 'now' ? work.now : given;
  if (end < work.now) throw invalid('Timestamps cannot be in the past; try `now` instead.', 'trial_end');
  if (subscription.status !== 'trialing')
    throw invalid('The local Stripe changes the trial only of a subscription that is trialing.', 'trial_end');
  return {
    ...subscription,
    trial_end: end,
    billing_cycle_anchor: end,
    items: {
      ...subscription.items,
      data: subscription.items.data.map((item) => ({ ...item, current_period_end: end })),
    },
  };
}

function requireMethod(work: Work, subscription: Stripe.Subscription, id: string): string {
  const method = work.store.require('payment_method', id, 'default_payment_method');
  if (method.customer !== idOf(subscription.customer))
    throw invalid('The payment method must be attached to the customer.', 'default_payment_method', 'resource_missing');
  return id;
}

export const subscriptionRoutes: readonly Route[] = [
  route(
    'GET',
    '/v1/subscriptions',
    {
      ...paging,
      customer: text().optional(),
      price: text().optional(),
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
    (work, { customer, price, status, ...page }) =>
      listOf(
        '/v1/subscriptions',
        work.store.page('subscription', { customer, status: statuses(status), 'items.data[0].price.id': price }, page),
      ),
  ),
  route('GET', '/v1/subscriptions/:id', {}, (work, _, id) => work.store.require('subscription', id)),
  route('POST', '/v1/subscriptions/:id', changeShape, (work, params, id) => {
    const before = work.store.require('subscription', id);
    if (before.status === 'canceled')
      throw invalid(
        'A canceled subscription can only update its cancellation_details and metadata.',
        undefined,
        'invalid_canceled_subscription_fields',
      );
    if (params.items && params.trial_end !== undefined) throw exclusive('items', 'trial_end');
    let next = params.items
      ? changeSubscriptionItems(work, before, params.items, params.proration_behavior ?? 'create_prorations')
      : before;
    if (params.trial_end !== undefined) next = withTrialEnd(work, next, params.trial_end);
    const { default_payment_method: method, cancel_at_period_end: ending = next.cancel_at_period_end } = params;
    const [item] = next.items.data;
    const after: Stripe.Subscription = {
      ...next,
      metadata: changeMetadata(next.metadata, params.metadata),
      description: params.description === undefined ? next.description : params.description,
      default_payment_method:
        method === undefined ? next.default_payment_method : method && requireMethod(work, next, method),
      cancel_at_period_end: ending,
      cancel_at: ending ? (item?.current_period_end ?? null) : null,
      canceled_at: ending ? (next.canceled_at ?? work.now) : null,
      cancellation_details: withReason(next, params.cancellation_details, ending ? 'cancellation_requested' : null),
    };
    work.store.update('subscription', after);
    work.emitUpdate('customer.subscription.updated', before, after);
    return after;
  }),
  route(
    'DELETE',
    '/v1/subscriptions/:id',
    { cancellation_details: cancellationDetails.optional() },
    (work, params, id) => cancelNow(work, work.store.require('subscription', id), params.cancellation_details),
  ),
];
