import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { createStripeClient } from '@tenantry/core/billing/stripe-client';
import { type Person, until } from '@tenantry/local/demo/journey';
import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from '../../support/codes.ts';
import { allRows, rootClient, tableName } from '../../support/rows.ts';
import { startTestCloud, type TestCloud, unique } from '../../support/test-cloud.ts';

let test: TestCloud;
let stripe: Stripe;

beforeAll(async () => {
  test = await startTestCloud();
  const { graph, urls } = test.cloud;
  const api = graph.functions.find(({ handler }) => handler.endsWith('api/billing.handler'));
  stripe = createStripeClient(api?.environment.STRIPE_SECRET_KEY ?? '', urls.stripe ?? '');
}, 240_000);
afterAll(() => test?.close());

const customerOf = async (tenantId: string): Promise<string> => {
  const rows = await allRows(test.cloud, 'Control');
  return String(rows.find(({ pk, sk }) => pk === `TENANT#${tenantId}` && sk === 'SUBSCRIPTION')?.customerId);
};
const mailsTo = async (email: string): Promise<readonly { subject: string }[]> => {
  const response = await fetch(`${test.instance.inboxUrl}/api/messages?to=${encodeURIComponent(email)}`);
  return ((await response.json()) as { messages: { subject: string }[] }).messages;
};
const mailAbout = (email: string, subject: RegExp) =>
  until(`a mail ${subject}`, async () => (await mailsTo(email)).find((mail) => subject.test(mail.subject)));

