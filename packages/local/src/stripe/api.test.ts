import { connect } from 'node:net';
import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientOf, type Instance, makePrice, openSession, secretKey, startInstance } from './testing/instance.ts';

let instance: Instance;
let stripe: Stripe;

beforeAll(async () => {
  instance = await startInstance();
  stripe = instance.stripe;
});

afterAll(() => instance.close());

const raw = (method: string, path: string, init: { body?: string; headers?: Record<string, string> } = {}) =>
  fetch(`${instance.url}${path}`, {
    method,
    ...(init.body === undefined ? {} : { body: init.body }),
    headers: {
      authorization: `Bearer ${secretKey}`,
      'content-type': 'application/x-www-form-urlencoded',
      ...init.headers,
    },
  });

const errorOf = async (response: Response) => {
  const { error }: { error: Record<string, unknown> } = JSON.parse(await response.text());
  return error;
};

describe('refusals', () => {
  test('a wrong key is 401 and is not repeated in full', async () => {
    const wrong = 'sk_test_someoneelseskeyentirely';
    await expect(clientOf(instance.url, wrong).customers.list()).rejects.toBeInstanceOf(
      Stripe.errors.StripeAuthenticationError,
    );
    const response = await raw('GET', '/v1/customers', { headers: { authorization: `Bearer ${wrong}` } });
    expect(response.status).toBe(401);
    expect(await response.text()).not.toContain(wrong);
    expect((await fetch(`${instance.url}/v1/customers`)).status).toBe(401);
    const basic = Buffer.from(`${secretKey}:`).toString('base64');
    expect((await raw('GET', '/v1/customers', { headers: { authorization: `Basic ${basic}` } })).status).toBe(200);
  });

  test('an address that is not there is an error, which the client sees as one', async () => {
    await expect(stripe.quotes.list()).rejects.toMatchObject({
      type: 'StripeInvalidRequestError',
      statusCode: 404,
    });
    await expect(stripe.v2.core.events.list({})).rejects.toMatchObject({ statusCode: 404 });
    expect((await raw('PUT', '/v1/customers')).status).toBe(404);
  });

  test('unknown, missing and malformed parameters are named, and nothing happens', async () => {
    const count = async () => (await stripe.customers.list({ limit: 100 })).data.length;
    const before = await count();
    expect(await errorOf(await raw('POST', '/v1/customers', { body: 'nmae=x' }))).toMatchObject({
      type: 'invalid_request_error',
      code: 'parameter_unknown',
      param: 'nmae',
    });
    expect(await errorOf(await raw('POST', '/v1/customers', { body: 'address[strete]=x' }))).toMatchObject({
      code: 'parameter_unknown',
      param: 'address[strete]',
    });
    expect(await errorOf(await raw('POST', '/v1/customers', { body: 'email=nobody' }))).toMatchObject({
      code: 'email_invalid',
      param: 'email',
    });
    expect(await errorOf(await raw('POST', '/v1/prices', { body: 'currency=usd&unit_amount=9.5' }))).toMatchObject({
      code: 'parameter_invalid_integer',
      param: 'unit_amount',
    });
    expect(await errorOf(await raw('POST', '/v1/products', { body: '' }))).toMatchObject({
      code: 'parameter_missing',
      param: 'name',
    });
    expect(await errorOf(await raw('GET', '/v1/customers?limit=101'))).toMatchObject({ param: 'limit' });
    await expect(openSession(stripe, { success_url: 'javascript:alert(1)' })).rejects.toMatchObject({
      code: 'url_invalid',
      param: 'success_url',
    });
    await expect(openSession(stripe, { line_items: [{ price: 'price_none' }] })).rejects.toMatchObject({
      code: 'resource_missing',
      param: 'line_items[0][price]',
    });
    await expect(stripe.customers.retrieve('cus_none')).rejects.toMatchObject({
      code: 'resource_missing',
      statusCode: 404,
    });
    expect(await count()).toBe(before);
  });

  test('every answer has a request id and the version that was asked for', async () => {
    const response = await raw('GET', '/v1/customers', { headers: { 'stripe-version': '2026-10-28.endive' } });
    expect(response.headers.get('request-id')).toMatch(/^req_\w{14}$/);
    expect(response.headers.get('stripe-version')).toBe('2026-10-28.endive');
    expect((await raw('GET', '/v1/customers', { headers: { 'stripe-version': 'tomorrow' } })).status).toBe(400);
  });

  test('a body that is too large is refused', async () => {
    const response = await raw('POST', '/v1/customers', { body: `description=${'x'.repeat(1024 * 1024)}` });
    expect(response.status).toBe(413);
  });
});

