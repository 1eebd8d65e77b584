import fc from 'fast-check';
import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { taxRates } from './billing/tax.ts';
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

const pay = (id: string, more: object) => instance.control(`checkout/${id}/pay`, more);

describe('tax', () => {
  test('follows the buyer’s country, goes on top unless the price includes it, and is on the invoice', async () => {
    const exclusive = await openSession(stripe, { automatic_tax: { enabled: true } });
    await pay(exclusive.id, { country: 'KR' });
    const done = await stripe.checkout.sessions.retrieve(exclusive.id, { expand: ['invoice', 'customer'] });
    expect(done).toMatchObject({
      amount_total: 3190,
      automatic_tax: { status: 'complete' },
      total_details: { amount_tax: 290 },
      customer: { address: { country: 'KR' } },
      invoice: { subtotal: 2900, total: 3190, total_excluding_tax: 2900, amount_paid: 3190 },
    });
    const price = await makePrice(stripe, { tax_behavior: 'inclusive', unit_amount: 1190 });
    const inclusive = await openSession(stripe, {
      automatic_tax: { enabled: true },
      line_items: [{ price: price.id, quantity: 1 }],
    });
    await pay(inclusive.id, { country: 'DE' });
    expect(await stripe.checkout.sessions.retrieve(inclusive.id, { expand: ['invoice'] })).toMatchObject({
      invoice: { total: 1190, total_excluding_tax: 1000, total_taxes: [{ amount: 190, tax_behavior: 'inclusive' }] },
    });
  });

  test('is not charged to a business that accounts for it itself, nor where it is not collected', async () => {
    const options = { automatic_tax: { enabled: true }, tax_id_collection: { enabled: true } };
    const business = await openSession(stripe, options);
    await pay(business.id, { country: 'DE', businessName: 'Läden GmbH', taxId: 'DE123456789' });
    const done = await stripe.checkout.sessions.retrieve(business.id, { expand: ['customer', 'invoice'] });
    expect(done).toMatchObject({
      customer_details: { business_name: 'Läden GmbH', tax_ids: [{ type: 'eu_vat', value: 'DE123456789' }] },
      customer: { name: 'Läden GmbH' },
      invoice: { total: 2900, total_taxes: [{ amount: 0, taxability_reason: 'reverse_charge' }] },
    });
    const customer = typeof done.customer === 'string' ? '' : (done.customer?.id ?? '');
    expect((await stripe.customers.listTaxIds(customer)).data).toMatchObject([{ type: 'eu_vat', country: 'DE' }]);
    const abroad = await openSession(stripe, options);
    await pay(abroad.id, { country: 'US' });
    expect(await stripe.checkout.sessions.retrieve(abroad.id)).toMatchObject({ amount_total: 2900 });
  });

  test('for a known customer needs an address, or leave to ask for one', async () => {
    const { id: customer } = await stripe.customers.create({});
    const price = await makePrice(stripe);
    const open = (more: Partial<Stripe.Checkout.SessionCreateParams>) =>
      stripe.checkout.sessions.create({
        mode: 'subscription',
        customer,
        line_items: [{ price: price.id, quantity: 1 }],
        automatic_tax: { enabled: true },
        success_url: 'http://127.0.0.1:9/',
        ...more,
      });
    await expect(open({})).rejects.toMatchObject({ code: 'customer_tax_location_invalid' });
    const session = await open({ customer_update: { address: 'auto' } });
    await pay(session.id, { country: 'JP' });
    expect(await stripe.customers.retrieve(customer)).toMatchObject({ address: { country: 'JP' } });
    expect(await open({})).toMatchObject({ amount_total: 3190 });
  });
});

test('an invoice’s total is the sum of its lines, whatever is taken off and taxed', { timeout: 120_000 }, async () => {
  const amount = fc.integer({ min: 1, max: 999_999 });
  const coupon = fc.oneof(
    fc.record({ percent_off: fc.integer({ min: 1, max: 10_000 }).map((hundredths) => hundredths / 100) }),
    fc.record({ amount_off: amount, currency: fc.constant('usd') }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ unit_amount: amount, quantity: fc.integer({ min: 1, max: 9 }), inclusive: fc.boolean() }), {
        minLength: 1,
        maxLength: 3,
      }),
      fc.array(coupon, { maxLength: 2 }),
      fc.constantFrom(...Object.keys(taxRates), 'US'),
      fc.integer({ min: 1, max: 27 }),
      async (items, coupons, country, day) => {
        const { customer, clock, start } = await clockedCustomer(stripe);
        await stripe.customers.update(customer, { address: { country } });
        const discounts: { coupon: string }[] = [];
        for (const given of coupons)
          discounts.push({ coupon: (await stripe.coupons.create({ ...given, duration: 'forever' })).id });
        const priced: { price: string; quantity: number }[] = [];
        for (const { unit_amount, quantity, inclusive } of items) {
          const tax_behavior = inclusive ? 'inclusive' : 'exclusive';
          priced.push({ price: (await makePrice(stripe, { unit_amount, tax_behavior })).id, quantity });
        }
        const { id, items: made } = await stripe.subscriptions.create({
          customer,
          items: priced,
          discounts,
          automatic_tax: { enabled: true },
        });
        await advance(stripe, clock, start + day * DAY);
        const other = await makePrice(stripe, { unit_amount: 4321 });
        await stripe.subscriptions.update(id, {
          items: [{ id: made.data[0]?.id ?? '', price: other.id, quantity: 2 }],
        });
        await advance(stripe, clock, start + 40 * DAY);
        const { data } = await stripe.invoices.list({ subscription: id });
        expect(data).toHaveLength(2);
        for (const invoice of data) {
          const lines = invoice.lines.data;
          const sum = (amounts: readonly number[]) => amounts.reduce((total, each) => total + each, 0);
          const subtotal = sum(lines.map((line) => line.amount));
          const discount = sum(lines.flatMap((line) => (line.discount_amounts ?? []).map((each) => each.amount)));
          const taxes = lines.flatMap((line) => line.taxes ?? []);
          const exclusive = sum(taxes.filter((tax) => tax.tax_behavior === 'exclusive').map((tax) => tax.amount));
          for (const line of lines) {
            const left = line.amount - sum((line.discount_amounts ?? []).map((each) => each.amount));
            expect((line.taxes ?? []).map((tax) => tax.taxable_amount)).toEqual([left]);
          }
          expect(invoice.subtotal).toBe(subtotal);
          expect(invoice.total).toBe(subtotal - discount + exclusive);
          expect(invoice.total_excluding_tax).toBe(invoice.total - sum(taxes.map((tax) => tax.amount)));
          expect(sum((invoice.total_taxes ?? []).map((tax) => tax.amount))).toBe(sum(taxes.map((tax) => tax.amount)));
          expect(sum((invoice.total_discount_amounts ?? []).map((each) => each.amount))).toBe(discount);
          expect(invoice.amount_due).toBe(Math.max(0, invoice.total + invoice.starting_balance));
          expect(invoice.amount_paid).toBe(invoice.amount_due);
        }
      },
    ),
    { numRuns: 12 },
  );
});
