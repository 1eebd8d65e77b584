import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Instance, makePrice, openSession, startInstance, subscribe } from '../testing/instance.ts';

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

describe('the checkout page', () => {
  test('escapes what a seller or buyer put in, and lets no foreign script in', async () => {
    const price = await makePrice(instance.stripe, { product_data: { name: '<script>alert(1)</script>"\'' } });
    const { id } = await openSession(instance.stripe, { line_items: [{ price: price.id, quantity: 1 }] });
    const response = await visit(`/c/pay/${id}`);
    const markup = await response.text();
    expect(markup).not.toContain('<script>alert');
    expect(markup).toContain('&lt;script&gt;alert(1)');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(markup).not.toMatch(/<script(?! src="\/assets\/)|\son\w+=|style=/);
    const typed = await (await submit(`/c/pay/${id}`, { ...card, number: '1', name: '"><img src=x>' })).text();
    expect(typed).not.toContain('<img');
  });

  test('goes by a paid page to the seller, without a redirect off this server', async () => {
    const { id } = await openSession(instance.stripe);
    const paid = await submit(`/c/pay/${id}?lang=en`, card);
    expect([paid.status, paid.headers.get('location')]).toEqual([303, `/c/pay/${id}/done?lang=en`]);
    const markup = await (await visit(`/c/pay/${id}/done`)).text();
    expect(markup).toContain(`<meta http-equiv="refresh" content="1;url=http://127.0.0.1:9/welcome?session=${id}">`);
    expect(await (await visit(`/c/pay/${id}`)).text()).toContain('already complete');
    expect(await (await submit(`/c/pay/${id}`, card)).text()).toContain('already complete');
  });

  test('says what was wrong, where it was wrong, and keeps what was typed except the card', async () => {
    const { id } = await openSession(instance.stripe, { customer_email: 'x@example.com' });
    const refused = await submit(`/c/pay/${id}?lang=en`, { ...card, number: '4000000000009995' });
    const markup = await refused.text();
    expect(refused.status).toBe(402);
    expect(markup).toMatch(/role="alert"[^>]*>Your card has insufficient funds\./);
    expect(markup).toContain('value="Ada"');
    expect(markup).not.toContain('value="4000');
    expect(await (await submit(`/c/pay/${id}`, { ...card, number: '4242' })).text()).toMatch(
      /name="number"[^>]* aria-invalid="true" aria-describedby="problem"/,
    );
  });

  test('has a label for every field and speaks the reader’s language', async () => {
    const { id } = await openSession(instance.stripe);
    const markup = await (await visit(`/c/pay/${id}`, { 'accept-language': 'ko-KR,ko;q=0.9' })).text();
    expect(markup).toContain('<html lang="ko">');
    expect(markup).toContain('구독하기');
    for (const [, name] of markup.matchAll(/<input id="(\w+)"/g)) expect(markup).toContain(`<label for="${name}">`);
    expect(await (await visit(`/c/pay/${id}?lang=en`, { 'accept-language': 'ko' })).text()).toContain(
      '<html lang="en">',
    );
    expect(await (await submit(`/c/pay/${id}?lang=ko`, { ...card, number: '4000000000000002' })).text()).toContain(
      '카드가 거절되었습니다',
    );
  });

  test('asks the bank when the card says so, and takes both answers', async () => {
    const { id } = await openSession(instance.stripe);
    const authenticating = { ...card, number: '4000002500003155' };
    expect((await submit(`/c/pay/${id}`, authenticating)).headers.get('location')).toBe(`/c/pay/${id}?lang=en`);
    expect(await (await visit(`/c/pay/${id}`)).text()).toContain('Complete authentication');
    const failed = await submit(`/c/pay/${id}/authenticate`, { outcome: 'fail' });
    expect(await failed.text()).toContain('unable to authenticate');
    await submit(`/c/pay/${id}`, authenticating);
    const agreed = await submit(`/c/pay/${id}/authenticate`, { outcome: 'complete' });
    expect(agreed.headers.get('location')).toContain('/done');
  });

  test('takes no form from another site', async () => {
    const { id } = await openSession(instance.stripe);
    expect((await submit(`/c/pay/${id}`, card, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await submit(`/c/pay/${id}`, { ...card, extra: 'field' })).status).toBe(400);
    expect((await visit('/c/pay/cs_test_none')).status).toBe(404);
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

test('the dashboard lists what there is and sends events again', async () => {
  const subscription = await subscribe(instance);
  const markup = await (await visit('/')).text();
  expect(markup).toContain(subscription.id);
  const [, event] = markup.match(/action="\/_local\/events\/(evt_\w+)\/resend"/) ?? [];
  const resent = await submit(`/_local/events/${event}/resend`, { back: '/' });
  expect([resent.status, resent.headers.get('location')]).toEqual([303, '/']);
});
