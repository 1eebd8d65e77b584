import { PutObjectCommand } from '@aws-sdk/client-s3';
import { marshall } from '@aws-sdk/util-dynamodb';
import { shopperHash } from '@tenantry/core/erasure/shopper-hash';
import { createIdSource, type TenantId } from '@tenantry/core/ids/id';
import { until } from '@tenantry/local/demo/journey';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from '../../support/codes.ts';
import { exportAll } from '../../support/exports.ts';
import { allRows, tableName } from '../../support/rows.ts';
import { bucketName, rootS3 } from '../../support/s3.ts';
import { type Founder, startTestCloud, type TestCloud } from '../../support/test-cloud.ts';
import { everything, placesOf } from '../../support/whole-cloud.ts';

/** A shopper asks to be forgotten: afterwards nothing in the whole cloud names it, and everything of others is as it was. */
let test: TestCloud;
let stranger: Shop;

beforeAll(async () => {
  test = await startTestCloud({ waitScale: 0.02 });
  stranger = await trading('standard');
}, 180_000);
afterAll(() => test?.close());

const newId = createIdSource();
/** Ids that are hard to write: in a path, in a key, in JSON, and one that is part of another. */
const gone = 'gone/%2F#"\\~1';
const others = ['gone/%2F#"\\~11', 'gone', 'stays'] as const;
const shoppers = [gone, ...others];
/** As JSON has it, and as the rest. */
const spellings = [gone, JSON.stringify(gone).slice(1, -1), encodeURIComponent(gone)];

/** Places that name the shopper itself, and not only one whose id begins alike. */
function namesShopper(whole: ReadonlyMap<string, string>): readonly string[] {
  const foreign = others.flatMap((id) => [id, JSON.stringify(id).slice(1, -1), encodeURIComponent(id)]);
  const without = (text: string) =>
    foreign.reduce((left, id) => left.replaceAll(id, ''), text.replaceAll('\\"', '"').replaceAll('\\\\', '\\'));
  const stripped = new Map([...whole].map(([place, content]) => [without(place), without(content)]));
  return [...new Set(spellings.flatMap((id) => placesOf(stripped, id)))];
}

interface Shop {
  readonly founder: Founder;
  readonly tenantId: TenantId;
  readonly bearer: string;
  readonly key: string;
}

const sent = (shopperId: string, i: number) => {
  const at = Date.now() - 60_000 + i * 100;
  return {
    id: newId('event', at),
    shopperId,
    itemId: `item-${(i * 7) % 30}`,
    type: 'view',
    sessionId: `s-${shopperId}`,
  };
};

const archivedOf = async ({ founder, bearer }: Shop) =>
  (await founder.person.api('getActivity', { bearer })).archivedEvents;

/** A shop in which each of the shoppers has left traces wherever a shopper can. */
async function trading(tier: 'standard' | 'premium'): Promise<Shop> {
  const founder = await test.founder(tier);
  const { api, accessToken: bearer } = founder.person;
  const key = await founder.person.createKey('secret');
  const shop = { founder, tenantId: founder.tenantId as TenantId, bearer, key };
  const events = Array.from({ length: 40 }, (_, i) => sent(shoppers[i % shoppers.length] ?? '', i));
  await api('collectEvents', { bearer: key, body: { events } });
  await until('the archive', async () => ((await archivedOf(shop)) >= events.length ? true : undefined));
  await api('trainModel', { bearer });
  const model = await until('the model', async () => {
    const { models } = await api('listModels', { bearer });
    return models.find(({ serving }) => serving);
  });
  for (const shopperId of shoppers) {
    const { recommendationId, items } = await until('a list', async () => {
      const answer = await api('recommend', { bearer: key, body: { shopperId } });
      return answer.modelVersion === model.version ? answer : undefined;
    });
    const itemId = items[0]?.itemId ?? '';
    const about = { recommendationId, shopperId };
    await until('the feedback', async () => {
      const { verdicts } = await api('sendFeedback', {
        bearer: key,
        body: { feedback: [{ ...about, type: 'click', itemId }] },
      });
      return verdicts[0]?.verdict === 'accepted' ? true : undefined;
    });
    await api('collectEvents', { bearer: key, body: { events: [{ shopperId, itemId, type: 'purchase' }] } });
  }
  const all = events.length + shoppers.length;
  await until('the purchases', async () => ((await archivedOf(shop)) >= all ? true : undefined));
  await exportAll(founder.person);
  return shop;
}

