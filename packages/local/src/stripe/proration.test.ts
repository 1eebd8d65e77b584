import fc from 'fast-check';
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

async function subscribed(unit_amount = 3000, card = 'pm_card_visa', more: Partial<Stripe.PriceCreateParams> = {}) {
  const who = await clockedCustomer(stripe, card);
  const price = await makePrice(stripe, { unit_amount, ...more });
  const subscription = await stripe.subscriptions.create({ customer: who.customer, items: [{ price: price.id }] });
  const [item] = subscription.items.data;
  return { ...who, price, id: subscription.id, item: item?.id ?? '', end: item?.current_period_end ?? 0 };
}
const price = (unit_amount: number, more: Partial<Stripe.PriceCreateParams> = {}) =>
  makePrice(stripe, { unit_amount, ...more });
const amounts = (invoice: Stripe.Invoice) => invoice.lines.data.map(({ amount }) => amount);
const linesOf = (invoice: Stripe.Invoice) =>
  invoice.lines.data.map(({ amount, parent }) => [amount, parent?.subscription_item_details?.proration]);
/** What a preview and the invoice that comes of it have in common. */
const essence = ({ total, subtotal, amount_due, currency, period_start, period_end, lines }: Stripe.Invoice) => ({
  total,
  subtotal,
  amount_due,
  currency,
  period_start,
  period_end,
  lines: lines.data.map(({ amount, description, quantity, period }) => ({ amount, description, quantity, period })),
});

describe('a change of price', () => {
  test('is credited and charged to the second', async () => {
    const { id, item, clock, start, end } = await subscribed(3000);
    await advance(stripe, clock, start + 9 * DAY + 1234);
    const dearer = await price(9000);
    await stripe.subscriptions.update(id, { items: [{ id: item, price: dearer.id }] });
    const share = (end - (start + 9 * DAY + 1234)) / (end - start);
    const preview = await stripe.invoices.createPreview({ subscription: id });
    expect(linesOf(preview)).toEqual([
      [-Math.round(3000 * share), true],
      [Math.round(9000 * share), true],
      [9000, false],
    ]);
  });

  test('with none costs nothing before the next period', async () => {
    const { id, item } = await subscribed(3000);
    const dearer = await price(9000);
    await stripe.subscriptions.update(id, { items: [{ id: item, price: dearer.id }], proration_behavior: 'none' });
    expect(amounts(await stripe.invoices.createPreview({ subscription: id }))).toEqual([9000]);
  });

  test('is previewed for a moment, and settled for the same moment', async () => {
    const { id, item, clock, start } = await subscribed(3000);
    await advance(stripe, clock, start + 10 * DAY);
    const dearer = await price(9000);
    const details = {
      items: [{ id: item, price: dearer.id }],
      proration_behavior: 'always_invoice' as const,
      proration_date: start + 8 * DAY,
    };
    const preview = await stripe.invoices.createPreview({ subscription: id, subscription_details: details });
    expect(preview).toMatchObject({ status: 'draft', number: null, amount_paid: 0 });
    const before = await stripe.subscriptions.retrieve(id);
    expect(before.items.data[0]?.price.unit_amount).toBe(3000);
    const { latest_invoice } = await stripe.subscriptions.update(id, details);
    const invoice = await stripe.invoices.retrieve(String(latest_invoice));
    expect(essence(invoice)).toEqual(essence(preview));
    expect(invoice.status).toBe('paid');
    await expect(
      stripe.subscriptions.update(id, { items: [{ id: item, quantity: 2 }], proration_date: start - 1 }),
    ).rejects.toMatchObject({ param: 'proration_date' });
  });

  test('that the card refuses is left past due, or not made where that is asked', async () => {
    const { id, item } = await subscribed(3000, 'pm_card_chargeCustomerFail');
    const dearer = await price(9000);
    const change = { items: [{ id: item, price: dearer.id }], proration_behavior: 'always_invoice' as const };
    await expect(
      stripe.subscriptions.update(id, { ...change, payment_behavior: 'error_if_incomplete' }),
    ).rejects.toMatchObject({ type: 'StripeCardError' });
    expect((await stripe.subscriptions.retrieve(id)).items.data[0]?.price.unit_amount).toBe(3000);
    expect(await stripe.subscriptions.update(id, change)).toMatchObject({ status: 'past_due' });
  });

  test('to yearly begins a year now, and back to monthly leaves a credit', async () => {
    const { id, item, clock, start } = await subscribed(3000);
    await advance(stripe, clock, start + 7 * DAY);
    const yearly = await price(30_000, { recurring: { interval: 'year' } });
    const change = { items: [{ id: item, price: yearly.id }] };
    const preview = await stripe.invoices.createPreview({ subscription: id, subscription_details: change });
    const after = await stripe.subscriptions.update(id, change);
    expect(essence(await stripe.invoices.retrieve(String(after.latest_invoice)))).toEqual(essence(preview));
    expect(linesOf(preview)).toEqual([
      [-2250, true],
      [30_000, false],
    ]);
    expect(after.billing_cycle_anchor).toBe(start + 7 * DAY);
    const monthly = await price(3000);
    const back = await stripe.subscriptions.update(id, {
      items: [{ id: item, price: monthly.id }],
      expand: ['customer'],
    });
    expect(back.customer).toMatchObject({ balance: -27_000 });
  });

  test('of usage bills what was used at the old price, and counts from now at the new one', async () => {
    const meter = await stripe.billing.meters.create({
      display_name: 'Calls',
      event_name: 'calls',
      default_aggregation: { formula: 'sum' },
    });
    const recurring = { interval: 'month', usage_type: 'metered', meter: meter.id } as const;
    const { id, item, clock, start, customer } = await subscribed(10, 'pm_card_visa', { recurring });
    const report = (value: number) =>
      stripe.billing.meterEvents.create({
        event_name: 'calls',
        payload: { stripe_customer_id: customer, value: String(value) },
      });
    await report(7);
    await advance(stripe, clock, start + DAY);
    const dearer = await price(100, { recurring });
    await stripe.subscriptions.update(id, { items: [{ id: item, price: dearer.id }] });
    await report(2);
    expect(amounts(await stripe.invoices.createPreview({ subscription: id }))).toEqual([70, 200]);
  });
});

