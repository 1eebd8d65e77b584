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
describe('a pause', () => {
  test.each([
    ['void', 'void'],
    ['mark_uncollectible', 'uncollectible'],
    ['keep_as_draft', 'draft'],
  ] as const)('of collection by %s leaves the invoice %s, and ends when it says', async (behavior, status) => {
    const { id, clock, end } = await subscribed();
    await stripe.subscriptions.update(id, { pause_collection: { behavior, resumes_at: end + 2 * DAY } });
    await advance(stripe, clock, end + DAY);
    const paused = await stripe.subscriptions.retrieve(id, { expand: ['latest_invoice'] });
    expect(paused).toMatchObject({ status: 'active', latest_invoice: { status } });
    await advance(stripe, clock, end + 2 * DAY);
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ pause_collection: null });
  });

  test('after a trial without a card ends by resuming with one', async () => {
    const { customer, clock, start } = await clockedCustomer(stripe, null);
    const { id } = await stripe.subscriptions.create({
      customer,
      items: [{ price: (await price(1500)).id }],
      trial_period_days: 2,
      trial_settings: { end_behavior: { missing_payment_method: 'pause' } },
    });
    await advance(stripe, clock, start + 3 * DAY);
    expect(await stripe.subscriptions.resume(id)).toMatchObject({ status: 'paused' });
    const card = await stripe.paymentMethods.attach('pm_card_visa', { customer });
    const { latest_invoice } = await stripe.subscriptions.retrieve(id);
    await stripe.invoices.pay(String(latest_invoice), { payment_method: card.id });
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status: 'active' });
    const types = (await stripe.events.list({ limit: 100 })).data
      .filter(({ data }) => 'id' in data.object && data.object.id === id)
      .map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(['customer.subscription.paused', 'customer.subscription.resumed']));
    await expect(stripe.subscriptions.resume(id)).rejects.toMatchObject({ statusCode: 400 });
  });

  test('is not needed for a trial that ends now: it is paid for at once', async () => {
    const { customer } = await clockedCustomer(stripe);
    const { id } = await stripe.subscriptions.create({
      customer,
      items: [{ price: (await price(1500)).id }],
      trial_period_days: 20,
    });
    const after = await stripe.subscriptions.update(id, { trial_end: 'now', expand: ['latest_invoice'] });
    expect(after).toMatchObject({ status: 'active', latest_invoice: { status: 'paid', total: 1500 } });
  });
});

describe('an invoice', () => {
  test('can be made final, voided and given up by hand, and then not again', async () => {
    const { id, clock, end } = await subscribed(3000, 'pm_card_chargeCustomerFail');
    await advance(stripe, clock, end);
    const { latest_invoice } = await stripe.subscriptions.retrieve(id);
    const invoice = String(latest_invoice);
    expect(await stripe.invoices.finalizeInvoice(invoice, { auto_advance: false })).toMatchObject({ status: 'open' });
    await expect(stripe.invoices.finalizeInvoice(invoice)).rejects.toMatchObject({ statusCode: 400 });
    await expect(stripe.invoices.pay(invoice)).rejects.toMatchObject({ type: 'StripeCardError' });
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status: 'past_due' });
    expect(await stripe.invoices.markUncollectible(invoice)).toMatchObject({ status: 'uncollectible' });
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status: 'active' });
    expect(await stripe.invoices.voidInvoice(invoice)).toMatchObject({ status: 'void' });
    await expect(stripe.invoices.pay(invoice)).rejects.toMatchObject({ statusCode: 400 });
  });

  test('that is not to go on by itself is tried only by hand', async () => {
    const { id, clock, end } = await subscribed(3000, 'pm_card_chargeCustomerFail');
    await advance(stripe, clock, end);
    const { latest_invoice } = await stripe.subscriptions.retrieve(id);
    await stripe.invoices.finalizeInvoice(String(latest_invoice), { auto_advance: false });
    await expect(stripe.invoices.pay(String(latest_invoice))).rejects.toMatchObject({ code: 'card_declined' });
    expect(await stripe.invoices.retrieve(String(latest_invoice))).toMatchObject({ next_payment_attempt: null });
  });

  test('is not paid by a card that was detached, nor by another customer’s', async () => {
    const { customer, id, clock, end } = await subscribed();
    const [card] = (await stripe.customers.listPaymentMethods(customer)).data;
    await stripe.paymentMethods.detach(card?.id ?? '');
    await advance(stripe, clock, end + 3600);
    const owing = await stripe.subscriptions.retrieve(id);
    expect(owing).toMatchObject({ status: 'past_due' });
    const other = await stripe.paymentMethods.attach('pm_card_visa', { customer: (await subscribed()).customer });
    await expect(stripe.invoices.pay(String(owing.latest_invoice), { payment_method: other.id })).rejects.toMatchObject(
      { code: 'resource_missing', param: 'payment_method' },
    );
  });

  test('that is voided before it was ever paid ends what it was for', async () => {
    const { customer } = await clockedCustomer(stripe, null);
    const { id, status, latest_invoice } = await stripe.subscriptions.create({
      customer,
      items: [{ price: (await price(1500)).id }],
    });
    expect(status).toBe('incomplete');
    await stripe.invoices.voidInvoice(String(latest_invoice));
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status: 'incomplete_expired' });
  });

  test('that was paid with a stolen card is disputed, and the dispute can be given up', async () => {
    const { customer, id } = await subscribed(3000, 'pm_card_createDispute');
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status: 'active' });
    const [charge] = (await stripe.charges.list({ customer })).data;
    const [dispute] = (await stripe.disputes.list({ charge: charge?.id ?? '' })).data;
    expect(dispute).toMatchObject({ amount: 3000, status: 'needs_response', reason: 'fraudulent' });
    expect(charge?.disputed).toBe(true);
    const [event] = (await stripe.events.list({ type: 'charge.dispute.created', limit: 1 })).data;
    expect(event?.data.object).toMatchObject({ id: dispute?.id });
    expect(await stripe.disputes.close(dispute?.id ?? '')).toMatchObject({ status: 'lost' });
    await expect(stripe.disputes.close(dispute?.id ?? '')).rejects.toMatchObject({ statusCode: 400 });
  });
});

test('a customer that is deleted subscribes to nothing any more', async () => {
  const { id, customer } = await subscribed();
  await stripe.customers.del(customer);
  expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status: 'canceled' });
});

test('a customer that is deleted while an invoice is a draft is not billed for it, and time goes on', async () => {
  const meter = await stripe.billing.meters.create({
    display_name: 'Last',
    event_name: 'last',
    default_aggregation: { formula: 'sum' },
  });
  const recurring = { interval: 'month', usage_type: 'metered', meter: meter.id } as const;
  const { id, customer, clock, end } = await subscribed(10, 'pm_card_visa', { recurring });
  await stripe.subscriptions.update(id, { cancel_at_period_end: true });
  const open = await stripe.checkout.sessions.create({
    mode: 'subscription',
    customer,
    line_items: [{ price: (await price(100)).id, quantity: 1 }],
    success_url: 'http://127.0.0.1:9/',
  });
  await advance(stripe, clock, end);
  await stripe.customers.del(customer);
  await advance(stripe, clock, end + DAY);
  const [draft] = (await stripe.invoices.list({ subscription: id })).data;
  expect(draft).toMatchObject({ status: 'draft', auto_advance: false });
  expect(await stripe.checkout.sessions.retrieve(open.id)).toMatchObject({ status: 'expired' });
});
