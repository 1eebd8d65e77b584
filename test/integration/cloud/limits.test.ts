import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { tierCatalogue } from '@tenantry/core/tier/catalogue';
import { until } from '@tenantry/local/demo/journey';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rootClient, tableName } from '../../support/rows.ts';
import { type Founder, startTestCloud, type TestCloud } from '../../support/test-cloud.ts';

/** What a tier limits of what comes from shops. */
let test: TestCloud;
let shop: Founder;
const { eventsPerDay, requestsPerSecond } = tierCatalogue.standard.limits;

beforeAll(async () => {
  test = await startTestCloud();
  shop = await test.founder('standard');
}, 240_000);
afterAll(() => test?.close());

const put = (table: string, item: Record<string, unknown>) =>
  rootClient(test.cloud).send(new PutCommand({ TableName: tableName(test.cloud, table), Item: item }));

async function send(path: string, bearer: string, body: unknown) {
  const response = await fetch(`${test.instance.siteUrl}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, retryAfter: response.headers.get('retry-after'), body: await response.json() };
}
const collect = (bearer: string) =>
  send('/v1/events', bearer, { events: [{ shopperId: 'shopper-1', itemId: 'lamp', type: 'view' }] });
const recommend = (bearer: string) => send('/v1/recommendations', bearer, { shopperId: 'shopper-1' });

describe('a shop', () => {
  it('that has sent the events of its day is told so until there are more, and gets its recommendations', async () => {
    const day = new Date().toISOString().slice(0, 10);
    const row = { pk: `TENANT#${shop.tenantId}`, sk: `USED#DAY#events_collected#${day}`, revision: 1 };
    await put('Usage', { ...row, steps: eventsPerDay });
    // A key of its own, which nobody has asked about yet.
    const bearer = await shop.person.createKey('secret');
    const refused = await collect(bearer);
    expect(refused.status).toBe(429);
    expect(refused.body).toMatchObject({
      code: 'rate_limited',
      limit: { name: 'eventsPerDay', used: eventsPerDay, allowed: eventsPerDay },
    });
    expect(Number(refused.retryAfter)).toBeGreaterThan(0);
    expect((await recommend(bearer)).status).toBe(200);

    await put('Usage', { ...row, steps: eventsPerDay - 1 });
    expect((await collect(await shop.person.createKey('secret'))).status).toBe(202);
  });

  it('whose second is used up elsewhere is told to come again in the next, and then served', async () => {
    const bearer = await shop.person.createKey('secret');
    const second = Math.floor(Date.now() / 1000) + 2;
    await put('Control', { pk: `TENANT#${shop.tenantId}#RATE`, sk: 'REQUESTS', second, taken: requestsPerSecond });
    const refused = await collect(bearer);
    expect(refused).toMatchObject({
      status: 429,
      retryAfter: '1',
      body: { code: 'rate_limited', limit: { name: 'requestsPerSecond', allowed: requestsPerSecond } },
    });
    await until('the next second', async () => ((await recommend(bearer)).status === 200 ? true : undefined));
  });
});
