import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Instance, makePrice, openSession, startInstance, startReceiver, subscribe } from './testing/instance.ts';

let instance: Instance;
let receiver: Awaited<ReturnType<typeof startReceiver>>;

beforeAll(async () => {
  receiver = await startReceiver();
  instance = await startInstance([receiver]);
});

afterAll(async () => {
  await instance.close();
  await receiver.close();
});

describe('a checkout', () => {
  test('that is paid becomes a customer, an active subscription and a paid invoice, told in Stripe’s order', async () => {
    const { stripe } = instance;
    const session = await openSession(stripe);
    expect(session).toMatchObject({
      status: 'open',
      payment_status: 'unpaid',
      amount_total: 2900,
      url: `${instance.url}/c/pay/${session.id}`,
    });
    await receiver.until((events) => events.some(({ type }) => type === 'price.created'));
    const before = receiver.events.length;
    const paid = await instance.control(`checkout/${session.id}/pay`, { card: '4242424242424242' });
    expect(paid.body).toMatchObject({ status: 'complete', url: `http://127.0.0.1:9/welcome?session=${session.id}` });

    const done = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ['subscription.latest_invoice', 'customer', 'line_items'],
    });
    expect(done).toMatchObject({
      status: 'complete',
      payment_status: 'paid',
      url: null,
      client_reference_id: 'ten_1',
      customer_details: { email: 'ada@example.com' },
      customer: { object: 'customer', email: 'ada@example.com' },
      subscription: {
        status: 'active',
        metadata: { tenantId: 'ten_1' },
        latest_invoice: { status: 'paid', amount_paid: 2900, billing_reason: 'subscription_create' },
      },
      line_items: { data: [{ description: 'Tenantry Premium', amount_total: 2900, quantity: 1 }] },
    });

    await receiver.until((events) => events.slice(before).some(({ type }) => type === 'payment_method.attached'));
    expect(receiver.types().slice(before)).toEqual([
      'customer.created',
      'checkout.session.completed',
      'customer.subscription.created',
      'invoice.created',
      'invoice.finalized',
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'invoice.paid',
      'invoice.payment_succeeded',
      'payment_method.attached',
    ]);
    const snapshots = receiver.events.slice(before);
    const statusIn = (type: string) => snapshots.find((event) => event.type === type)?.data.object;
    expect(statusIn('invoice.created')).toMatchObject({ status: 'draft' });
    expect(statusIn('invoice.finalized')).toMatchObject({ status: 'open' });
    expect(statusIn('invoice.paid')).toMatchObject({ status: 'paid' });
    expect(statusIn('checkout.session.completed')).toMatchObject({ id: session.id, metadata: { tenantId: 'ten_1' } });
  });

  test.each([
    ['4000000000000002', 'card_declined', 'generic_decline'],
    ['4000000000009995', 'card_declined', 'insufficient_funds'],
    ['4000000000000069', 'expired_card', 'expired_card'],
    ['4242424242424241', 'incorrect_number', undefined],
    ['4111111111111111', 'card_declined', 'test_mode_live_card'],
  ])('with card %s is refused with %s and can be paid with another', async (card, code, declineCode) => {
    const session = await openSession(instance.stripe);
    const refused = await instance.control(`checkout/${session.id}/pay`, { card });
    expect(refused.status).toBe(402);
    expect(refused.body.error).toMatchObject({
      type: 'card_error',
      code,
      ...(declineCode ? { decline_code: declineCode } : {}),
    });
    expect(await instance.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
      status: 'open',
      customer: null,
      subscription: null,
    });
    expect((await instance.control(`checkout/${session.id}/pay`, {})).body).toMatchObject({ status: 'complete' });
  });

  test('whose card needs authentication is paid only when the bank agrees', async () => {
    const session = await openSession(instance.stripe);
    const pay = () => instance.control(`checkout/${session.id}/pay`, { card: '4000002500003155' });
    const answer = (outcome: string) => instance.control(`checkout/${session.id}/authenticate`, { outcome });
    expect((await pay()).body).toMatchObject({ status: 'requires_action' });
    expect((await answer('fail')).body.error).toMatchObject({ code: 'payment_intent_authentication_failure' });
    expect((await answer('complete')).status).toBe(400);
    expect((await pay()).body).toMatchObject({ status: 'requires_action' });
    expect((await answer('complete')).body).toMatchObject({ status: 'complete' });
    expect(await instance.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
      status: 'complete',
      payment_status: 'paid',
    });
  });

  test('is paid once, however often the form is sent', async () => {
    const session = await openSession(instance.stripe);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => instance.control(`checkout/${session.id}/pay`, {})),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400]);
    const { data } = await instance.stripe.checkout.sessions.list({
      customer_details: { email: 'ada@example.com' },
      limit: 100,
    });
    expect(data.filter(({ id }) => id === session.id)).toHaveLength(1);
  });

  test('with a trial asks for nothing today and starts as trialing', async () => {
    const session = await openSession(instance.stripe, {
      subscription_data: { trial_period_days: 14 },
      payment_method_collection: 'if_required',
    });
    const { body } = await instance.control(`checkout/${session.id}/pay`, { card: '' });
    const subscription = await instance.stripe.subscriptions.retrieve(String(body.subscription), {
      expand: ['latest_invoice'],
    });
    expect(subscription).toMatchObject({ status: 'trialing', latest_invoice: { status: 'paid', total: 0 } });
    expect((subscription.trial_end ?? 0) - subscription.created).toBe(14 * 86_400);
    expect(await instance.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
      payment_status: 'no_payment_required',
    });
  });

  test('expires by request and by time, is told so, and cannot be paid then', async () => {
    const asked = await openSession(instance.stripe);
    await instance.stripe.checkout.sessions.expire(asked.id);
    await expect(instance.stripe.checkout.sessions.expire(asked.id)).rejects.toMatchObject({
      type: 'StripeInvalidRequestError',
    });
    const timed = await openSession(instance.stripe);
    instance.clock.offsetMs += 25 * 3_600_000;
    for (const { id } of [asked, timed]) {
      expect((await instance.control(`checkout/${id}/pay`, {})).status).toBe(400);
      expect(await instance.stripe.checkout.sessions.retrieve(id)).toMatchObject({ status: 'expired', url: null });
    }
    await receiver.until((events) => events.filter(({ type }) => type === 'checkout.session.expired').length >= 2);
  });

  test('for a known customer subscribes that customer', async () => {
    const customer = await instance.stripe.customers.create({ email: 'known@example.com', name: 'Known' });
    const price = await makePrice(instance.stripe);
    const session = await instance.stripe.checkout.sessions.create({
      mode: 'subscription',
      line_items: [{ price: price.id }],
      customer: customer.id,
      success_url: 'http://127.0.0.1:9/',
    });
    const { body } = await instance.control(`checkout/${session.id}/pay`, { card: '5555555555554444' });
    const subscription = await instance.stripe.subscriptions.retrieve(String(body.subscription));
    expect(subscription.customer).toBe(customer.id);
    const [method] = (await instance.stripe.customers.listPaymentMethods(customer.id)).data;
    expect(method).toMatchObject({
      id: subscription.default_payment_method,
      card: { brand: 'mastercard', last4: '4444' },
    });
  });

  test('in another of the price’s currencies is billed in it', async () => {
    const price = await makePrice(instance.stripe, { currency_options: { krw: { unit_amount: 39_000 } } });
    const subscription = await subscribe(instance, undefined, {
      line_items: [{ price: price.id, quantity: 2 }],
      currency: 'krw',
    });
    expect(subscription.currency).toBe('krw');
    const [invoice] = (await instance.stripe.invoices.list({ subscription: subscription.id })).data;
    expect(invoice).toMatchObject({ currency: 'krw', total: 78_000 });
  });
});
