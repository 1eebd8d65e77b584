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

describe('the total of a checkout', () => {
  const shownIn = (markup: string) => markup.match(/name="shown" value="(-?\d+)"/)?.[1] ?? '';
  const address = { line1: '', city: '', postalCode: '', businessName: '', taxId: '' };

  test('falls by a promotion code, which is kept, and taken back when it is emptied', async () => {
    const { id: coupon } = await instance.stripe.coupons.create({
      percent_off: 25,
      duration: 'repeating',
      duration_in_months: 3,
    });
    await instance.stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon }, code: 'QUARTER' });
    const { id } = await openSession(instance.stripe, { allow_promotion_codes: true });
    const typed = { ...card, number: '', action: 'code', email: 'x@example.com' };
    const wrong = await submit(`/c/pay/${id}?lang=en`, { ...typed, code: 'NOTHING' });
    expect(await wrong.text()).toMatch(/role="alert"[^>]*>This promotion code is invalid\./);
    const applied = await (await submit(`/c/pay/${id}?lang=en`, { ...typed, code: 'quarter' })).text();
    expect(applied).toContain('25% off for 3 months');
    expect(shownIn(applied)).toBe('2175');
    expect(await (await visit(`/c/pay/${id}?lang=en`)).text()).toContain('value="QUARTER"');
    expect(shownIn(await (await submit(`/c/pay/${id}`, { ...typed, code: '' })).text())).toBe('2900');
  });

  test('rises by the tax of the country, and is paid only as it was shown', async () => {
    const { id } = await openSession(instance.stripe, { automatic_tax: { enabled: true } });
    const first = await (await visit(`/c/pay/${id}?lang=ko`)).text();
    expect(first).toContain('<option value="KR" selected>대한민국</option>');
    expect(shownIn(first)).toBe('3190');
    const payment = { ...card, ...address, shown: '3190', country: 'DE' };
    const refused = await (await submit(`/c/pay/${id}?lang=en`, payment)).text();
    expect(refused).toContain('The total has changed.');
    expect(shownIn(refused)).toBe('3451');
    expect(refused).toContain('<option value="DE" selected>');
    const paid = await submit(`/c/pay/${id}?lang=en`, { ...payment, shown: '3451' });
    expect(paid.headers.get('location')).toContain('/done');
    expect(await instance.stripe.checkout.sessions.retrieve(id)).toMatchObject({ amount_total: 3451 });
    const other = await openSession(instance.stripe, { automatic_tax: { enabled: true } });
    expect((await submit(`/c/pay/${other.id}`, { ...payment, country: 'XX' })).status).toBe(400);
  });

  test('is nothing today while a trial runs, and says what comes then', async () => {
    const { id } = await openSession(instance.stripe, { subscription_data: { trial_period_days: 14 } });
    const markup = await (await visit(`/c/pay/${id}?lang=en`)).text();
    expect(markup).toContain('<p class="total">$0.00</p>');
    expect(markup).toMatch(/After the trial<\/span><span>\$29\.00/);
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
