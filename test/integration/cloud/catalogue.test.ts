import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { Recommendation } from '@tenantry/core/contract/recommendation';
import { newId } from '@tenantry/core/ids/id';
import { ApiProblem } from '@tenantry/local/demo/api-client';
import { until } from '@tenantry/local/demo/journey';
import { resourcesOfType } from '@tenantry/local/program/graph';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from '../../support/codes.ts';
import { type Founder, startTestCloud, type TestCloud } from '../../support/test-cloud.ts';

let test: TestCloud;
const shops = new Map<string, { readonly founder: Founder; readonly key: string }>();

beforeAll(async () => {
  test = await startTestCloud();
  for (const tier of ['standard', 'premium'] as const) {
    const founder = await test.founder(tier);
    const key = await founder.person.createKey('secret');
    shops.set(tier, { founder, key });
    await train(founder, key);
  }
}, 240_000);
afterAll(() => test?.close());

/** Six items, of which `item-0` was seen most and `item-5` least. */
async function train({ person: { api, accessToken } }: Founder, key: string): Promise<void> {
  const events = Array.from({ length: 6 }, (_, shopper) =>
    Array.from({ length: 6 - shopper }, (_, item) => ({
      id: newId('event'),
      shopperId: `shopper-${shopper}`,
      itemId: `item-${item}`,
      type: 'view',
    })),
  ).flat();
  await api('collectEvents', { bearer: key, body: { events } });
  await until('the archive', async () => {
    const { archivedEvents } = await api('getActivity', { bearer: accessToken });
    return archivedEvents >= events.length ? true : undefined;
  });
  await api('trainModel', { bearer: accessToken });
  await until('the model', async () => {
    const { models } = await api('listModels', { bearer: accessToken });
    return models.find(({ serving }) => serving);
  });
}

const item = (n: number, more: object = {}) => ({
  id: `item-${n}`,
  title: `Lamp ${n}`,
  category: ['Lamps', n % 2 === 0 ? 'Desk' : 'Floor'],
  price: { amount: 1000 * (n + 1), currency: 'EUR' },
  attributes: { colour: n < 3 ? 'black' : 'white' },
  ...more,
});

