/** A local Stripe of a test's own, with the unmodified client, a receiver of webhooks, and a clock to move. */

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Stripe from 'stripe';
import { createLocalStripe, type LocalStripe } from '../server.ts';

export const secretKey = 'sk_test_localkeyforteststhatisfine';
export const webhookSecret = 'whsec_localsecretfortests';

/** Receives webhooks, verifies them as a seller would, and refuses as many as it is told to. */
export async function startReceiver(secret = webhookSecret) {
  const events: Stripe.Event[] = [];
  const waiting = new Set<() => void>();
  const state = { refuse: 0, refused: 0 };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    if (state.refuse > 0) {
      state.refuse -= 1;
      state.refused += 1;
      response.writeHead(500).end();
      return;
    }
    const signature = request.headers['stripe-signature'];
    events.push(
      Stripe.webhooks.constructEvent(Buffer.concat(chunks), typeof signature === 'string' ? signature : '', secret),
    );
    response.writeHead(200).end();
    for (const check of waiting) check();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/stripe`,
    events,
    state,
    types: () => events.map(({ type }) => type),
    /** Resolves as soon as what has arrived is enough. */
    until: (enough: (events: readonly Stripe.Event[]) => boolean) =>
      new Promise<void>((resolve) => {
        const check = () => {
          if (!enough(events)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export interface Instance {
  readonly url: string;
  readonly stripe: Stripe;
  readonly clock: { offsetMs: number };
  readonly dir: string;
  /** Stops it and starts it again on the same files. */
  restart(): Promise<void>;
  /** Calls `/_local/…` and gives the status and the body. */
  control(path: string, body?: object): Promise<{ status: number; body: Record<string, unknown> }>;
  close(): Promise<void>;
}

export async function startInstance(receivers: readonly { url: string }[] = []): Promise<Instance> {
  const dir = mkdtempSync(join(tmpdir(), 'stripe-'));
  const clock = { offsetMs: 0 };
  const endpoints = receivers.map(({ url }) => ({ url }));
  const start = (): LocalStripe =>
    createLocalStripe({
      dir,
      secretKey,
      webhookSecret,
      endpoints,
      now: () => Date.now() + clock.offsetMs,
      retryFirstMs: 20,
    });
  let server = start();
  const url = await server.listen(0);
  const { port } = new URL(url);
  return {
    url,
    stripe: clientOf(url),
    clock,
    dir,
    async restart() {
      await server.close();
      server = start();
      await server.listen(Number(port));
    },
    async control(path, body) {
      const response = await fetch(
        `${url}/_local/${path}`,
        body ? { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {},
      );
      const answer: Record<string, unknown> = JSON.parse(await response.text());
      return { status: response.status, body: answer };
    },
    async close() {
      await server.close();
      rmSync(dir, { recursive: true });
    },
  };
}

export function clientOf(url: string, key = secretKey, maxNetworkRetries = 0): Stripe {
  const { hostname, port } = new URL(url);
  return new Stripe(key, { host: hostname, port, protocol: 'http', maxNetworkRetries, telemetry: false });
}

/** A monthly price of 29 dollars. */
export async function makePrice(stripe: Stripe, more: Partial<Stripe.PriceCreateParams> = {}): Promise<Stripe.Price> {
  return stripe.prices.create({
    currency: 'usd',
    unit_amount: 2900,
    recurring: { interval: 'month' },
    product_data: { name: 'Tenantry Premium' },
    ...more,
  });
}

export async function openSession(
  stripe: Stripe,
  more: Partial<Stripe.Checkout.SessionCreateParams> = {},
): Promise<Stripe.Checkout.Session> {
  const price = await makePrice(stripe);
  return stripe.checkout.sessions.create({
    mode: 'subscription',
    line_items: [{ price: price.id, quantity: 1 }],
    customer_email: 'ada@example.com',
    client_reference_id: 'ten_1',
    metadata: { tenantId: 'ten_1' },
    subscription_data: { metadata: { tenantId: 'ten_1' } },
    success_url: 'http://127.0.0.1:9/welcome?session={CHECKOUT_SESSION_ID}',
    cancel_url: 'http://127.0.0.1:9/cancelled',
    ...more,
  });
}

/** Pays a new session and gives the subscription. */
export async function subscribe(
  instance: Instance,
  card = '4242424242424242',
  more: Partial<Stripe.Checkout.SessionCreateParams> = {},
): Promise<Stripe.Subscription> {
  const session = await openSession(instance.stripe, more);
  const { body } = await instance.control(`checkout/${session.id}/pay`, { card });
  return instance.stripe.subscriptions.retrieve(String(body.subscription));
}

export const DAY = 86_400;

/** Waits until a clock that advances has arrived. */
export async function ready(stripe: Stripe, clock: string): Promise<void> {
  for (;;) {
    const { status } = await stripe.testHelpers.testClocks.retrieve(clock);
    if (status === 'ready') return;
    if (status === 'internal_failure') throw new Error(`The clock ${clock} failed.`);
  }
}

/** Advances a clock and waits until it is ready; farther than Stripe lets it go at a time by several steps. */
export async function advance(stripe: Stripe, clock: string, to: number, stepSeconds = 28 * DAY): Promise<void> {
  let { frozen_time: now } = await stripe.testHelpers.testClocks.retrieve(clock);
  while (now < to) {
    now = Math.min(to, now + stepSeconds);
    await stripe.testHelpers.testClocks.advance(clock, { frozen_time: now });
    await ready(stripe, clock);
  }
}

export interface Clocked {
  readonly clock: string;
  /** Seconds since the epoch. */
  readonly start: number;
  readonly customer: string;
}

/** A customer with a card on a clock of its own. */
export async function clockedCustomer(stripe: Stripe, card: string | null = 'pm_card_visa'): Promise<Clocked> {
  const start = Date.parse('2027-01-31T09:00:00Z') / 1000;
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: start });
  const customer = await stripe.customers.create({
    email: 'clocked@example.com',
    test_clock: clock.id,
    ...(card === null ? {} : { payment_method: card, invoice_settings: { default_payment_method: card } }),
  });
  return { clock: clock.id, start, customer: customer.id };
}