const erasureOf = async ({ founder, bearer }: Shop, erasureId: string) => {
  const { erasures } = await founder.person.api('listErasures', { bearer });
  return erasures.find(({ id }) => id === erasureId);
};

const erased = (shop: Shop, erasureId: string) =>
  until(
    'the erasure',
    async () => {
      const found = await erasureOf(shop, erasureId);
      if (found?.status === 'failed') throw new Error(found.reason ?? 'The erasure failed.');
      return found?.status === 'done' ? found : undefined;
    },
    60_000,
  );

describe.each(['standard', 'premium'] as const)('a shopper of a %s company', (tier) => {
  let shop: Shop;
  let before: ReadonlyMap<string, string>;
  let erasureId: string;
  const planted = () => `archive/${shop.tenantId}/dt=2026-01-01/planted.ndjson`;
  const otherLine = (shopperId: string) =>
    `{ "time":"2026-01-01T00:00:00.000Z", "shopperId": ${JSON.stringify(shopperId)} }`;

  beforeAll(async () => {
    shop = await trading(tier);
    // Not as the archive writes them: what stays must stay byte for byte.
    const lines = [
      otherLine('gone'),
      otherLine(gone),
      '',
      otherLine('stays'),
      JSON.stringify({ shopperId: 'stays', itemId: gone }),
    ];
    await rootS3(test.cloud).send(
      new PutObjectCommand({ Bucket: bucketName(test.cloud, 'Archive'), Key: planted(), Body: lines.join('\n') }),
    );
    before = await everything(test.cloud);
    const answer = await shop.founder.person.api('eraseShopper', { bearer: shop.key, params: { shopperId: gone } });
    erasureId = answer.erasureId;
    const again = await shop.founder.person.api('requestErasure', { bearer: shop.bearer, body: { shopperId: gone } });
    expect(again.erasureId).toBe(erasureId);
    await erased(shop, erasureId);
  }, 180_000);

  it('was everywhere before', () => {
    const places = namesShopper(new Map([...before].filter(([place]) => place.includes(shop.tenantId)))).join('\n');
    const tables = ['Recommendations', 'Attribution', 'Shoppers'].map((name) => tableName(test.cloud, name));
    const buckets = ['Archive', 'Exports'].map((name) => bucketName(test.cloud, name));
    const events = tier === 'premium' ? `silo-${shop.tenantId}-events` : tableName(test.cloud, 'Events');
    for (const place of [...tables, ...buckets, events]) expect(places).toContain(place);
  });

  it('is named nowhere any more, in no table and in no object', async () => {
    const whole = await everything(test.cloud);
    const own = new Map([...whole].filter(([place]) => place.includes(shop.tenantId)));
    expect(own.size).toBeGreaterThan(50);
    expect(namesShopper(own).filter((place) => !place.includes('planted.ndjson'))).toEqual([]);
  });

  it('leaves what others did as it was: their rows, and their lines of the same objects byte for byte', async () => {
    const whole = await everything(test.cloud);
    const body = whole.get(`object ${bucketName(test.cloud, 'Archive')} ${planted()}`);
    expect(body).toBe(
      [otherLine('gone'), '', otherLine('stays'), JSON.stringify({ shopperId: 'stays', itemId: gone })].join('\n'),
    );
    let shared = 0;
    for (const [place, content] of before) {
      if (place.includes(`${bucketName(test.cloud, 'Archive')} archive/${shop.tenantId}/`)) {
        const left = content.split('\n').filter((line) => line === '' || JSON.parse(line).shopperId !== gone);
        if (left.length < content.split('\n').length && left.length > 1) shared += 1;
        expect(whole.get(place), place).toBe(left.join('\n'));
      }
      const isRow = ['Events', 'Recommendations', 'Attribution', 'Shoppers'].some((name) =>
        place.startsWith(`row ${tableName(test.cloud, name)} ${shop.tenantId}`),
      );
      if (isRow && namesShopper(new Map([[place, content]])).length === 0)
        expect(whole.get(place), place).toBe(content);
      // The same shopper of another company is another shopper.
      if (place.includes(stranger.tenantId) && !place.includes(`TENANT#${stranger.tenantId}`)) {
        expect(whole.get(place), place).toBe(content);
      }
    }
    expect(shared).toBeGreaterThan(0);
  });

  it('has a certificate that counts what there was, and an audit log that names it by a hash alone', async () => {
    const hash = shopperHash(shop.tenantId, gone);
    const done = await erasureOf(shop, erasureId);
    expect(done).toMatchObject({ status: 'done', shopperId: null, shopperHash: hash, reason: null });
    expect(done?.certificate).toMatchObject({
      shopperHash: hash,
      deleted: { entries: 1, events: 11, archivedEvents: 12, recommendations: expect.any(Number) },
      remaining: 0,
      exportsWithdrawn: 1,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(done?.certificate?.deleted.feedback).toBeGreaterThan(2);
    const { entries } = await shop.founder.person.api('listAudit', { bearer: shop.bearer, query: { limit: '20' } });
    const about = entries.filter(({ details }) => details.shopper === hash).map(({ action }) => action);
    expect(about.sort()).toEqual(['shopper.erased', 'shopper.erasure.requested']);
  });

  it('is in no export that was made before, and in no model that is trained from then on', async () => {
    const { api } = shop.founder.person;
    const { exports } = await api('listExports', { bearer: shop.bearer });
    expect(exports).toMatchObject([{ status: 'failed', reason: expect.stringContaining('A shopper was erased') }]);
    const retraining = (await erasureOf(shop, erasureId))?.certificate?.retraining;
    const model = await until('the next model', async () => {
      const { models } = await api('listModels', { bearer: shop.bearer });
      return models.find(({ version }) => version === retraining);
    });
    // Of the planted lines those of others, without a type, count as events too.
    expect(model.events).toBe(40 + shoppers.length - 11 + 3);
  });

  it('comes back as a new one: what it did before is dropped even if it arrives late, what it does now is kept', async () => {
    const { api } = shop.founder.person;
    const { certificate } = (await erasureOf(shop, erasureId)) ?? {};
    const late = sent(gone, 0);
    const record = (event: ReturnType<typeof sent>, at: Date) => ({
      eventName: 'INSERT',
      eventSourceARN: `arn:aws:dynamodb:us-east-1:000000000000:table/${tableName(test.cloud, 'Events')}/stream/x`,
      dynamodb: {
        ApproximateCreationDateTime: at.getTime() / 1000,
        NewImage: marshall({
          pk: `${shop.tenantId}#${event.shopperId}`,
          sk: `${new Date().toISOString()}#${event.id}`,
          itemId: 'late',
          type: 'view',
        }),
      },
    });
    const consumer = test.cloud.graph.functions.find(({ logicalName }) => logicalName === 'ConsumersEventArchive');
    const answer = await test.cloud.lambda.invoke(consumer?.arn ?? '', {
      Records: [record(late, new Date(certificate?.completedAt ?? '')), record(sent('stays', 1), new Date())],
    });
    expect(answer.functionError).toBeUndefined();
    const archived = async (text: string) =>
      [...(await everything(test.cloud))].filter(([place, content]) => {
        return place.includes(`archive/${shop.tenantId}/`) && content.includes(text);
      }).length;
    expect(await archived(late.id)).toBe(0);

    const now = sent(gone, 2);
    await api('collectEvents', { bearer: shop.key, body: { events: [{ ...now, id: newId('event') }] } });
    await until('its new entry', async () => {
      const rows = await allRows(test.cloud, 'Shoppers');
      return rows.find(({ pk, sk }) => String(pk).startsWith(shop.tenantId) && sk === gone);
    });
    await until('its new event', async () => ((await archived(JSON.stringify(gone))) > 0 ? true : undefined));
  });
});

it('is asked for with a secret key, by an id that a shopper can have', async () => {
  const { person } = await test.founder('standard');
  const publishable = await person.createKey('publishable');
  const params = { shopperId: 'a' };
  expect(await codeOf(person.api('eraseShopper', { bearer: publishable, params }))).toBe('forbidden');
  const secret = await person.createKey('secret');
  for (const shopperId of ['a b', 'x'.repeat(129), 'ü']) {
    expect(await codeOf(person.api('eraseShopper', { bearer: secret, params: { shopperId } }))).toBe('invalid_request');
  }
});

it('had no call denied', () => {
  expect(test.cloud.calls.all().filter(({ allowed, callerArn }) => !allowed && callerArn)).toEqual([]);
});
