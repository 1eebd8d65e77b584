import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addInterval } from './billing/period.ts';
import { type Instance, makePrice, startInstance, subscribe } from './testing/instance.ts';

let instance: Instance;
let stripe: Stripe;

beforeAll(async () => {
  instance = await startInstance();
  stripe = instance.stripe;
});

afterAll(() => instance.close());

const renew = async ({ id }: Stripe.Subscription) => {
  expect((await instance.control(`subscriptions/${id}/renew`, {})).status).toBe(200);
  return stripe.subscriptions.retrieve(id, { expand: ['latest_invoice'] });
};
const typesFor = async (id: string) =>
  (await stripe.events.list({ limit: 100 })).data
    .filter(({ data }) => JSON.stringify(data.object).includes(id))
    .map(({ type }) => type);

test('months keep the day of their anchor, shorter months end on their last day', () => {
  const at = (text: string) => Date.parse(text) / 1000;
  const anchor = at('2026-01-31T10:00:00Z');
  const month = { interval: 'month', interval_count: 1 };
  expect(addInterval(anchor, month, anchor)).toBe(at('2026-02-28T10:00:00Z'));
  expect(addInterval(at('2026-02-28T10:00:00Z'), month, anchor)).toBe(at('2026-03-31T10:00:00Z'));
  expect(
    addInterval(at('2028-02-29T00:00:00Z'), { interval: 'year', interval_count: 1 }, at('2028-02-29T00:00:00Z')),
  ).toBe(at('2029-02-28T00:00:00Z'));
  expect(addInterval(anchor, { interval: 'week', interval_count: 2 }, anchor)).toBe(at('2026-02-14T10:00:00Z'));
});

