/** What requests may say of a subscription, and what it means. */

import type Stripe from 'stripe';
import * as z from 'zod';
import { idOf } from '../billing/lines.ts';
import type { SubscriptionChange } from '../billing/update.ts';
import type { Work } from '../billing/work.ts';
import { exclusive, invalid } from '../wire/error.ts';
import { changeMetadata, clearable, flag, integer, list, metadata, oneOf, text } from '../wire/params.ts';

export const quantity = integer.refine((count) => count >= 1 && count <= 999_999, 'Invalid quantity');

export const cancellationDetails = z.strictObject({
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

export const itemChanges = list(
  z.strictObject({
    id: text().optional(),
    price: text().optional(),
    quantity: quantity.optional(),
    deleted: flag.optional(),
    clear_usage: flag.optional(),
  }),
).refine((items) => items.length <= 20, 'A subscription may have at most 20 items.');

export const prorationBehavior = oneOf('create_prorations', 'always_invoice', 'none');
export const trialSettings = z.strictObject({
  end_behavior: z.strictObject({ missing_payment_method: oneOf('cancel', 'create_invoice', 'pause') }),
});
export const automaticTax = z.strictObject({ enabled: flag });
export const trialDays = integer.refine(
  (days) => days >= 1 && days <= 730,
  'Invalid trial_period_days: must be 1 to 730',
);

/** What both an update and a preview of it take. */
export const changeShape = {
  items: itemChanges.optional(),
  cancel_at_period_end: flag.optional(),
  cancel_at: clearable(integer).optional(),
  proration_behavior: prorationBehavior.optional(),
  proration_date: integer.optional(),
  billing_cycle_anchor: oneOf('now', 'unchanged').optional(),
  trial_end: z.union([z.literal('now'), integer]).optional(),
};
const previewed = z.strictObject(changeShape);

export function readChange(params: z.infer<typeof previewed>): SubscriptionChange {
  if (params.items && params.trial_end !== undefined) throw exclusive('items', 'trial_end');
  if (params.cancel_at_period_end !== undefined && params.cancel_at !== undefined)
    throw exclusive('cancel_at', 'cancel_at_period_end');
  const { cancel_at_period_end: ending, cancel_at: at } = params;
  return {
    items: params.items,
    behavior: params.proration_behavior,
    prorationDate: params.proration_date,
    resetsCycle: params.billing_cycle_anchor === 'now',
    trialEnd: params.trial_end,
    end: ending === undefined ? at : ending ? 'period' : null,
  };
}

/** Fields that a change takes over as they are given. */
export const fieldShape = {
  automatic_tax: automaticTax.optional(),
  default_payment_method: clearable(text()).optional(),
  description: clearable(text(500)).optional(),
  metadata: metadata.optional(),
  pause_collection: clearable(
    z.strictObject({
      behavior: oneOf('keep_as_draft', 'mark_uncollectible', 'void'),
      resumes_at: integer.optional(),
    }),
  ).optional(),
  trial_settings: trialSettings.optional(),
};
const fields = z.strictObject(fieldShape);

function requireMethod(work: Work, subscription: Stripe.Subscription, id: string): string {
  const method = work.store.require('payment_method', id, 'default_payment_method');
  if (method.customer !== idOf(subscription.customer))
    throw invalid('The payment method must be attached to the customer.', 'default_payment_method', 'resource_missing');
  return id;
}

export function readFields(
  work: Work,
  before: Stripe.Subscription,
  params: z.infer<typeof fields>,
): Partial<Stripe.Subscription> {
  const { automatic_tax: tax, default_payment_method: method, pause_collection: pause, trial_settings: trial } = params;
  return {
    metadata: changeMetadata(before.metadata, params.metadata),
    ...(params.description === undefined ? {} : { description: params.description }),
    ...(method === undefined ? {} : { default_payment_method: method && requireMethod(work, before, method) }),
    ...(pause === undefined
      ? {}
      : { pause_collection: pause && { behavior: pause.behavior, resumes_at: pause.resumes_at ?? null } }),
    ...(trial ? { trial_settings: { end_behavior: { billing_cycle_anchor: null, ...trial.end_behavior } } } : {}),
    ...(tax
      ? {
          automatic_tax: {
            disabled_reason: null,
            enabled: tax.enabled,
            liability: tax.enabled ? { type: 'self' } : null,
          },
        }
      : {}),
  };
}
