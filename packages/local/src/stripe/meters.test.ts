import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Instance, makePrice, startInstance, subscribe } from './testing/instance.ts';

let instance: Instance;
let stripe: Stripe;
let names = 0;

beforeAll(async () => {
  instance = await startInstance();
  stripe = instance.stripe;
});

afterAll(() => instance.close());

const makeMeter = (formula: 'sum' | 'count' | 'last' = 'sum') => {
  names += 1;
  return stripe.billing.meters.create({
    display_name: 'Events',
    event_name: `events_${names}`,
    default_aggregation: { formula },
  });
};
const report = (
  { event_name }: Stripe.Billing.Meter,
  customer: string,
  value: string,
  more: Partial<Stripe.Billing.MeterEventCreateParams> = {},
) => stripe.billing.meterEvents.create({ event_name, payload: { stripe_customer_id: customer, value }, ...more });
const now = () => Math.floor((Date.now() + instance.clock.offsetMs) / 1000);
const totalOf = async ({ id }: Stripe.Billing.Meter, customer: string) => {
  const start = now() - (now() % 60) - 40 * 86_400;
  const { data } = await stripe.billing.meters.listEventSummaries(id, {
    customer,
    start_time: start,
    end_time: start + 41 * 86_400,
  });
  return data[0]?.aggregated_value;
};

describe('a meter', () => {
  test('is the only active one of its name, and takes events only while it is active', async () => {
    const meter = await makeMeter();
    const { id: customer } = await stripe.customers.create({});
    await expect(
      stripe.billing.meters.create({
        display_name: 'Twice',
        event_name: meter.event_name,
        default_aggregation: { formula: 'sum' },
      }),
    ).rejects.toMatchObject({ code: 'resource_already_exists', param: 'event_name' });
    expect(await stripe.billing.meters.deactivate(meter.id)).toMatchObject({ status: 'inactive' });
    await expect(report(meter, customer, '1')).rejects.toMatchObject({ code: 'archived_meter' });
    expect((await stripe.billing.meters.list({ status: 'inactive' })).data.map(({ id }) => id)).toEqual([meter.id]);
    expect(await stripe.billing.meters.reactivate(meter.id)).toMatchObject({
      status: 'active',
      status_transitions: { deactivated_at: null },
    });
    await report(meter, customer, '1');
    expect(await stripe.billing.meters.update(meter.id, { display_name: 'Renamed' })).toMatchObject({
      display_name: 'Renamed',
    });
  });

  test('counts an identifier once, also after a restart', async () => {
    const meter = await makeMeter();
    const { id: customer } = await stripe.customers.create({});
    await report(meter, customer, '5', { identifier: 'once' });
    await expect(report(meter, customer, '5', { identifier: 'once' })).rejects.toMatchObject({
      statusCode: 400,
      code: undefined,
      message: 'An event already exists with identifier once.',
    });
    await instance.restart();
    await expect(report(meter, customer, '5', { identifier: 'once' })).rejects.toMatchObject({ statusCode: 400 });
    expect(await totalOf(meter, customer)).toBe(5);
  });

  test('takes events of the past 35 days and of the next five minutes', async () => {
    const meter = await makeMeter();
    const { id: customer } = await stripe.customers.create({});
    await expect(report(meter, customer, '1', { timestamp: now() - 37 * 86_400 })).rejects.toMatchObject({
      code: 'timestamp_too_far_in_past',
    });
    await expect(report(meter, customer, '1', { timestamp: now() + 400 })).rejects.toMatchObject({
      code: 'timestamp_in_future',
    });
    await report(meter, customer, '1', { timestamp: now() - 35 * 86_400 });
    await report(meter, customer, '1', { timestamp: now() + 200 });
    expect(await totalOf(meter, customer)).toBe(2);
  });

  test('refuses what is not a whole number of a known customer', async () => {
    const meter = await makeMeter();
    const { id: customer } = await stripe.customers.create({});
    await expect(report(meter, customer, '1.5')).rejects.toMatchObject({ code: 'meter_event_invalid_value' });
    await expect(report(meter, 'cus_none', '1')).rejects.toMatchObject({ code: 'resource_missing' });
    await expect(
      stripe.billing.meterEvents.create({ event_name: meter.event_name, payload: { value: '1' } }),
    ).rejects.toMatchObject({ code: 'meter_event_no_customer_defined' });
    await expect(report({ ...meter, event_name: 'unheard_of' }, customer, '1')).rejects.toMatchObject({
      code: 'no_meter',
    });
  });

  test('forgets an event that is cancelled within a day', async () => {
    const meter = await makeMeter();
    const { id: customer } = await stripe.customers.create({});
    const cancel = (identifier: string) =>
      stripe.billing.meterEventAdjustments.create({
        event_name: meter.event_name,
        type: 'cancel',
        cancel: { identifier },
      });
    await report(meter, customer, '3', { identifier: `${meter.id}-a` });
    await report(meter, customer, '4', { identifier: `${meter.id}-b` });
    expect(await cancel(`${meter.id}-a`)).toMatchObject({ status: 'complete' });
    expect(await totalOf(meter, customer)).toBe(4);
    await expect(cancel(`${meter.id}-a`)).rejects.toMatchObject({ statusCode: 400 });
    instance.clock.offsetMs += 86_400_000;
    await expect(cancel(`${meter.id}-b`)).rejects.toMatchObject({ statusCode: 400 });
  });

  test.each([
    ['sum', 6],
    ['count', 3],
    ['last', 2],
  ] as const)('by %s gives %i for 1, 3 and 2, in windows and over all', async (formula, expected) => {
    const meter = await makeMeter(formula);
    const { id: customer } = await stripe.customers.create({});
    const day = now() - (now() % 86_400) - 3 * 86_400;
    for (const [value, hour] of [
      ['1', 0],
      ['2', 30],
      ['3', 1],
    ] as const)
      await report(meter, customer, value, { timestamp: day + hour * 3600 });
    expect(await totalOf(meter, customer)).toBe(expected);
    const windows = (size: 'hour' | 'day', paging = {}) =>
      stripe.billing.meters.listEventSummaries(meter.id, {
        customer,
        start_time: day,
        end_time: day + 2 * 86_400,
        value_grouping_window: size,
        ...paging,
      });
    expect((await windows('day')).data.map(({ start_time }) => start_time)).toEqual([day + 86_400, day]);
    const [newest, ...older] = (await windows('hour')).data;
    expect((await windows('hour', { starting_after: newest?.id })).data).toEqual(older);
    expect(older.map(({ start_time }) => start_time)).toEqual([day + 3600, day]);
    await expect(
      stripe.billing.meters.listEventSummaries(meter.id, { customer, start_time: day + 1, end_time: day + 61 }),
    ).rejects.toMatchObject({ param: 'start_time' });
  });
});