describe('idempotency keys', () => {
  test('the same request gives the same answer and happens once', async () => {
    const send = () => stripe.customers.create({ email: 'once@example.com' }, { idempotencyKey: 'key-1' });
    const [first, second] = [await send(), await send()];
    expect(second.id).toBe(first.id);
    expect(second.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(second.lastResponse.headers['original-request']).toBe(first.lastResponse.requestId);
    expect((await stripe.customers.list({ email: 'once@example.com' })).data).toHaveLength(1);
    await instance.restart();
    expect((await send()).id).toBe(first.id);
  });

  test('another request under the key is refused', async () => {
    await stripe.customers.create({ email: 'a@example.com' }, { idempotencyKey: 'key-2' });
    await expect(
      stripe.customers.create({ email: 'b@example.com' }, { idempotencyKey: 'key-2' }),
    ).rejects.toMatchObject({ type: 'StripeIdempotencyError', statusCode: 400 });
    await expect(stripe.products.create({ name: 'x' }, { idempotencyKey: 'key-2' })).rejects.toMatchObject({
      statusCode: 400,
    });
  });

  test('a failure of the deed is repeated, a refused parameter frees the key', async () => {
    const missing = () => stripe.customers.update('cus_none', { name: 'x' }, { idempotencyKey: 'key-3' });
    await expect(missing()).rejects.toMatchObject({ code: 'resource_missing' });
    const again = await raw('POST', '/v1/customers/cus_none', {
      body: 'name=x',
      headers: { 'idempotency-key': 'key-3' },
    });
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([404, 'true']);
    expect(
      (await raw('POST', '/v1/customers', { body: 'nmae=x', headers: { 'idempotency-key': 'key-4' } })).status,
    ).toBe(400);
    expect(
      (await raw('POST', '/v1/customers', { body: 'name=x', headers: { 'idempotency-key': 'key-4' } })).status,
    ).toBe(200);
  });

  test('while a request is under way, a second one under its key is 409', async () => {
    const { hostname, port } = new URL(instance.url);
    const socket = connect(Number(port), hostname);
    const answered = new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString())));
    const head = `POST /v1/customers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${secretKey}\r\nIdempotency-Key: key-5\r\nExpect: 100-continue\r\nContent-Length: 6\r\n\r\n`;
    socket.write(head);
    expect(await answered).toContain('100 Continue');
    const finished = new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString())));
    const second = await raw('POST', '/v1/customers', { body: 'name=x', headers: { 'idempotency-key': 'key-5' } });
    expect(second.status).toBe(409);
    expect(await errorOf(second)).toMatchObject({ code: 'idempotency_key_in_use' });
    socket.write('name=x');
    expect(await finished).toContain('200 OK');
    socket.destroy();
    expect(
      (await raw('POST', '/v1/customers', { body: 'name=x', headers: { 'idempotency-key': 'key-5' } })).headers.get(
        'idempotent-replayed',
      ),
    ).toBe('true');
  });
});

