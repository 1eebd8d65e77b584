import { newId } from '@tenantry/core/ids/id';
import { callProfile, measuredBatch, type ProfiledKind } from '@tenantry/core/money/call-profile';
import { until } from '@tenantry/local/demo/journey';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { allRows } from '../../support/rows.ts';
import { type Founder, startTestCloud, type TestCloud } from '../../support/test-cloud.ts';

/** Of each kind. More than what happens by the clock meanwhile, such as a look for a newer model. */
const TIMES = 8;
/** The last call for a batch of the stream. */
const archived = 'tenant-archive TransactWriteItems';

let test: TestCloud;
let standard: Shop;
let premium: Shop;

interface Shop extends Founder {
  readonly bearer: string;
}

beforeAll(async () => {
  test = await startTestCloud();
  const shop = async (tier: 'standard' | 'premium'): Promise<Shop> => {
    const founder = await test.founder(tier);
    const bearer = await founder.person.createKey('secret');
    return { ...founder, bearer };
  };
  standard = await shop('standard');
  premium = await shop('premium');
  // So that the environments are warm, hold credentials, and know the shoppers.
  for (const one of [standard, premium]) {
    for (let i = 0; i < 3; i += 1) {
      await collect(one);
      await recommend(one);
    }
  }
}, 300_000);
afterAll(() => test?.close());

const collect = ({ person, bearer }: Pick<Shop, 'person' | 'bearer'>) =>
  person.api('collectEvents', {
    bearer,
    body: {
      events: Array.from({ length: measuredBatch.events }, (_, i) => ({
        id: newId('event'),
        shopperId: `shopper-${i % measuredBatch.shoppers}`,
        itemId: `item-${i}`,
        type: 'view',
      })),
    },
  });
const recommend = ({ person, bearer }: Shop) => person.api('recommend', { bearer, body: { shopperId: 'shopper-1' } });

/** Calls with one of the access profiles for a tenant, by profile and operation, since a time. */
function callsOf(
  { tenantId }: Pick<Shop, 'tenantId'>,
  profiles: readonly string[],
  since: number,
): ReadonlyMap<string, number> {
  const namespace = tenantId.slice(tenantId.indexOf('_') + 1);
  const counts = new Map<string, number>();
  for (const { time, roleArn, tags, operation, allowed } of test.cloud.calls.all()) {
    const own = tags.TenantId === tenantId || tags['kubernetes-namespace'] === namespace;
    const profile = profiles.find((name) => roleArn?.endsWith(`-${name}`));
    if (!own || !allowed || !profile || time < since) continue;
    const call = `${profile} ${operation}`;
    counts.set(call, (counts.get(call) ?? 0) + 1);
  }
  return counts;
}

/** What is called each time; what is called now and then counts for less than one, and is left out. */
const each = (counts: ReadonlyMap<string, number>, times: number) =>
  Object.fromEntries(
    [...counts].map(([call, count]) => [call, Math.floor(count / times)] as const).filter(([, count]) => count > 0),
  );

const rowsOf = async ({ tenantId }: Shop, table: string): Promise<number> =>
  (await allRows(test.cloud, table)).filter(({ pk }) => String(pk).startsWith(tenantId)).length;

async function measure(
  shop: Shop,
  profiles: readonly string[],
  table: string,
  work: (shop: Shop) => Promise<unknown>,
): Promise<ProfiledKind> {
  const since = Date.now();
  const before = await rowsOf(shop, table);
  for (let i = 0; i < TIMES; i += 1) await work(shop);
  // A silo writes its log after the answer.
  const written = await until('the rows', async () => {
    const rows = (await rowsOf(shop, table)) - before;
    return rows >= TIMES ? rows : undefined;
  });
  return { calls: each(callsOf(shop, profiles, since), TIMES), rows: { [table]: written / TIMES } };
}

it('the profile of calls tells what a request with events of known shoppers comes to', async () => {
  expect(await measure(standard, ['tenant-data', 'tenant-member'], 'Events', collect)).toEqual(callProfile.collect);
});

it('the profile of calls tells what a recommendation from the pool comes to', async () => {
  expect(await measure(standard, ['tenant-serving', 'tenant-member'], 'Recommendations', recommend)).toEqual(
    callProfile.recommendFromPool,
  );
});

it('the profile of calls tells what a recommendation from a silo comes to', async () => {
  expect(
    await measure(premium, ['tenant-silo', 'tenant-serving', 'tenant-member'], 'Recommendations', recommend),
  ).toEqual(callProfile.recommendFromSilo);
});

it('the profile of calls tells what a batch of a stream comes to', async () => {
  const since = Date.now();
  await collect(standard);
  await recommend(standard);
  for (const [kind, profile, started] of [
    ['archive', 'tenant-archive', 'tenant-archive PutObject'],
    ['meterRecommendations', 'tenant-lists', 'tenant-lists PutItem'],
  ] as const) {
    const expected = Object.entries(callProfile[kind].calls);
    const counts = await until(kind, async () => {
      const found = callsOf(standard, [profile], since);
      // The last call of a batch may still be to come.
      const batches = new Set(expected.map(([call, perBatch]) => (found.get(call) ?? 0) / perBatch));
      const whole = found.size >= expected.length && batches.size === 1 && !batches.has(0);
      return whole ? found : undefined;
    });
    expect(each(counts, counts.get(started) ?? 1)).toEqual(callProfile[kind].calls);
  }
});

it('the profile of calls tells what a training comes to beside reading the archive', async () => {
  // Of a shop that has not asked for recommendations, since these are metered with the same profile, some time after they are made.
  const { tenantId, person } = await test.founder('standard');
  const bearer = await person.createKey('secret');
  const start = Date.now();
  await collect({ person, bearer });
  await until('the archive', async () => callsOf({ tenantId }, ['tenant-archive'], start).get(archived));
  const since = Date.now();
  await person.api('trainModel', { bearer: person.accessToken });
  await until('the training', async () => {
    const { training } = await person.api('listModels', { bearer: person.accessToken });
    return training?.status === 'succeeded' ? true : undefined;
  });
  const counts = callsOf({ tenantId }, ['tenant-training', 'tenant-evidence'], since);
  const writes = [...counts].filter(([call]) => /Put|Update/.test(call));
  expect(Object.fromEntries(writes)).toMatchObject(callProfile.training.calls);
});
