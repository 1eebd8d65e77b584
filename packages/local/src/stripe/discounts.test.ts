import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  advance,
  clockedCustomer,
  DAY,
  type Instance,
  makePrice,
  openSession,
  startInstance,
} from './testing/instance.ts';

let instance: Instance;
let stripe: Stripe;

beforeAll(async () => {
  instance = await startInstance();
  stripe = instance.stripe;
});

afterAll(() => instance.close());

const totals = async (subscription: string) =>
  (await stripe.invoices.list({ subscription, limit: 100 })).data.map(({ total }) => total).reverse();
const subscribe = async (more: Partial<Stripe.SubscriptionCreateParams>) => {
  const who = await clockedCustomer(stripe);
  const price = await makePrice(stripe, { unit_amount: 1000 });
  const { id } = await stripe.subscriptions.create({ customer: who.customer, items: [{ price: price.id }], ...more });
  return { ...who, id };
};
const pay = (id: string, more: object) => instance.control(`checkout/${id}/pay`, more);

describe('a coupon', () => {
  test.each([
    ['once', undefined, [500, 1000, 1000]],
    ['repeating', 2, [500, 500, 1000]],
    ['forever', undefined, [500, 500, 500]],
  ] as const)('for %s (%s months) is taken off as long as that', async (duration, months, expected) => {
    const coupon = await stripe.coupons.create({
      percent_off: 50,
      duration,
      ...(months ? { duration_in_months: months } : {}),
    });
    const { id, clock, start } = await subscribe({ discounts: [{ coupon: coupon.id }] });
    await advance(stripe, clock, start + 60 * DAY);
    expect(await totals(id)).toEqual(expected);
    expect((await stripe.coupons.retrieve(coupon.id)).times_redeemed).toBe(1);
  });

  test('for once is kept for the first invoice that asks for something', async () => {
    const { id: coupon } = await stripe.coupons.create({ percent_off: 50, duration: 'once' });
    const { id, clock, start } = await subscribe({ discounts: [{ coupon }], trial_period_days: 5 });
    await advance(stripe, clock, start + 40 * DAY);
    expect(await totals(id)).toEqual([0, 500, 1000]);
  });

  test('of an amount is taken off once over all lines, and no more than there is', async () => {
    const { id: coupon } = await stripe.coupons.create({ amount_off: 1500, currency: 'usd' });
    const { customer } = await clockedCustomer(stripe);
    const [small, large] = [
      await makePrice(stripe, { unit_amount: 500 }),
      await makePrice(stripe, { unit_amount: 2500 }),
    ];
    const { latest_invoice } = await stripe.subscriptions.create({
      customer,
      items: [{ price: small.id }, { price: large.id }],
      discounts: [{ coupon }],
    });
    const invoice = await stripe.invoices.retrieve(String(latest_invoice));
    expect(invoice).toMatchObject({ subtotal: 3000, total: 1500, amount_paid: 1500 });
    expect(invoice.lines.data.map(({ discount_amounts }) => discount_amounts?.[0]?.amount)).toEqual([250, 1250]);
    const { id } = await subscribe({
      discounts: [{ coupon: (await stripe.coupons.create({ amount_off: 5000, currency: 'usd' })).id }],
    });
    expect(await totals(id)).toEqual([0]);
  });

  test('that is used up, over or deleted is taken off no more, except for those who have it', async () => {
    const once = await stripe.coupons.create({ percent_off: 10, max_redemptions: 1, duration: 'forever' });
    const { id, clock, start } = await subscribe({ discounts: [{ coupon: once.id }] });
    await expect(subscribe({ discounts: [{ coupon: once.id }] })).rejects.toMatchObject({ code: 'coupon_expired' });
    expect(await stripe.coupons.retrieve(once.id)).toMatchObject({ valid: false });
    await stripe.coupons.del(once.id);
    await expect(stripe.coupons.retrieve(once.id)).rejects.toMatchObject({ code: 'resource_missing' });
    await advance(stripe, clock, start + 32 * DAY);
    expect(await totals(id)).toEqual([900, 900]);
    const over = await stripe.coupons.create({ percent_off: 10, redeem_by: Math.floor(Date.now() / 1000) - 1 });
    await expect(openSession(stripe, { discounts: [{ coupon: over.id }] })).rejects.toMatchObject({
      code: 'coupon_expired',
    });
  });

  test('is previewed without being used', async () => {
    const { id: coupon } = await stripe.coupons.create({ percent_off: 30, duration: 'forever' });
    const { id, customer } = await subscribe({});
    const preview = (params: Stripe.InvoiceCreatePreviewParams) => stripe.invoices.createPreview(params);
    expect(await preview({ subscription: id, discounts: [{ coupon }] })).toMatchObject({ subtotal: 1000, total: 700 });
    expect(await preview({ subscription: id })).toMatchObject({ total: 1000 });
    const items = [{ price: (await makePrice(stripe)).id }];
    expect(await preview({ customer, discounts: [{ coupon }], subscription_details: { items } })).toMatchObject({
      total: 2030,
      billing_reason: 'subscription_create',
    });
    expect((await stripe.coupons.retrieve(coupon)).times_redeemed).toBe(0);
  });

  test('is either a percentage or an amount with its currency', async () => {
    for (const params of [
      {},
      { percent_off: 5, amount_off: 5, currency: 'usd' },
      { amount_off: 5 },
      { percent_off: 101 },
    ])
      await expect(stripe.coupons.create(params)).rejects.toMatchObject({ statusCode: 400 });
  });
});

