import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Instance, makePrice, startInstance, subscribe } from '../testing/instance.ts';

let instance: Instance;

beforeAll(async () => {
  instance = await startInstance();
});

afterAll(() => instance.close());

const visit = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${instance.url}${path}`, { redirect: 'manual', headers });
const submit = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${instance.url}${path}`, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual', headers });
const card = { number: '4242 4242 4242 4242', expiry: '12/34', cvc: '123', name: 'Ada', email: '' };

describe('an invoice', () => {
  test('is read, printed, and paid with a card that the bank asks about', async () => {
    const { id } = await subscribe(instance, '4000000000000341');
    await instance.control(`subscriptions/${id}/renew`, {});
    const [invoice] = (await instance.stripe.invoices.list({ subscription: id, status: 'open' })).data;
    const path = new URL(invoice?.hosted_invoice_url ?? '').pathname;
    const markup = await (await visit(path)).text();
    expect(markup).toContain(invoice?.number ?? '-');
    expect((await visit(new URL(invoice?.invoice_pdf ?? '').pathname)).status).toBe(200);
    const { name: _, email: __, ...fields } = card;
    expect((await submit(path, { ...fields, number: '4000000000000002' })).status).toBe(402);
    expect((await submit(path, { ...fields, number: '4000002760003184' })).status).toBe(303);
    expect(await (await visit(path)).text()).toContain('Complete authentication');
    expect((await submit(`${path}/authenticate`, { outcome: 'fail' })).status).toBe(402);
    await submit(path, { ...fields, number: '4000002760003184' });
    expect((await submit(`${path}/authenticate`, { outcome: 'complete' })).status).toBe(303);
    expect(await instance.stripe.subscriptions.retrieve(id)).toMatchObject({ status: 'active' });
    expect(await (await visit(path)).text()).not.toContain('name="number"');
  });
});

describe('the portal', () => {
  const open = async (customer: string) =>
    new URL(
      (await instance.stripe.billingPortal.sessions.create({ customer, return_url: 'http://127.0.0.1:9/back' })).url,
    ).pathname;

  test('shows the subscription, the card and the invoices, plans the end and takes it back', async () => {
    const { id, customer } = await subscribe(instance);
    const path = await open(String(customer));
    const markup = await (await visit(path)).text();
    expect(markup).toContain('Visa ending in 4242');
    expect(markup).toContain('$29.00');
    await submit(path, { action: 'cancel', subscription: id });
    expect(await instance.stripe.subscriptions.retrieve(id)).toMatchObject({ cancel_at_period_end: true });
    await submit(path, { action: 'keep', subscription: id });
    expect(await instance.stripe.subscriptions.retrieve(id)).toMatchObject({
      cancel_at_period_end: false,
      canceled_at: null,
    });
  });

  test('takes a new card, with which what is owed can be paid', async () => {
    const { id, customer } = await subscribe(instance, '4000000000000341');
    await instance.control(`subscriptions/${id}/renew`, {});
    const path = await open(String(customer));
    const [invoice] = (await instance.stripe.invoices.list({ subscription: id, status: 'open' })).data;
    expect(await (await submit(path, { action: 'pay', invoice: invoice?.id ?? '' })).text()).toContain(
      'Your card was declined.',
    );
    expect(
      (await submit(path, { action: 'card', number: '5555555555554444', expiry: '11/33', cvc: '321' })).status,
    ).toBe(303);
    expect((await submit(path, { action: 'pay', invoice: invoice?.id ?? '' })).status).toBe(303);
    expect(await instance.stripe.subscriptions.retrieve(id)).toMatchObject({ status: 'active' });
    expect(await (await visit(`/i/${invoice?.id}`)).text()).toContain('Tenantry Premium');
  });

  test('switches to a price that is offered, at the cost that it showed', async () => {
    const before = await subscribe(instance);
    const product = String(before.items.data[0]?.price.product);
    const dearer = await instance.stripe.prices.create({
      currency: 'usd',
      unit_amount: 9900,
      recurring: { interval: 'month' },
      product,
    });
    const foreign = await makePrice(instance.stripe);
    const configuration = await instance.stripe.billingPortal.configurations.create({
      features: {
        subscription_update: {
          enabled: true,
          default_allowed_updates: ['price'],
          proration_behavior: 'always_invoice',
          products: [{ product, prices: [dearer.id] }],
        },
      },
    });
    const { url } = await instance.stripe.billingPortal.sessions.create({
      customer: String(before.customer),
      configuration: configuration.id,
    });
    const path = new URL(url).pathname;
    const page = await (await visit(path)).text();
    expect(page).toContain('$99.00 every month');
    expect(page).not.toContain('Cancel subscription');
    expect((await submit(path, { action: 'cancel', subscription: before.id })).status).toBe(400);
    const ask = (price: string) => submit(path, { action: 'preview', subscription: before.id, price });
    expect((await ask(foreign.id)).status).toBe(400);
    const preview = await (await ask(dearer.id)).text();
    const [, at = ''] = preview.match(/name="at" value="(\d+)"/) ?? [];
    const [, due = ''] = preview.match(/Due today<\/span><span>\$([\d.]+)/) ?? [];
    expect(Number(due)).toBeGreaterThan(0);
    expect((await instance.stripe.subscriptions.retrieve(before.id)).items.data[0]?.price.id).not.toBe(dearer.id);
    expect((await submit(path, { action: 'switch', subscription: before.id, price: dearer.id, at })).status).toBe(303);
    const after = await instance.stripe.subscriptions.retrieve(before.id, { expand: ['latest_invoice'] });
    expect(after.items.data[0]?.price.id).toBe(dearer.id);
    expect(after.latest_invoice).toMatchObject({ amount_paid: Math.round(Number(due) * 100) });
  });

  test('changes the billing details that may be changed', async () => {
    const { customer } = await subscribe(instance);
    const path = await open(String(customer));
    const details = {
      action: 'details',
      name: 'New Name',
      email: 'new@example.com',
      line1: 'Way 1',
      city: 'Seoul',
      postalCode: '04524',
      country: 'KR',
    };
    expect((await submit(path, { ...details, email: 'nonsense' })).status).toBe(400);
    expect((await submit(path, details)).status).toBe(303);
    expect(await instance.stripe.customers.retrieve(String(customer))).toMatchObject({
      name: 'New Name',
      email: 'new@example.com',
      address: { country: 'KR', postal_code: '04524' },
    });
  });

  test('reaches nothing of another customer, and closes after an hour', async () => {
    const mine = await subscribe(instance);
    const other = await subscribe(instance);
    const path = await open(String(mine.customer));
    expect((await submit(path, { action: 'cancel', subscription: other.id })).status).toBe(404);
    expect(await instance.stripe.subscriptions.retrieve(other.id)).toMatchObject({ cancel_at_period_end: false });
    instance.clock.offsetMs += 3_700_000;
    expect((await visit(path)).status).toBe(404);
  });
});