describe('a subscription', () => {
  test('renews for the next period with a paid invoice', async () => {
    const before = await subscribe(instance);
    const after = await renew(before);
    expect(after).toMatchObject({
      status: 'active',
      latest_invoice: { status: 'paid', billing_reason: 'subscription_cycle', total: 2900 },
    });
    expect(after.items.data[0]?.current_period_start).toBe(before.items.data[0]?.current_period_end);
  });

  test('whose card fails on renewal is past due until the invoice is paid with another card', async () => {
    const before = await subscribe(instance, '4000000000000341');
    expect(before.status).toBe('active');
    const owing = await renew(before);
    expect(owing).toMatchObject({ status: 'past_due', latest_invoice: { status: 'open', attempt_count: 1 } });
    expect(await typesFor(before.id)).toEqual(
      expect.arrayContaining(['invoice.payment_failed', 'customer.subscription.updated']),
    );
    const invoice = typeof owing.latest_invoice === 'string' ? owing.latest_invoice : (owing.latest_invoice?.id ?? '');
    await expect(stripe.invoices.pay(invoice)).rejects.toMatchObject({
      type: 'StripeCardError',
      code: 'card_declined',
    });
    // What somebody tries by hand does not move the schedule.
    expect((await stripe.invoices.retrieve(invoice)).attempt_count).toBe(1);
    const customer = typeof owing.customer === 'string' ? owing.customer : owing.customer.id;
    const method = await stripe.paymentMethods.attach('pm_card_visa', { customer });
    await stripe.invoices.pay(invoice, { payment_method: method.id });
    expect(await stripe.subscriptions.retrieve(before.id)).toMatchObject({ status: 'active' });
    await expect(stripe.invoices.pay(invoice)).rejects.toMatchObject({ code: 'invoice_already_paid' });
  });

  test('that is to end at the period’s end says so, then ends and is deleted', async () => {
    const before = await subscribe(instance);
    const ending = await stripe.subscriptions.update(before.id, { cancel_at_period_end: true });
    expect(ending).toMatchObject({
      status: 'active',
      cancel_at_period_end: true,
      cancel_at: before.items.data[0]?.current_period_end,
    });
    expect(await stripe.subscriptions.update(before.id, { cancel_at_period_end: false })).toMatchObject({
      cancel_at: null,
      canceled_at: null,
    });
    await stripe.subscriptions.update(before.id, { cancel_at_period_end: true });
    expect(await renew(before)).toMatchObject({ status: 'canceled' });
    expect(await typesFor(before.id)).toContain('customer.subscription.deleted');
  });

  test('is cancelled at once, is listed no more, and is cancelled only once', async () => {
    const { id, customer } = await subscribe(instance);
    expect(
      await stripe.subscriptions.cancel(id, {
        cancellation_details: { comment: 'too dear', feedback: 'too_expensive' },
      }),
    ).toMatchObject({
      status: 'canceled',
      cancellation_details: { comment: 'too dear', feedback: 'too_expensive', reason: 'cancellation_requested' },
    });
    const of = String(customer);
    expect((await stripe.subscriptions.list({ customer: of })).data).toEqual([]);
    expect((await stripe.subscriptions.list({ customer: of, status: 'all' })).data).toHaveLength(1);
    await expect(stripe.subscriptions.cancel(id)).rejects.toMatchObject({ code: 'resource_missing' });
  });

  test('with another price is credited for what it did not use, at the next invoice', async () => {
    const before = await subscribe(instance);
    const [item] = before.items.data;
    const dearer = await makePrice(stripe, { unit_amount: 9900 });
    const changed = await stripe.subscriptions.update(before.id, { items: [{ id: item?.id ?? '', price: dearer.id }] });
    expect(changed.items.data[0]?.price.id).toBe(dearer.id);
    expect(changed.latest_invoice).toBe(before.latest_invoice);
    const after = await renew(before);
    const invoice = typeof after.latest_invoice === 'string' ? null : after.latest_invoice;
    // The period has only just begun: nearly all of the old price comes back and nearly all of the new one is due.
    expect(invoice?.lines.data.map(({ amount }) => amount)).toEqual([-2900, 9900, 9900]);
    expect(invoice).toMatchObject({ total: 16_900, status: 'paid' });
  });

  test('with another price can be settled at once, and a credit is kept for later', async () => {
    const before = await subscribe(instance);
    const cheaper = await makePrice(stripe, { unit_amount: 900 });
    const changed = await stripe.subscriptions.update(before.id, {
      items: [{ id: before.items.data[0]?.id ?? '', price: cheaper.id }],
      proration_behavior: 'always_invoice',
      expand: ['latest_invoice'],
    });
    expect(changed.latest_invoice).toMatchObject({
      billing_reason: 'subscription_update',
      total: -2000,
      amount_due: 0,
      status: 'paid',
    });
    expect(await stripe.customers.retrieve(String(before.customer))).toMatchObject({ balance: -2000 });
    expect(await renew(before)).toMatchObject({ latest_invoice: { total: 900, amount_due: 0 } });
    expect(await stripe.customers.retrieve(String(before.customer))).toMatchObject({ balance: -1100 });
  });

  test('that goes from months to years starts a year now and is billed for it', async () => {
    const before = await subscribe(instance);
    const yearly = await makePrice(stripe, { unit_amount: 29_000, recurring: { interval: 'year' } });
    const after = await stripe.subscriptions.update(before.id, {
      items: [{ id: before.items.data[0]?.id ?? '', price: yearly.id }],
      expand: ['latest_invoice'],
    });
    const { current_period_start: start = 0, current_period_end: end = 0 } = after.items.data[0] ?? {};
    expect(end - start).toBeGreaterThanOrEqual(365 * 86_400);
    expect(after.latest_invoice).toMatchObject({ total: 26_100, status: 'paid' });
  });

  test('cannot be given a price that does not fit, or another customer’s card', async () => {
    const before = await subscribe(instance);
    const id = before.items.data[0]?.id ?? '';
    const once = await stripe.prices.create({ currency: 'usd', unit_amount: 100, product_data: { name: 'Once' } });
    const euros = await makePrice(stripe, { currency: 'eur' });
    for (const { id: price } of [once, euros])
      await expect(stripe.subscriptions.update(before.id, { items: [{ id, price }] })).rejects.toMatchObject({
        statusCode: 400,
      });
    const other = await subscribe(instance);
    await expect(
      stripe.subscriptions.update(before.id, { default_payment_method: String(other.default_payment_method) }),
    ).rejects.toMatchObject({ code: 'resource_missing' });
    expect(await stripe.subscriptions.retrieve(before.id)).toEqual(
      expect.objectContaining({ default_payment_method: before.default_payment_method }),
    );
  });
});
