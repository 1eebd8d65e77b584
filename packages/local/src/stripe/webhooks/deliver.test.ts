import type Stripe from 'stripe';
import { afterEach, expect, test } from 'vitest';
import { type Instance, openSession, startInstance, startReceiver, webhookSecret } from '../testing/instance.ts';

type Receiver = Awaited<ReturnType<typeof startReceiver>>;
const closing: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const each of closing.splice(0).reverse()) await each.close();
});

async function start(): Promise<{ receiver: Receiver; instance: Instance }> {
  const receiver = await startReceiver();
  const instance = await startInstance([receiver]);
  closing.push(receiver, instance);
  return { receiver, instance };
}

const nameOf = (event: Stripe.Event) => ('name' in event.data.object ? String(event.data.object.name) : '');

test('events arrive in the order in which they happened', async () => {
  const { receiver, instance } = await start();
  const names = Array.from({ length: 10 }, (_, n) => `customer ${n}`);
  for (const name of names) await instance.stripe.customers.create({ name });
  await receiver.until((events) => events.length >= names.length);
  expect(receiver.events.map(nameOf)).toEqual(names);
});

test('an event that was refused is sent again until it is accepted', async () => {
  const { receiver, instance } = await start();
  receiver.state.refuse = 3;
  const customer = await instance.stripe.customers.create({ name: 'patient' });
  await receiver.until((events) => events.length === 1);
  expect(receiver.state.refused).toBe(3);
  expect(receiver.events[0]?.data.object).toMatchObject({ id: customer.id });
  expect(receiver.events[0]?.pending_webhooks).toBe(1);
});

test('a delivery that failed does not hold up the next event', async () => {
  const { receiver, instance } = await start();
  receiver.state.refuse = 1;
  await instance.stripe.customers.create({ name: 'first' });
  await instance.stripe.customers.create({ name: 'second' });
  await receiver.until((events) => events.length === 2);
  expect(receiver.events.map(nameOf).sort()).toEqual(['first', 'second']);
});

test('what was not accepted before a restart is sent after it', async () => {
  const { receiver, instance } = await start();
  receiver.state.refuse = Number.POSITIVE_INFINITY;
  await instance.stripe.customers.create({ name: 'survivor' });
  await instance.restart();
  receiver.state.refuse = 0;
  await receiver.until((events) => events.length === 1);
  expect(receiver.events.map(nameOf)).toEqual(['survivor']);
});

test('duplicates and disorder come on demand, and lose nothing', async () => {
  const { receiver, instance } = await start();
  await instance.control('webhooks', { duplicate: 2, shuffle: true });
  const names = Array.from({ length: 8 }, (_, n) => `customer ${n}`);
  for (const name of names) await instance.stripe.customers.create({ name });
  await receiver.until((events) => events.length >= 24);
  const arrived = receiver.events.map(nameOf);
  expect([...arrived].sort()).toEqual(names.flatMap((name) => [name, name, name]));
  expect(arrived).not.toEqual(names.flatMap((name) => [name, name, name]));
  expect(new Set(receiver.events.map(({ id }) => id)).size).toBe(names.length);
});

test('what is lost on the way comes again, and what arrived comes twice when its answer is lost', async () => {
  const { receiver, instance } = await start();
  await instance.control('webhooks', { drop: 2, loseAnswers: 1 });
  await instance.stripe.customers.create({ name: 'persistent' });
  while ((await instance.control('webhooks')).body.pending !== 0);
  expect(receiver.events.map(nameOf)).toEqual(['persistent', 'persistent']);
  await instance.control('webhooks', {});
  await instance.stripe.customers.create({ name: 'plain' });
  await receiver.until((events) => events.length >= 3);
  expect((await instance.control('webhooks')).body).toMatchObject({ faults: { drop: 0, loseAnswers: 0 } });
});

test('a delay holds events back for as long as it says', async () => {
  const { receiver, instance } = await start();
  await instance.control('webhooks', { delayMs: 3_600_000 });
  await instance.stripe.customers.create({ name: 'later' });
  expect((await instance.control('webhooks')).body).toMatchObject({ pending: 1, faults: { delayMs: 3_600_000 } });
  instance.clock.offsetMs = 3_600_000;
  await instance.control('webhooks', {});
  await receiver.until((events) => events.length === 1);
});

test('an endpoint made by the API gets only what it asked for, signed with its own secret', async () => {
  const { instance } = await start();
  const made = await instance.stripe.webhookEndpoints.create({
    url: 'http://127.0.0.1:9/',
    enabled_events: ['product.created'],
  });
  const own = await startReceiver(made.secret);
  closing.push(own);
  await instance.stripe.webhookEndpoints.update(made.id, { url: own.url });
  await instance.stripe.customers.create({ name: 'not wanted' });
  await instance.stripe.products.create({ name: 'wanted' });
  await own.until((events) => events.length === 1);
  expect(own.types()).toEqual(['product.created']);
  expect((await instance.stripe.webhookEndpoints.retrieve(made.id)).secret).toBeUndefined();
  expect(made.secret).not.toBe(webhookSecret);
});

test('an event can be sent again by hand', async () => {
  const { receiver, instance } = await start();
  await instance.stripe.customers.create({ name: 'twice' });
  await receiver.until((events) => events.length === 1);
  expect((await instance.control(`events/${receiver.events[0]?.id}/resend`, {})).status).toBe(200);
  await receiver.until((events) => events.length === 2);
  expect(receiver.events[1]?.id).toBe(receiver.events[0]?.id);
});

test('a refused request leaves neither object nor event', async () => {
  const { receiver, instance } = await start();
  const session = await openSession(instance.stripe);
  await expect(
    instance.stripe.prices.create({
      currency: 'usd',
      unit_amount: 1,
      product_data: { name: 'orphan' },
      lookup_key: 'k',
      recurring: { interval: 'month' },
    }),
  ).resolves.toBeDefined();
  await expect(
    instance.stripe.prices.create({
      currency: 'usd',
      unit_amount: 1,
      product_data: { name: 'orphan 2' },
      lookup_key: 'k',
      recurring: { interval: 'month' },
    }),
  ).rejects.toBeDefined();
  const { data } = await instance.stripe.products.list({ limit: 100 });
  expect(data.map(({ name }) => name)).not.toContain('orphan 2');
  await instance.stripe.checkout.sessions.expire(session.id);
  await receiver.until((events) => events.some(({ type }) => type === 'checkout.session.expired'));
  expect(receiver.events.map(nameOf)).not.toContain('orphan 2');
});