describe('a promotion code', () => {
  const makeCode = async (more: Partial<Stripe.PromotionCodeCreateParams> = {}) => {
    const { id: coupon } = await stripe.coupons.create({ percent_off: 20, duration: 'forever' });
    return stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon }, ...more });
  };

  test('is typed at the checkout, in any case of letters, and is taken off every invoice', async () => {
    await makeCode({ code: 'LAUNCH20' });
    const session = await openSession(stripe, { allow_promotion_codes: true });
    expect((await pay(session.id, { code: 'wrong' })).body.error).toMatchObject({ code: 'promotion_code_invalid' });
    const { body } = await pay(session.id, { code: 'launch20' });
    const done = await stripe.checkout.sessions.retrieve(session.id, { expand: ['invoice', 'subscription.discounts'] });
    expect(done).toMatchObject({
      amount_subtotal: 2900,
      amount_total: 2320,
      total_details: { amount_discount: 580 },
      invoice: { total: 2320, total_discount_amounts: [{ amount: 580 }] },
      subscription: { id: body.subscription, discounts: [{ object: 'discount', source: { type: 'coupon' } }] },
    });
  });

  test('is for whom and for what it says', async () => {
    const { id: owner } = await stripe.customers.create({});
    const own = await makeCode({ customer: owner });
    const first = await makeCode({ restrictions: { first_time_transaction: true } });
    const large = await makeCode({ restrictions: { minimum_amount: 5000, minimum_amount_currency: 'usd' } });
    const past = await makeCode({ expires_at: Math.floor(Date.now() / 1000) - 1 });
    const { customer } = await subscribe({});
    const price = await makePrice(stripe);
    const open = (code: string, customerId: string) =>
      stripe.checkout.sessions.create({
        mode: 'subscription',
        customer: customerId,
        line_items: [{ price: price.id, quantity: 1 }],
        discounts: [{ promotion_code: code }],
        success_url: 'http://127.0.0.1:9/',
      });
    for (const [code, who] of [
      [own.id, customer],
      [first.id, customer],
      [large.id, owner],
      [past.id, owner],
    ] as const)
      await expect(open(code, who)).rejects.toMatchObject({ code: 'promotion_code_invalid' });
    for (const code of [own.id, first.id]) expect(await open(code, owner)).toMatchObject({ amount_total: 2320 });
    await stripe.promotionCodes.update(own.id, { active: false });
    await expect(open(own.id, owner)).rejects.toMatchObject({ code: 'promotion_code_invalid' });
    await expect(makeCode({ code: first.code })).rejects.toMatchObject({ code: 'resource_already_exists' });
  });
});