describe('a company that pays by the year in won, with a trial', () => {
  let person: Person;
  let tenantId: string;
  let subscriptionId: string;
  const billing = () => person.api('getBilling', { bearer: person.accessToken });
  const standing = (wanted: string) =>
    until(`standing ${wanted}`, async () => {
      const found = await billing();
      return found.standing === wanted ? found : undefined;
    });

  beforeAll(async () => {
    person = await test.signUp();
    const slug = unique('won');
    const { tenant, checkoutUrl } = await person.api('registerTenant', {
      bearer: person.accessToken,
      body: {
        name: 'Won Shop',
        slug,
        tier: 'standard',
        interval: 'year',
        currency: 'krw',
        language: 'ko',
      },
    });
    tenantId = tenant.id;
    await person.refresh();
    expect((await billing()).todo).toBe('subscribe');
    await person.pay(checkoutUrl, '4000000000000341');
    await person.onboarded();
  }, 120_000);

  it('has the plan that it chose, and owes nothing in its trial', async () => {
    const found = await standing('paid');
    expect(found).toMatchObject({
      todo: 'nothing',
      plan: { tier: 'standard', interval: 'year', currency: 'krw', price: { amount: 690_000, currency: 'krw' } },
      subscription: { status: 'trialing' },
      owed: null,
    });
    const { data } = await stripe.subscriptions.list({ customer: await customerOf(tenantId) });
    expect(data).toHaveLength(1);
    subscriptionId = data[0]?.id ?? '';
    expect(data[0]?.items.data.map(({ price }) => price.recurring?.usage_type).toSorted()).toEqual(
      ['licensed', 'metered', 'metered', 'metered', 'metered'].toSorted(),
    );
  });

  it('sees what the month would cost before it changes, and then changes', async () => {
    const bearer = person.accessToken;
    const preview = await person.api('previewPlan', { bearer, body: { interval: 'month' } });
    expect(preview.currency).toBe('krw');
    expect(preview.nextInvoice.lines.length).toBeGreaterThan(0);
    expect(await codeOf(person.api('previewPlan', { bearer, body: { interval: 'year' } }))).toBe('conflict');
    await person.api('changeInterval', { bearer, body: { interval: 'month' } });
    await until('the new interval', async () => ((await billing()).plan?.interval === 'month' ? true : undefined));
  });

  it('hears once that its renewal failed, in its language, and what to do', async () => {
    const answer = await fetch(`${test.cloud.urls.stripe}/_local/subscriptions/${subscriptionId}/renew`, {
      method: 'POST',
    });
    expect(answer.status).toBe(200);
    const found = await standing('grace');
    expect(found.todo).toBe('pay');
    expect(found.owed?.currency).toBe('krw');
    expect(found.owed?.amount).toBeGreaterThan(0);
    expect(found.owed?.payUrl).toContain('http');
    const mail = await mailAbout(person.email, /결제가 실패/);
    expect(mail.subject).not.toContain('\n');
    expect((await mailsTo(person.email)).filter(({ subject }) => /결제가 실패/.test(subject))).toHaveLength(1);
  });

  it('is as before once it has paid with another card, and hears of it', async () => {
    const customer = await customerOf(tenantId);
    const card = await stripe.paymentMethods.attach('pm_card_visa', { customer });
    await stripe.subscriptions.update(subscriptionId, { default_payment_method: card.id });
    const { data } = await stripe.invoices.list({ customer, status: 'open' });
    for (const { id } of data) await stripe.invoices.pay(id ?? '', { payment_method: card.id });
    expect(await standing('paid')).toMatchObject({ owed: null, todo: 'nothing' });
    await mailAbout(person.email, /결제가 완료/);
    const { entries } = await person.api('listAudit', { bearer: person.accessToken, query: { limit: '50' } });
    expect(entries.filter(({ action }) => action === 'billing.standing').map(({ details }) => details.to)).toEqual([
      'paid',
      'grace',
      'paid',
    ]);
  });

  it('is looked at by the job when it is due, and then is due no more before there is something to say', async () => {
    const TableName = tableName(test.cloud, 'Control');
    const Key = { pk: `TENANT#${tenantId}`, sk: 'SUBSCRIPTION' };
    await rootClient(test.cloud).send(
      new UpdateCommand({
        TableName,
        Key,
        UpdateExpression: 'SET gsi1pk = :due, gsi1sk = :at',
        ExpressionAttributeValues: { ':due': 'DUE#review', ':at': `2026-01-01T00:00:00.000Z#${tenantId}` },
      }),
    );
    const job = test.cloud.scheduler.list().find(({ name }) => name.includes('ReviewBilling'));
    await test.cloud.scheduler.runNow(job?.name ?? '');
    await until('the review', async () => {
      const { Item } = await rootClient(test.cloud).send(new GetCommand({ TableName, Key }));
      // The end of its trial is announced later.
      return String(Item?.gsi1sk ?? '9') > new Date().toISOString() ? true : undefined;
    });
  });

  it('finds its invoices, and its page at Stripe', async () => {
    const bearer = person.accessToken;
    const { invoices } = await person.api('listInvoices', { bearer, query: { limit: '5' } });
    expect(invoices.some(({ status, amount, currency }) => status === 'paid' && amount > 0 && currency === 'krw')).toBe(
      true,
    );
    const { portalUrl } = await person.api('createPortal', { bearer });
    expect((await fetch(portalUrl)).status).toBe(200);
  });

  it('leaves when it has cancelled at Stripe, and comes back when it subscribes again', async () => {
    await stripe.subscriptions.cancel(subscriptionId);
    await until('the end', async () => {
      const { status } = await person.api('getTenant', { bearer: person.accessToken });
      return status === 'deactivating' ? true : undefined;
    });
    await mailAbout(person.email, /구독이 종료/);
    expect(await codeOf(person.api('restoreTenant', { bearer: person.accessToken }))).toBe('payment_required');
    const { checkoutUrl } = await person.api('createCheckout', { bearer: person.accessToken });
    await person.pay(checkoutUrl);
    await until('the return', async () => {
      const { status } = await person.api('getTenant', { bearer: person.accessToken });
      return status === 'active' ? true : undefined;
    });
    expect((await standing('paid')).subscription?.status).toBe('active');
  });

  it('gets no second trial for another company', async () => {
    const { checkoutUrl, tenant } = await person.api('registerTenant', {
      bearer: person.accessToken,
      body: { name: 'Second', slug: unique('second'), tier: 'standard' },
    });
    await person.refresh();
    await person.pay(checkoutUrl);
    const customer = await customerOf(tenant.id);
    expect((await stripe.subscriptions.list({ customer })).data.map(({ status }) => status)).toEqual(['active']);
  });
});
