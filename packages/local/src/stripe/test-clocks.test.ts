import fc from 'fast-check';
import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  advance,
  clientOf,
  clockedCustomer,
  DAY,
  type Instance,
  makePrice,
  openSession,
  secretKey,
  startInstance,
} from './testing/instance.ts';

let instance: Instance;
let stripe: Stripe;

beforeAll(async () => {
  instance = await startInstance();
  stripe = instance.stripe;
});

afterAll(() => instance.close());

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

describe('a test clock', () => {
  test('goes forward only, two periods at a time, and tells when it is ready', async () => {
    const { clock, start } = await subscribed();
    const to = (frozen_time: number) => stripe.testHelpers.testClocks.advance(clock, { frozen_time });
    await expect(to(start)).rejects.toMatchObject({ param: 'frozen_time' });
    await expect(to(at('2027-04-01T00:00:00Z'))).rejects.toMatchObject({ param: 'frozen_time' });
    expect(await to(start + DAY)).toMatchObject({ status: 'advancing', frozen_time: start });
    await advance(stripe, clock, start + 2 * DAY);
    expect(await stripe.testHelpers.testClocks.retrieve(clock)).toMatchObject({
      status: 'ready',
      frozen_time: start + 2 * DAY,
      status_details: {},
    });
    expect(await typesOf(clock)).toContain('test_helpers.test_clock.ready');
  });

  test('is nobody else’s time', async () => {
    const { clock, start } = await subscribed();
    const other = await subscribed();
    await advance(stripe, clock, start + 40 * DAY);
    expect(await invoicesOf(other.id)).toHaveLength(1);
    expect((await stripe.customers.create({})).created).toBeLessThan(start);
  });

  test('lets nothing change while it advances, and a client tries again until it may', async () => {
    const { clock, customer, start, id, price } = await subscribed();
    // Enough to do that the clock is still at it when the next request comes.
    for (let n = 0; n < 30; n += 1) await stripe.subscriptions.create({ customer, items: [{ price: price.id }] });
    const update = (client: Stripe) => client.subscriptions.update(id, { metadata: { seen: 'yes' } });
    await stripe.testHelpers.testClocks.advance(clock, { frozen_time: start + 56 * DAY });
    await expect(update(stripe)).rejects.toMatchObject({ statusCode: 429, code: 'lock_timeout' });
    expect(await update(clientOf(instance.url, secretKey, 10))).toMatchObject({ metadata: { seen: 'yes' } });
    expect(await stripe.testHelpers.testClocks.retrieve(clock)).toMatchObject({ status: 'ready' });
  });

  test('that was stopped while it advanced goes on after a restart', async () => {
    const { clock, start, id } = await subscribed();
    await stripe.testHelpers.testClocks.advance(clock, { frozen_time: start + 30 * DAY });
    await instance.restart();
    await advance(stripe, clock, start + 30 * DAY + 1);
    expect((await invoicesOf(id)).map(({ status }) => status)).toEqual(['paid', 'paid']);
  });

  test('that is deleted takes its customers and their subscriptions with it', async () => {
    const { clock, customer, id } = await subscribed();
    await stripe.testHelpers.testClocks.del(clock);
    expect(await stripe.customers.retrieve(customer)).toMatchObject({ deleted: true });
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status: 'canceled' });
    await expect(stripe.testHelpers.testClocks.retrieve(clock)).rejects.toMatchObject({ statusCode: 404 });
  });

  test('expires a checkout of its customer', async () => {
    const { clock, start, customer } = await clockedCustomer(stripe);
    const price = await makePrice(stripe);
    const open = await stripe.checkout.sessions.create({
      mode: 'subscription',
      customer,
      line_items: [{ price: price.id, quantity: 1 }],
      success_url: 'http://127.0.0.1:9/',
    });
    await advance(stripe, clock, start + DAY);
    expect(await stripe.checkout.sessions.retrieve(open.id)).toMatchObject({ status: 'expired' });
    expect(await stripe.checkout.sessions.retrieve((await openSession(stripe)).id)).toMatchObject({ status: 'open' });
  });
});