describe('an end', () => {
  test('now can be settled with what was used and what was not', async () => {
    const { id, clock, start, customer } = await subscribed(2800);
    await advance(stripe, clock, start + 7 * DAY);
    const preview = await stripe.invoices.createPreview({
      subscription: id,
      subscription_details: { cancel_now: true },
    });
    expect(amounts(preview)).toEqual([-2100]);
    await stripe.subscriptions.cancel(id, { invoice_now: true, prorate: true });
    expect(await stripe.customers.retrieve(customer)).toMatchObject({ balance: -2100 });
    await expect(stripe.invoices.createPreview({ subscription: id })).rejects.toMatchObject({
      code: 'invoice_upcoming_none',
    });
  });

  test('with the period leaves nothing to be billed, and is taken back as if it had never been', async () => {
    const { id, end } = await subscribed();
    await stripe.subscriptions.update(id, { cancel_at_period_end: true });
    await expect(stripe.invoices.createPreview({ subscription: id })).rejects.toMatchObject({
      code: 'invoice_upcoming_none',
    });
    expect(await stripe.subscriptions.update(id, { cancel_at_period_end: false })).toMatchObject({ cancel_at: null });
    expect(await stripe.invoices.createPreview({ subscription: id })).toMatchObject({ total: 3000, created: end });
  });
});

test('a change and its undoing in the same second cost nothing together', { timeout: 60_000 }, async () => {
  const behaviors = fc.constantFrom('create_prorations', 'always_invoice') as fc.Arbitrary<
    'create_prorations' | 'always_invoice'
  >;
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 99_999 }),
      fc.integer({ min: 1, max: 99_999 }),
      fc.integer({ min: 1, max: 27 * DAY }),
      fc.integer({ min: 1, max: 9 }),
      behaviors,
      async (from, to, elapsed, quantity, proration_behavior) => {
        const { id, item, clock, start, customer, price: first } = await subscribed(from);
        await advance(stripe, clock, start + elapsed);
        const other = await price(to);
        await stripe.subscriptions.update(id, { items: [{ id: item, price: other.id, quantity }], proration_behavior });
        await stripe.subscriptions.update(id, {
          items: [{ id: item, price: first.id, quantity: 1 }],
          proration_behavior,
        });
        const preview = await stripe.invoices.createPreview({ subscription: id });
        const { data } = await stripe.invoices.list({ subscription: id, limit: 10 });
        const changes = [...data.filter(({ billing_reason }) => billing_reason === 'subscription_update'), preview]
          .flatMap(({ lines }) => lines.data)
          .filter(({ parent }) => parent?.subscription_item_details?.proration);
        expect(changes.reduce((sum, { amount }) => sum + amount, 0)).toBe(0);
        const { balance } = (await stripe.customers.retrieve(customer)) as Stripe.Customer;
        const paid = data.reduce((sum, { amount_paid }) => sum + amount_paid, 0);
        expect(paid + balance).toBe(from);
      },
    ),
    { numRuns: 15 },
  );
});
