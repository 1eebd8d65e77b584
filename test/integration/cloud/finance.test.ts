import { newId } from '@tenantry/core/ids/id';
import { monthOf } from '@tenantry/core/money/month';
import type { Person } from '@tenantry/local/demo/journey';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { administrator } from '../../support/administrator.ts';
import { join } from '../../support/members.ts';
import { allRows } from '../../support/rows.ts';
import { type Founder, startTestCloud, type TestCloud } from '../../support/test-cloud.ts';
import { meteredAtLeast, runJob } from '../../support/usage.ts';

const EVENTS = 60;
const RECOMMENDATIONS = 3;

let test: TestCloud;
let operator: Person;
let standard: Founder;
let premium: Founder;

const month = monthOf(new Date());
const settle = () => runJob<readonly { readonly settled: boolean; readonly read: number }[]>(test.cloud, 'finance');
const settleAgain = () => runJob(test.cloud, 'finance', { again: true });
const financeRows = async () =>
  (await allRows(test.cloud, 'Control')).filter(({ pk }) => String(pk).startsWith('FINANCE#'));
const total = () => operator.api('readFinance', { bearer: operator.accessToken, query: {} });
const listed = (query: Readonly<Record<string, string>> = {}) =>
  operator.api('listFinance', { bearer: operator.accessToken, query });

async function use({ person, tenantId }: Founder): Promise<void> {
  const bearer = await person.createKey('secret');
  const events = Array.from({ length: EVENTS }, (_, i) => ({
    id: newId('event'),
    shopperId: `shopper-${i % 5}`,
    itemId: `item-${i}`,
    type: 'view',
  }));
  await person.api('collectEvents', { bearer, body: { events } });
  for (let i = 0; i < RECOMMENDATIONS; i += 1) {
    await person.api('recommend', { bearer, body: { shopperId: 'shopper-1' } });
  }
  await meteredAtLeast(test.cloud, tenantId, 'events_collected', EVENTS);
  await meteredAtLeast(test.cloud, tenantId, 'recommendations_served', RECOMMENDATIONS);
}

async function customerOf(tenantId: string): Promise<{ readonly subscription: string }> {
  const row = (await allRows(test.cloud, 'Control')).find(
    ({ pk, sk }) => pk === `TENANT#${tenantId}` && sk === 'SUBSCRIPTION',
  );
  const state = row?.state as { readonly subscription: { readonly subscriptionId: string } };
  return { subscription: state.subscription.subscriptionId };
}

beforeAll(async () => {
  test = await startTestCloud();
  operator = await test.operator();
  standard = await test.founder('standard');
  premium = await test.founder('premium');
  await use(standard);
  await use(premium);
}, 300_000);
afterAll(() => test?.close());

describe('finances', () => {
  it('are nothing before the first run', async () => {
    await expect(total()).rejects.toMatchObject({ status: 404 });
    expect((await listed()).tenants).toEqual([]);
  });

  it('show what a company of the pool and one with a silo used and cost, and no revenue in their trials', async () => {
    await settle();
    const { tenants, cursor } = await listed();
    expect(cursor).toBeNull();
    const of = ({ tenantId }: Founder) => tenants.find((row) => row.tenantId === tenantId);
    for (const founder of [standard, premium]) {
      const row = of(founder);
      expect(row).toMatchObject({ name: `Shop ${founder.slug}`, month, gone: false });
      expect(row?.use).toMatchObject({ events_collected: EVENTS, recommendations_served: RECOMMENDATIONS });
      expect(row?.cost.dynamodbWrites).toBeGreaterThan(0);
      expect(row?.revenue).toMatchObject({ earned: 0, received: 0, mrr: 0, trial: { state: 'running' } });
      expect(row?.marginMicro).toBeLessThan(0);
    }
    expect(of(standard)?.shares.cluster).toBe(0);
    const { metrics } = await total();
    expect(metrics.trials).toEqual({ started: 2, converted: 0, lost: 0, running: 2 });
    expect(metrics.mrr).toEqual({});
  });

  it('add up: the companies and what belongs to nobody are all that the stage costs', async () => {
    const { tenants } = await listed();
    const stage = await total();
    const costs = tenants.flatMap(({ cost, shares }) => [...Object.values(cost), ...Object.values(shares)]);
    const unallocated = Object.values(stage.total.unallocated);
    expect([...costs, ...unallocated].reduce<number>((sum, micro) => sum + (micro ?? 0), 0)).toBe(stage.total.costMicro);
    expect(stage.total.shared.cluster).toBeGreaterThan(0);
  });

  it('are read once a day, and a repeated run leaves the rows as they are', async () => {
    const before = await financeRows();
    for (const { read, settled } of await settle()) expect({ read, settled }).toEqual({ read: 0, settled: true });
    expect(await financeRows()).toEqual(before);
  });

  it('show the revenue of whoever pays, by what Stripe holds', async () => {
    const { stripe } = administrator(test.cloud);
    const { subscription } = await customerOf(premium.tenantId);
    await stripe(`subscriptions/${subscription}`, { trial_end: 'now' });
    await settleAgain();
    const { tenants } = await listed({ sort: '-margin' });
    expect(tenants.map(({ tenantId }) => tenantId)).toEqual([premium.tenantId, standard.tenantId]);
    const [row] = tenants;
    expect(row?.revenue).toMatchObject({
      currency: 'usd',
      received: 49_900,
      mrr: 49_900,
      trial: { state: 'converted' },
    });
    expect(row?.revenue.earned).toBeGreaterThan(0);
    expect(row?.revenue.earned).toBeLessThan(49_900);
    const { metrics, byTier } = await total();
    expect(metrics.mrr.usd).toMatchObject({ opening: 0, new: 49_900, closing: 49_900 });
    expect(metrics.trials).toMatchObject({ started: 2, converted: 1, running: 1 });
    expect(byTier.premium).toMatchObject({ companies: 1, mrr: { usd: 49_900 } });
  });

  it('are listed page by page in the order of the margins', async () => {
    const first = await listed({ limit: '1' });
    expect(first.tenants.map(({ tenantId }) => tenantId)).toEqual([standard.tenantId]);
    const second = await listed({ limit: '1', cursor: String(first.cursor) });
    expect(second.tenants.map(({ tenantId }) => tenantId)).toEqual([premium.tenantId]);
  });

  it('are for operators alone', async () => {
    const member = await test.signUp();
    await join(test, member, standard.tenantId, 'admin');
    await member.refresh();
    for (const person of [standard.person, member]) {
      const bearer = person.accessToken;
      await expect(person.api('readFinance', { bearer, query: {} })).rejects.toMatchObject({ status: 403 });
      await expect(person.api('listFinance', { bearer, query: {} })).rejects.toMatchObject({ status: 403 });
    }
  });
});