describe('usage', () => {
  const overage = async (meter: Stripe.Billing.Meter, more: Partial<Stripe.PriceCreateParams> = {}) =>
    stripe.prices.create({
      currency: 'usd',
      product_data: { name: 'Events collected' },
      billing_scheme: 'tiered',
      tiers_mode: 'graduated',
      recurring: { interval: 'month', usage_type: 'metered', meter: meter.id },
      tiers: [
        { up_to: 1000, unit_amount: 0 },
        { up_to: 'inf', unit_amount_decimal: stripeDecimal('0.35') },
      ],
      ...more,
    });
  const stripeDecimal = (text: string) => text as unknown as Stripe.Decimal;

  test('beyond what is included is billed when the period is over, the flat price in advance', async () => {
    const meter = await makeMeter();
    const [flat, metered] = [await makePrice(stripe), await overage(meter)];
    const before = await subscribe(instance, undefined, {
      line_items: [{ price: flat.id, quantity: 1 }, { price: metered.id }],
    });
    const customer = String(before.customer);
    expect(await stripe.invoices.retrieve(String(before.latest_invoice))).toMatchObject({ total: 2900 });
    await report(meter, customer, '900');
    await report(meter, customer, '1111');
    await instance.control(`subscriptions/${before.id}/renew`, {});
    const after = await stripe.subscriptions.retrieve(before.id, { expand: ['latest_invoice'] });
    const invoice = typeof after.latest_invoice === 'string' ? null : after.latest_invoice;
    // 1,011 events beyond the first 1,000 at 0.35 cents are 353.85 cents.
    expect(invoice?.lines.data.map(({ amount, quantity }) => [quantity, amount])).toEqual([
      [1000, 0],
      [1011, 354],
      [1, 2900],
    ]);
    expect(invoice).toMatchObject({ total: 3254, status: 'paid' });
    const [item] = before.items.data;
    expect(invoice?.lines.data[1]?.period).toEqual({
      start: item?.current_period_start,
      end: item?.current_period_end,
    });
  });

  test('is billed in the currency of the subscription, by its own tiers', async () => {
    const meter = await makeMeter();
    const flat = await makePrice(stripe, { currency_options: { krw: { unit_amount: 39_000 } } });
    const metered = await overage(meter, {
      currency_options: {
        krw: {
          tiers: [
            { up_to: 10, unit_amount: 0 },
            { up_to: 'inf', unit_amount: 7, flat_amount: 100 },
          ],
        },
      },
    });
    const before = await subscribe(instance, undefined, {
      currency: 'krw',
      line_items: [{ price: flat.id, quantity: 1 }, { price: metered.id }],
    });
    await report(meter, String(before.customer), '12');
    await instance.control(`subscriptions/${before.id}/renew`, {});
    const [invoice] = (await stripe.invoices.list({ subscription: before.id })).data;
    expect(invoice).toMatchObject({ currency: 'krw', total: 39_114 });
  });

  test('has prices only with meters, tiers in order and the last of them open', async () => {
    const meter = await makeMeter();
    await expect(overage(meter, { recurring: { interval: 'month', usage_type: 'metered' } })).rejects.toMatchObject({
      param: 'recurring[meter]',
    });
    await expect(overage(meter, { tiers: [{ up_to: 5, unit_amount: 1 }] })).rejects.toMatchObject({
      param: 'tiers[0][up_to]',
    });
    await expect(
      overage(meter, {
        tiers: [
          { up_to: 5, unit_amount: 1 },
          { up_to: 4, unit_amount: 1 },
          { up_to: 'inf', unit_amount: 1 },
        ],
      }),
    ).rejects.toMatchObject({ param: 'tiers[1][up_to]' });
    const made = await overage(meter);
    expect(made.tiers).toBeUndefined();
    const shown = await stripe.prices.retrieve(made.id, { expand: ['tiers'] });
    expect(shown).toMatchObject({ billing_scheme: 'tiered', tiers_mode: 'graduated', unit_amount: null });
    expect(shown.tiers?.map((tier) => [tier.up_to, tier.unit_amount_decimal?.toString()])).toEqual([
      [1000, '0'],
      [null, '0.35'],
    ]);
  });
});
