import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { advance, clockedCustomer, DAY, type Instance, makePrice, startInstance } from './testing/instance.ts';

let instance: Instance;
let stripe: Stripe;

beforeAll(async () => {
  instance = await startInstance();
  stripe = instance.stripe;
});

afterAll(() => instance.close());

const HOUR = 3600;
const at = (text: string) => Date.parse(text) / 1000;

async function subscribed(card?: string | null, more: Partial<Stripe.SubscriptionCreateParams> = {}) {
  const who = await clockedCustomer(stripe, card);
  const price = await makePrice(stripe);
  const subscription = await stripe.subscriptions.create({
    customer: who.customer,
    items: [{ price: price.id }],
    ...more,
  });
  return { ...who, price, id: subscription.id, subscription };
}
const invoicesOf = async (subscription: string) =>
  (await stripe.invoices.list({ subscription, limit: 100 })).data.reverse();
const typesOf = async (id: string) =>
  (await stripe.events.list({ limit: 100 })).data
    .filter(({ data }) => JSON.stringify(data.object).includes(id))
    .map(({ type }) => type)
    .reverse();

describe('with time, a subscription', () => {
  test('renews on the day of its anchor; the invoice is a draft for an hour', async () => {
    const { clock, id } = await subscribed();
    const renewal = at('2027-02-28T09:00:00Z');
    await advance(stripe, clock, renewal);
    const [, draft] = await invoicesOf(id);
    expect(draft).toMatchObject({
      status: 'draft',
      created: renewal,
      automatically_finalizes_at: renewal + HOUR,
      billing_reason: 'subscription_cycle',
    });
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status: 'active', latest_invoice: draft?.id });
    await advance(stripe, clock, renewal + HOUR);
    const paid = await stripe.invoices.retrieve(draft?.id ?? '');
    expect(paid).toMatchObject({ status: 'paid', total: 2900 });
    expect(paid.status_transitions).toMatchObject({ finalized_at: renewal + HOUR, paid_at: renewal + HOUR });
    await advance(stripe, clock, at('2027-03-31T10:00:00Z'));
    expect((await invoicesOf(id)).map(({ created }) => created)).toEqual([
      at('2027-01-31T09:00:00Z'),
      renewal,
      at('2027-03-31T09:00:00Z'),
    ]);
    expect((await typesOf(draft?.id ?? '')).filter((type) => type.startsWith('invoice.'))).toEqual([
      'invoice.created',
      'invoice.finalized',
      'invoice.paid',
      'invoice.payment_succeeded',
    ]);
  });

  test('bills usage that is reported while the invoice is a draft, for the period that it belongs to', async () => {
    const meter = await stripe.billing.meters.create({
      display_name: 'Late',
      event_name: 'late',
      default_aggregation: { formula: 'sum' },
    });
    const { clock, customer, start } = await clockedCustomer(stripe);
    const metered = await makePrice(stripe, {
      unit_amount: 2,
      recurring: { interval: 'month', usage_type: 'metered', meter: meter.id },
    });
    const { id } = await stripe.subscriptions.create({ customer, items: [{ price: metered.id }] });
    const renewal = at('2027-02-28T09:00:00Z');
    const report = (value: number, timestamp: number) =>
      stripe.billing.meterEvents.create({
        event_name: 'late',
        timestamp,
        payload: { stripe_customer_id: customer, value: String(value) },
      });
    await report(10, start + 60);
    await advance(stripe, clock, renewal + 60);
    expect((await invoicesOf(id))[1]).toMatchObject({ status: 'draft', total: 20 });
    await report(5, renewal - 1);
    await report(100, renewal);
    await advance(stripe, clock, renewal + HOUR);
    expect((await invoicesOf(id))[1]).toMatchObject({ status: 'paid', total: 30 });
    await advance(stripe, clock, at('2027-03-31T10:00:00Z'));
    expect((await invoicesOf(id))[2]).toMatchObject({ status: 'paid', total: 200 });
  });

  test('does not bill what was used in its trial', async () => {
    const meter = await stripe.billing.meters.create({
      display_name: 'Tried',
      event_name: 'tried',
      default_aggregation: { formula: 'sum' },
    });
    const { clock, customer, start } = await clockedCustomer(stripe);
    const metered = await makePrice(stripe, {
      unit_amount: 2,
      recurring: { interval: 'month', usage_type: 'metered', meter: meter.id },
    });
    const { id } = await stripe.subscriptions.create({
      customer,
      items: [{ price: (await makePrice(stripe)).id }, { price: metered.id }],
      trial_period_days: 7,
    });
    const report = () =>
      stripe.billing.meterEvents.create({
        event_name: 'tried',
        payload: { stripe_customer_id: customer, value: '50' },
      });
    await report();
    await advance(stripe, clock, start + 8 * DAY);
    await report();
    await advance(stripe, clock, start + 40 * DAY);
    expect((await invoicesOf(id)).map(({ total }) => total)).toEqual([0, 2900, 3000]);
  });

  test('is told of three days before its trial ends, and is then charged', async () => {
    const { clock, start, id } = await subscribed(undefined, { trial_period_days: 14 });
    await advance(stripe, clock, start + 11 * DAY - 1);
    expect(await typesOf(id)).not.toContain('customer.subscription.trial_will_end');
    await advance(stripe, clock, start + 11 * DAY);
    expect(await typesOf(id)).toContain('customer.subscription.trial_will_end');
    await advance(stripe, clock, start + 14 * DAY + HOUR);
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status: 'active' });
    expect((await invoicesOf(id)).map(({ total, status }) => [total, status])).toEqual([
      [0, 'paid'],
      [2900, 'paid'],
    ]);
    const told = (await typesOf(id)).filter((type) => type === 'customer.subscription.trial_will_end');
    expect(told).toHaveLength(1);
  });

  test.each([
    ['cancel', 'canceled'],
    ['pause', 'paused'],
    ['create_invoice', 'past_due'],
  ] as const)('whose trial ends without a card does what %s says: %s', async (missing_payment_method, status) => {
    const { clock, start, id } = await subscribed(null, {
      trial_period_days: 5,
      trial_settings: { end_behavior: { missing_payment_method } },
    });
    await advance(stripe, clock, start + 5 * DAY + HOUR);
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status });
  });

  test('that ends with its period does, and is billed for its last usage alone', async () => {
    const { clock, id } = await subscribed();
    await stripe.subscriptions.update(id, { cancel_at_period_end: true });
    await advance(stripe, clock, at('2027-02-28T08:59:59Z'));
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status: 'active' });
    await advance(stripe, clock, at('2027-03-28T09:00:00Z'));
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({
      status: 'canceled',
      ended_at: at('2027-02-28T09:00:00Z'),
    });
    expect(await invoicesOf(id)).toHaveLength(1);
  });

  test('whose payments fail is tried four times in three weeks and then canceled', async () => {
    const { clock, id } = await subscribed('pm_card_chargeCustomerFail');
    const first = at('2027-02-28T10:00:00Z');
    await advance(stripe, clock, first);
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status: 'past_due' });
    const [, owing] = await invoicesOf(id);
    expect(owing).toMatchObject({ status: 'open', attempt_count: 1, next_payment_attempt: first + 3 * DAY });
    await advance(stripe, clock, first + 21 * DAY - 1);
    expect(await stripe.invoices.retrieve(owing?.id ?? '')).toMatchObject({ attempt_count: 3 });
    await advance(stripe, clock, first + 21 * DAY);
    expect(await stripe.invoices.retrieve(owing?.id ?? '')).toMatchObject({
      status: 'open',
      attempt_count: 4,
      next_payment_attempt: null,
    });
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({
      status: 'canceled',
      cancellation_details: { reason: 'payment_failed' },
    });
  });

  test('whose payments fail becomes unpaid where that is set, and active when it is paid', async () => {
    await instance.control('settings', { retryDays: [1], afterRetries: 'unpaid' });
    const { clock, id, customer } = await subscribed('pm_card_chargeCustomerFail');
    await advance(stripe, clock, at('2027-03-01T10:00:00Z'));
    const unpaid = await stripe.subscriptions.retrieve(id);
    expect(unpaid).toMatchObject({ status: 'unpaid' });
    const card = await stripe.paymentMethods.attach('pm_card_visa', { customer });
    await stripe.invoices.pay(String(unpaid.latest_invoice), { payment_method: card.id });
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status: 'active' });
    await instance.control('settings', {});
  });

  test('that is past due becomes active when a retry finds a better card', async () => {
    const { clock, id, customer } = await subscribed('pm_card_chargeCustomerFail');
    await advance(stripe, clock, at('2027-02-28T10:00:00Z'));
    const card = await stripe.paymentMethods.attach('pm_card_visa', { customer });
    await stripe.customers.update(customer, { invoice_settings: { default_payment_method: card.id } });
    await advance(stripe, clock, at('2027-03-03T10:00:00Z'));
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status: 'active' });
  });

  test('whose renewal the bank wants to confirm waits for the buyer', async () => {
    const { clock, id } = await subscribed('pm_card_authenticationRequired', { payment_behavior: 'allow_incomplete' });
    const started = await stripe.subscriptions.retrieve(id);
    expect(started).toMatchObject({ status: 'incomplete' });
    const answer = (outcome: string, invoice: unknown) =>
      instance.control(`invoices/${invoice}/authenticate`, { outcome });
    expect((await answer('complete', started.latest_invoice)).body).toMatchObject({ status: 'paid' });
    await advance(stripe, clock, at('2027-02-28T10:00:00Z'));
    const waiting = await stripe.subscriptions.retrieve(id);
    expect(waiting).toMatchObject({ status: 'past_due' });
    expect(await typesOf(String(waiting.latest_invoice))).toContain('invoice.payment_action_required');
    expect((await answer('fail', waiting.latest_invoice)).status).toBe(402);
    await stripe.invoices.pay(String(waiting.latest_invoice)).catch(() => undefined);
    expect((await answer('complete', waiting.latest_invoice)).body).toMatchObject({ status: 'paid' });
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status: 'active' });
  });

  test('that was never paid for expires within a day', async () => {
    const { clock, start, id } = await subscribed(null);
    expect(await stripe.subscriptions.retrieve(id, { expand: ['latest_invoice.confirmation_secret'] })).toMatchObject({
      status: 'incomplete',
      latest_invoice: { confirmation_secret: { client_secret: expect.stringMatching(/^pi_\w+_secret_/) } },
    });
    await advance(stripe, clock, start + 23 * HOUR);
    const expired = await stripe.subscriptions.retrieve(id, { expand: ['latest_invoice'] });
    expect(expired).toMatchObject({ status: 'incomplete_expired', latest_invoice: { status: 'void' } });
  });
});