/** The text with ids and the like replaced by numbers in the order in which they come. */
function withoutNames(text: string): string {
  const names = new Map<string, number>();
  return text.replace(
    /\b(?:sub|in|il|si|pi|ch|cus|pm|price|prod|mtr_test|clock)_\w{14,}|[A-Z0-9]{8}(?=-\d{4}")|"fingerprint":"\w+"/g,
    (name) => {
      names.set(name, names.get(name) ?? names.size);
      return `#${names.get(name)}`;
    },
  );
}

test('time in one step or in many makes the same objects', { timeout: 120_000 }, async () => {
  /** Everything of a life, with names in the order in which they came. */
  async function live(card: string, trialDays: number, usage: readonly number[], step: number) {
    const { clock, start, customer } = await clockedCustomer(stripe, card);
    const { id } = await stripe.subscriptions.create({
      customer,
      items: [{ price: flat.id }, { price: metered.id }],
      ...(trialDays > 0 ? { trial_period_days: trialDays } : {}),
    });
    for (const [index, day] of usage.entries())
      await stripe.billing.meterEvents.create({
        event_name: 'stepped',
        timestamp: start,
        payload: { stripe_customer_id: customer, value: String(day + index) },
      });
    await advance(stripe, clock, start + 58 * DAY, step);
    const invoices = await invoicesOf(id);
    const subscription = await stripe.subscriptions.retrieve(id);
    const { data: charges } = await stripe.charges.list({ customer, limit: 100 });
    return withoutNames(JSON.stringify({ subscription, invoices, charges: charges.reverse() }));
  }
  const { id: meter } = await stripe.billing.meters.create({
    display_name: 'Stepped',
    event_name: 'stepped',
    default_aggregation: { formula: 'sum' },
  });
  const flat = await makePrice(stripe);
  const metered = await makePrice(stripe, {
    unit_amount: 3,
    product_data: { name: 'Usage' },
    recurring: { interval: 'month', usage_type: 'metered', meter },
  });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('pm_card_visa', 'pm_card_chargeCustomerFail', 'pm_card_authenticationRequired'),
      fc.constantFrom(0, 2, 10),
      fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 3 }),
      fc.integer({ min: 1, max: 20 }),
      async (card, trialDays, usage, days) => {
        const [whole, steps] = [
          await live(card, trialDays, usage, 58 * DAY),
          await live(card, trialDays, usage, days * DAY),
        ];
        expect(steps).toEqual(whole);
      },
    ),
    { numRuns: 6 },
  );
});

describe('the clock of new customers', () => {
  test('is theirs as long as it is there, but for those that bring their own', async () => {
    const made = await fetch(`${instance.url}/_local/clock`, { method: 'POST' });
    const { id } = (await made.json()) as Stripe.TestHelpers.TestClock;
    expect(await stripe.customers.create({})).toMatchObject({ test_clock: id });
    const own = await clockedCustomer(stripe);
    expect(await stripe.customers.retrieve(own.customer)).toMatchObject({ test_clock: own.clock });
    const before = (await stripe.testHelpers.testClocks.retrieve(id)).frozen_time;
    const advanced = await fetch(`${instance.url}/_local/clocks/${id}/advance`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ days: 7 }),
    });
    expect(advanced.status).toBe(200);
    await expect
      .poll(async () => (await stripe.testHelpers.testClocks.retrieve(id)).frozen_time)
      .toBe(before + 7 * DAY);
    await fetch(`${instance.url}/_local/settings`, { method: 'POST' });
    expect(await stripe.customers.create({})).toMatchObject({ test_clock: id });
    await stripe.testHelpers.testClocks.del(id);
    expect(await stripe.customers.create({})).toMatchObject({ test_clock: null });
  });
});
