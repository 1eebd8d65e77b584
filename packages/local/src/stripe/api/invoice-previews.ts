/** `POST /v1/invoices/create_preview`. */

import type Stripe from 'stripe';
import * as z from 'zod';
import { onClockOf } from '../billing/clock.ts';
import { idOf } from '../billing/lines.ts';
import { previewChange, previewStart } from '../billing/preview.ts';
import type { Work } from '../billing/work.ts';
import { invalid } from '../wire/error.ts';
import { clearable, currency, flag, oneOf, text } from '../wire/params.ts';
import { discountList, readDiscounts } from './coupons.ts';
import { requireCustomer } from './customers.ts';
import { type Route, route } from './route.ts';
import { automaticTax, changeShape, readChange } from './subscription-params.ts';

const details = z.strictObject({
  ...changeShape,
  cancel_now: flag.optional(),
  resume_at: oneOf('now').optional(),
});

const shape = {
  automatic_tax: automaticTax.optional(),
  currency: currency.optional(),
  discounts: clearable(discountList).optional(),
  customer: text().optional(),
  subscription: text().optional(),
  subscription_details: details.optional(),
};
const params = z.strictObject(shape);

function previewNew(outer: Work, given: z.infer<typeof params>): Stripe.Invoice {
  const customer = requireCustomer(outer, given.customer ?? '', 'customer');
  const work = onClockOf(outer, customer);
  const items = (given.subscription_details?.items ?? []).map(({ price, quantity }, index) => ({
    price: work.store.require('price', price ?? '', `subscription_details[items][${index}][price]`),
    quantity: quantity ?? 1,
  }));
  const [first] = items;
  if (!first)
    throw invalid(
      'A preview needs a subscription, or a customer and the items of a new one.',
      'subscription_details[items]',
      'parameter_missing',
    );
  const { trial_end: trialEnd } = given.subscription_details ?? {};
  const money = given.currency ?? first.price.currency;
  const purchase = { customer: customer.id, amount: Number.MAX_SAFE_INTEGER, currency: money };
  const start = {
    customer,
    currency: money,
    items,
    trialEnd: typeof trialEnd === 'number' ? trialEnd : null,
    missingPaymentMethod: 'create_invoice' as const,
    paymentMethod: null,
    metadata: {},
    description: null,
    automaticTax: given.automatic_tax?.enabled ?? false,
    isAuthenticated: false,
  };
  return previewStart(work, start, readDiscounts(work, given.discounts ?? undefined, purchase));
}

export const invoicePreviewRoutes: readonly Route[] = [
  route('POST', '/v1/invoices/create_preview', shape, (outer, given) => {
    if (given.subscription === undefined) return previewNew(outer, given);
    const subscription = outer.store.require('subscription', given.subscription, 'subscription');
    if (given.customer !== undefined && idOf(subscription.customer) !== given.customer)
      throw invalid('The subscription does not belong to the customer.', 'customer');
    const { cancel_now, resume_at, ...change } = given.subscription_details ?? {};
    const hasChange = Object.values(change).some((value) => value !== undefined);
    const work = onClockOf(outer, subscription);
    const { currency: money } = subscription;
    const purchase = { customer: idOf(subscription.customer), amount: Number.MAX_SAFE_INTEGER, currency: money };
    return previewChange(work, subscription, {
      discounts: given.discounts === undefined ? undefined : readDiscounts(work, given.discounts ?? [], purchase),
      change: hasChange ? readChange(change) : undefined,
      cancelsNow: cancel_now ?? false,
      resumes: resume_at === 'now',
    });
  }),
];