describe('objects', () => {
  test('lists page in both directions without gap or repetition', async () => {
    const made: string[] = [];
    for (let n = 0; n < 7; n += 1)
      made.push((await stripe.products.create({ name: `paged ${n}`, metadata: { n: String(n) } })).id);
    const newestFirst = made.reverse();
    const ids: string[] = [];
    for await (const product of stripe.products.list({ limit: 3 })) ids.push(product.id);
    expect(ids.slice(0, 7)).toEqual(newestFirst);
    expect(new Set(ids).size).toBe(ids.length);
    const back = await stripe.products.list({ limit: 2, ending_before: newestFirst[4] ?? '' });
    expect(back.data.map(({ id }) => id)).toEqual(newestFirst.slice(2, 4));
    expect(back.has_more).toBe(true);
    await expect(stripe.products.list({ starting_after: 'prod_none' })).rejects.toMatchObject({
      code: 'resource_missing',
      param: 'starting_after',
    });
  });

  test('metadata is merged, single keys are removed, all of it is cleared', async () => {
    const { id } = await stripe.customers.create({ metadata: { a: '1', b: '2' } });
    expect((await stripe.customers.update(id, { metadata: { b: '', c: '3' } })).metadata).toEqual({ a: '1', c: '3' });
    expect((await stripe.customers.update(id, { metadata: '' })).metadata).toEqual({});
  });

  test('a lookup key names one price, and moves only when told to', async () => {
    const first = await makePrice(stripe, { lookup_key: 'premium_monthly' });
    await expect(makePrice(stripe, { lookup_key: 'premium_monthly' })).rejects.toMatchObject({ param: 'lookup_key' });
    const second = await makePrice(stripe, {
      lookup_key: 'premium_monthly',
      transfer_lookup_key: true,
      unit_amount: 4900,
    });
    const { data } = await stripe.prices.list({
      lookup_keys: ['premium_monthly'],
      active: true,
      expand: ['data.product'],
    });
    expect(data).toMatchObject([{ id: second.id, product: { object: 'product', name: 'Tenantry Premium' } }]);
    expect((await stripe.prices.retrieve(first.id)).lookup_key).toBeNull();
  });

  test('what is expanded is the object, and what cannot be is an error', async () => {
    const price = await makePrice(stripe, { currency_options: { eur: { unit_amount: 2700 } } });
    expect(price.currency_options).toBeUndefined();
    const { currency_options } = await stripe.prices.retrieve(price.id, { expand: ['currency_options'] });
    expect(currency_options?.eur).toMatchObject({ unit_amount: 2700 });
    // The client reads decimals from the text that Stripe sends.
    expect(currency_options?.eur?.unit_amount_decimal?.toString()).toBe('2700');
    await expect(stripe.prices.retrieve(price.id, { expand: ['nickname.x'] })).resolves.toBeDefined();
    await expect(stripe.prices.retrieve(price.id, { expand: ['currency'] })).rejects.toMatchObject({ param: 'expand' });
    await expect(stripe.prices.retrieve(price.id, { expand: ['colour'] })).rejects.toMatchObject({ param: 'expand' });
  });

  test('a deleted customer is shown as deleted and can buy nothing', async () => {
    const { id } = await stripe.customers.create({ email: 'gone@example.com' });
    await stripe.customers.del(id);
    expect(await stripe.customers.retrieve(id)).toMatchObject({ id, deleted: true });
    expect((await stripe.customers.list({ email: 'gone@example.com' })).data).toEqual([]);
    const price = await makePrice(stripe);
    await expect(
      stripe.checkout.sessions.create({
        mode: 'subscription',
        customer: id,
        line_items: [{ price: price.id }],
        success_url: 'http://127.0.0.1:9/',
      }),
    ).rejects.toMatchObject({ code: 'resource_missing', param: 'customer' });
  });

  test('a session lives between half an hour and a day', async () => {
    const now = Math.floor(Date.now() / 1000);
    await expect(openSession(stripe, { expires_at: now + 60 })).rejects.toMatchObject({ param: 'expires_at' });
    await expect(openSession(stripe, { expires_at: now + 90_000 })).rejects.toMatchObject({ param: 'expires_at' });
    expect((await openSession(stripe, { expires_at: now + 3600 })).expires_at).toBe(now + 3600);
  });

  test('events can be read back with what they told', async () => {
    const customer = await stripe.customers.create({ name: 'Before' });
    await stripe.customers.update(customer.id, { name: 'After' });
    const [event] = (await stripe.events.list({ type: 'customer.updated', limit: 1 })).data;
    expect(event?.data).toMatchObject({
      object: { id: customer.id, name: 'After' },
      previous_attributes: { name: 'Before' },
    });
    expect((await stripe.events.retrieve(event?.id ?? '')).request?.id).toMatch(/^req_/);
  });
});