describe.each(['standard', 'premium'])('the catalogue of a %s company', (tier) => {
  const shop = () => {
    const found = shops.get(tier);
    if (!found) throw new Error('There is no such shop.');
    return { ...found, api: found.founder.person.api, token: found.founder.person.accessToken };
  };
  const ids = (list: Recommendation): string => list.items.map(({ itemId }) => itemId.replace('item-', '')).join('');
  /** Asks again when the shop's second is used up, which is not what is tested here. */
  const patiently = <T>(call: () => Promise<T>): Promise<T> =>
    until('another second', () =>
      call().catch((error: unknown) => {
        if (error instanceof ApiProblem && error.problem.code === 'rate_limited') return undefined;
        throw error;
      }),
    );
  const ask = (body: object = {}) =>
    patiently(() => shop().api('recommend', { bearer: shop().key, body: { shopperId: 'nobody', ...body } }));
  /** Waits until the list is as wanted: a change is on its way for a moment. */
  const become = (wanted: string, body: object = {}) =>
    until(`the list ${wanted}`, async () => (ids(await ask(body)) === wanted ? true : undefined), 30_000);
  const put = (...items: readonly unknown[]) =>
    patiently(() => shop().api('putItems', { bearer: shop().key, body: { items: [...items] } }));

  it('leaves nothing behind of items that are all deleted', async () => {
    const { api, key, founder } = shop();
    const { graph, urls, rootCredentials: credentials } = test.cloud;
    const Bucket = resourcesOfType(graph, 'aws:s3/bucket:Bucket').find(({ name }) => name === 'ModelsBucket')?.id;
    const s3 = new S3Client({ endpoint: urls.aws, region: 'us-east-1', credentials, forcePathStyle: true });
    const snapshots = async (): Promise<number> => {
      const Prefix = `models/${founder.tenantId}/catalogue/`;
      return (await s3.send(new ListObjectsV2Command({ Bucket, Prefix }))).KeyCount ?? 0;
    };
    await put({ id: 'only' });
    await until('the snapshot', async () => ((await snapshots()) === 1 ? true : undefined));
    await api('deleteItems', { bearer: key, body: { itemIds: ['only'] } });
    await until('the end of the snapshot', async () => ((await snapshots()) === 0 ? true : undefined));
    s3.destroy();
  });

  it('takes items with a verdict each, and lists them again page by page', async () => {
    const { api, key, token } = shop();
    const answer = await put(...[0, 1, 2, 3, 4, 5].map((n) => item(n)), { id: 'bad', price: { amount: 1.5 } });
    expect(answer).toMatchObject({ accepted: 6, rejected: 1 });
    expect(answer.verdicts[6]?.errors?.map(({ field }) => field)).toContain('items.6.price.amount');
    const seen: unknown[] = [];
    let cursor: string | null = null;
    do {
      const query: Record<string, string> = { limit: '4', ...(cursor ? { cursor } : {}) };
      const page: Awaited<ReturnType<typeof api<'listItems'>>> = await api('listItems', { bearer: key, query });
      seen.push(...page.items);
      cursor = page.cursor;
    } while (cursor);
    expect(seen).toHaveLength(6);
    expect(seen).toContainEqual({ ...item(3), available: true });
    expect((await api('browseItems', { bearer: token })).items).toHaveLength(6);
    const found = await api('browseItems', { bearer: token, query: { search: 'LAMP 4' } });
    expect(found).toEqual({ items: [{ ...item(4), available: true }], cursor: null });
  });

  it('is looked up and changed by people, too, which is in the audit log', async () => {
    const { api, token } = shop();
    const items = [item(6), { id: 'bad', available: 'perhaps' }];
    expect(await api('editItems', { bearer: token, body: { items } })).toMatchObject({ accepted: 1, rejected: 1 });
    const itemIds = ['item-6', 'none'];
    const lookUp = async () => (await api('lookUpItems', { bearer: token, body: { itemIds } })).items;
    expect(await lookUp()).toEqual([{ ...item(6), available: true }]);
    await api('removeItems', { bearer: token, body: { itemIds } });
    expect(await lookUp()).toEqual([]);
    const { entries } = await api('listAudit', { bearer: token, query: { limit: '2' } });
    expect(entries.map(({ action }) => action)).toEqual(['items.deleted', 'items.put']);
  });

  it('shows people whom there are to look at, and what a shopper did', async () => {
    const { api, token } = shop();
    const { shoppers } = await api('listShoppers', { bearer: token });
    expect(shoppers.map(({ shopperId }) => shopperId)).toEqual(
      expect.arrayContaining([0, 1, 2, 3, 4, 5].map((n) => `shopper-${n}`)),
    );
    const params = { shopperId: 'shopper-4' };
    const { events } = await api('readShopperEvents', { bearer: token, params });
    expect(events.map(({ itemId }) => itemId).sort()).toEqual(['item-0', 'item-1']);
    expect(events[0]).toMatchObject({ type: 'view' });
    expect(await api('readShopperEvents', { bearer: token, params, query: { limit: '1' } })).toEqual({
      events: [events[0]],
    });
    expect((await api('readShopperEvents', { bearer: token, params: { shopperId: 'nobody-ever' } })).events).toEqual(
      [],
    );
  });

  it('tries rules before they are kept: the list as it is, and as it would be', async () => {
    const { api, token } = shop();
    await become('012345');
    const rules = [
      { name: 'Not the first', effect: 'exclude', on: { itemIds: ['item-0'] } },
      { name: 'Off', effect: 'exclude', on: { itemIds: ['item-1'] }, enabled: false },
    ];
    const body = { rules, request: { shopperId: 'nobody' } };
    const { before, after } = await api('previewRules', { bearer: token, body });
    const idsOf = ({ items }: typeof before) => items.map(({ itemId }) => itemId.replace('item-', '')).join('');
    expect([idsOf(before), idsOf(after)]).toEqual(['012345', '12345']);
    expect(ids(await ask())).toBe('012345');
  });

  it('knows which of its keys are in use', async () => {
    const { api, token, founder } = shop();
    const unused = await founder.person.createKey('publishable');
    const { apiKeys } = await api('listApiKeys', { bearer: token });
    const [used, newest] = [apiKeys[0], apiKeys.at(-1)];
    expect(Date.parse(used?.lastUsedAt ?? '')).toBeGreaterThan(Date.now() - 10 * 60_000);
    expect(newest).toMatchObject({ hint: `pk_…${unused.slice(-4)}`, lastUsedAt: null, validUntil: null });
    await api('revokeApiKey', { bearer: token, params: { keyId: newest?.id ?? '' } });
  });

  it('takes from lists what is not available any more, and gives it back', async () => {
    await become('012345');
    await put(item(1, { available: false }));
    await become('02345');
    expect(ids(await ask({ includeUnavailable: true }))).toBe('012345');
    await put(item(1));
    await become('012345');
  });

  it('filters lists by category, price and attribute', async () => {
    expect(ids(await ask({ filters: { categories: [['Lamps', 'Floor']] } }))).toBe('135');
    expect(ids(await ask({ filters: { price: { currency: 'EUR', min: 2000, max: 4000 } } }))).toBe('123');
    expect(ids(await ask({ filters: { attributes: { colour: { equals: 'white' } } } }))).toBe('345');
    expect(ids(await ask({ maxPerCategory: 1 }))).toBe('01');
    expect(ids(await ask({ scenario: 'similar', itemId: 'item-0', filters: { categories: [['Hats']] } }))).toBe('');
  });

  it('refuses filters that it cannot read, by the field', async () => {
    for (const [filters, field] of [
      [{ colour: 'white' }, 'filters.colour'],
      [{ price: { currency: 'EUR', min: 5, max: 1 } }, 'filters.price'],
      [{ categories: 'Lamps' }, 'filters.categories'],
      [{ attributes: { colour: { like: 'w%' } } }, 'filters.attributes.colour.like'],
    ] as const) {
      const refused = await ask({ filters }).catch((error: unknown) => error);
      if (!(refused instanceof ApiProblem)) throw new Error('It was taken.');
      expect(refused.problem).toMatchObject({ status: 400, code: 'invalid_request' });
      expect(refused.problem.errors?.[0]?.field).toBe(field);
    }
  });

  it('follows the rules of its lists as soon as they are published, and only in the lists that they are for', async () => {
    const { api, token } = shop();
    const { version } = await api('getRules', { bearer: token });
    const rules = [
      { name: 'New', effect: 'pin', on: { itemIds: ['item-5', 'unknown'] }, position: 2 },
      { name: 'Sold out for good', effect: 'exclude', on: { itemIds: ['item-0'] } },
      { name: 'Floor lamps last', effect: 'bury', on: { category: ['Lamps', 'Floor'] }, scenarios: ['personal'] },
      { name: 'Over', effect: 'exclude', on: { category: ['Lamps'] }, until: '2020-01-01T00:00:00.000Z' },
    ];
    const saved = await api('putRules', { bearer: token, body: { version, rules } });
    expect(saved.version).toBe(version + 1);
    expect(await codeOf(api('putRules', { bearer: token, body: { version, rules: [] } }))).toBe('conflict');
    await become('25unknown413');
    expect((await ask()).items.map(({ reason }) => reason).slice(0, 3)).toEqual(['popular', 'pinned', 'pinned']);
    expect(ids(await ask({ scenario: 'bestsellers' }))).toBe('15unknown234');
    const pages = [await ask({ limit: 2 }), await ask({ limit: 2, offset: 2 }), await ask({ limit: 2, offset: 4 })];
    expect(pages.map(ids).join('|')).toBe('25|unknown4|13');
    expect(pages.map(({ nextOffset }) => nextOffset)).toEqual([2, 4, null]);
    await api('putRules', { bearer: token, body: { version: saved.version, rules: [] } });
    await become('012345');
  });

  it('lets only secret keys change it, and only admins its rules', async () => {
    const { founder } = shop();
    const publishable = await founder.person.createKey('publishable');
    const items = [item(0)];
    expect(await codeOf(founder.person.api('putItems', { bearer: publishable, body: { items } }))).toBe('forbidden');
  });

  it('counts what becomes of its lists: seen, clicked, and bought from', async () => {
    const { api, key, token } = shop();
    const list = await ask({ shopperId: 'buyer', scenario: 'bestsellers' });
    const [first] = list.items;
    const entry = { recommendationId: list.recommendationId, shopperId: 'buyer' };
    // A silo writes its log after the answer.
    await until('the feedback', async () => {
      const feedback = [{ ...entry, type: 'impression' }];
      const { accepted } = await api('sendFeedback', { bearer: key, body: { feedback } });
      return accepted === 1 ? true : undefined;
    });
    const feedback = [
      { ...entry, type: 'click', itemId: first?.itemId },
      { ...entry, type: 'click', itemId: 'not-in-the-list' },
    ];
    expect(await api('sendFeedback', { bearer: key, body: { feedback } })).toMatchObject({ accepted: 1, rejected: 1 });
    const bought = { id: newId('event'), shopperId: 'buyer', itemId: first?.itemId, type: 'purchase' };
    await api('collectEvents', { bearer: key, body: { events: [bought] } });
    const counted = await until('the conversion', async () => {
      const { days } = await api('getPerformance', { bearer: token });
      return days.find(({ scenario, conversions }) => scenario === 'bestsellers' && conversions > 0);
    });
    expect(counted).toMatchObject({ modelVersion: list.modelVersion, variant: 'none' });
    expect([counted.impressions, counted.clickedLists, counted.clicks, counted.conversions]).toEqual([1, 1, 1, 1]);
    expect(counted.revenue).toEqual({ EUR: 1000 });
    const { lastArrivedAt } = await api('getActivity', { bearer: token });
    expect(Date.parse(lastArrivedAt ?? '')).toBeGreaterThan(Date.now() - 10 * 60_000);
    const tooMany = api('getPerformance', { bearer: token, query: { from: '2020-01-01' } });
    expect(await codeOf(tooMany)).toBe('invalid_request');
  });

  it('gives shoppers variants, of which each keeps its own, and the winner to everybody in the end', async () => {
    const { api, token } = shop();
    const variants = [
      { name: 'as-it-is', percent: 50 },
      { name: 'mixed', percent: 50, maxPerCategory: 1 },
    ];
    const started = await api('startExperiment', { bearer: token, body: { name: 'Mixed', variants } });
    expect(started.results.map(({ verdict }) => verdict)).toEqual(['first', 'open']);
    expect(await codeOf(api('startExperiment', { bearer: token, body: { name: 'Other', variants } }))).toBe('conflict');
    const id = started.experiment?.experimentId;
    await until('the experiment', async () => ((await ask()).variant.startsWith(`${id}:`) ? true : undefined));
    const given = async () => {
      const lists = [];
      for (let n = 0; n < 12; n += 1) lists.push(await ask({ shopperId: `guest-${n}` }));
      return lists.map((list) => `${list.variant} ${ids(list)}`);
    };
    const first = await given();
    expect(new Set(first)).toEqual(new Set([`${id}:as-it-is 012345`, `${id}:mixed 01`]));
    expect(await given()).toEqual(first);
    const { experiment } = await api('endExperiment', { bearer: token, body: { winner: 'mixed' } });
    expect(experiment?.winner).toBe('mixed');
    await until('the winner', async () => (new Set(await given()).size === 1 ? true : undefined));
    expect(await given()).toEqual(Array(12).fill('none 01'));
    await api('startExperiment', { bearer: token, body: { name: 'Back', variants } });
    await api('endExperiment', { bearer: token, body: { winner: null } });
    await become('012345');
  });

  it('lets a model serve that was trained before, and no other', async () => {
    const { api, token } = shop();
    const { models } = await api('listModels', { bearer: token });
    const [{ version } = { version: '' }] = models;
    expect(await api('serveModel', { bearer: token, params: { version } })).toEqual({ version });
    const { entries } = await api('listAudit', { bearer: token, query: { limit: '1' } });
    expect(entries[0]).toMatchObject({ action: 'model.served', details: { version } });
    const unknown = api('serveModel', { bearer: token, params: { version: newId('model') } });
    expect(await codeOf(unknown)).toBe('not_found');
  });

  it('forgets what is deleted', async () => {
    const { api, key } = shop();
    await put(item(2, { available: false }));
    await become('01345');
    await api('deleteItems', { bearer: key, body: { itemIds: ['item-2', 'never'] } });
    await become('012345');
    expect((await api('listItems', { bearer: key })).items).toHaveLength(5);
  });
});
