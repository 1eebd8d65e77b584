import { DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { madeModel, modelsOf } from '../../support/models.ts';
import { rootClient, tableName } from '../../support/rows.ts';
import { type Founder, startTestCloud, type TestCloud } from '../../support/test-cloud.ts';

/** A model whose file is broken is not served by the pool's function nor by a silo's process, and no shop notices. */
let test: TestCloud;
const shops = new Map<string, Founder & { readonly bearer: string }>();
beforeAll(async () => {
  // What is denied once a table is gone says nothing about what is granted.
  test = await startTestCloud({ usesDir: undefined });
  for (const tier of ['standard', 'premium'] as const) {
    const founder = await test.founder(tier);
    shops.set(tier, { ...founder, bearer: await founder.person.createKey('secret') });
  }
}, 240_000);
afterAll(() => test?.close());

/** The smaller tier takes 50 requests a second. */
const MS_BETWEEN = 25;

const cutOff = (blob: Uint8Array): Uint8Array => blob.subarray(0, blob.length / 2);
const oneBit = (blob: Uint8Array): Uint8Array => blob.with(blob.length >> 1, (blob[blob.length >> 1] ?? 0) ^ 1);

describe.each([
  ['standard', 'pool'],
  ['premium', 'silo'],
] as const)('lists of a company that is %s', (tier, servedBy) => {
  it('are answered by the model before, or as if there were none, whatever file is promoted', async () => {
    const shop = shops.get(tier);
    if (!shop) throw new Error(`There is no ${tier} shop.`);
    const { person, bearer, tenantId } = shop;
    const models = modelsOf(test.cloud, tenantId);
    let asked = 0;
    /** A list that does not come, or not from where it should, fails the test. */
    const ask = async (): Promise<string> => {
      await new Promise((resolve) => setTimeout(resolve, asked + MS_BETWEEN - Date.now()));
      asked = Date.now();
      const list = await person.api('recommend', { bearer, body: { shopperId: 'somebody', limit: 3 } });
      expect(list.servedBy).toBe(servedBy);
      expect(list.items).toHaveLength(list.modelVersion === 'none' ? 0 : 3);
      return list.modelVersion;
    };
    /** Asks until something has become so; gives the versions that answered. */
    const askUntil = async (done: (version: string) => boolean): Promise<ReadonlySet<string>> => {
      const versions = new Set<string>();
      const began = Date.now();
      for (;;) {
        const version = await ask();
        versions.add(version);
        if (done(version)) return versions;
        if (Date.now() - began > 20_000) throw new Error(`Still ${[...versions].join(', ')}`);
      }
    };
    const [first, good, spoilt, next] = [madeModel(), madeModel(), madeModel(), madeModel()];
    await models.promote(first, undefined, cutOff(first.blob));
    expect([...(await askUntil(() => models.reads(first) > 0))]).toEqual(['none']);
    await models.promote(good, first);
    // Every replica has it then.
    let inARow = 0;
    await askUntil((version) => {
      inARow = version === good.version ? inARow + 1 : 0;
      return inARow === 30;
    });
    await models.promote(spoilt, good, oneBit(spoilt.blob));
    const versions = await askUntil(() => models.reads(spoilt) > 0);
    for (let time = 0; time < 10; time += 1) await ask();
    expect([...versions, await ask()].every((version) => version === good.version)).toBe(true);
    await models.promote(next, good);
    await askUntil((version) => version === next.version);
    models.close();
  }, 120_000);
});

/** The last one, since it takes a table away. */
it('a pool that cannot read its table says when to come again, and silos go on', async () => {
  await rootClient(test.cloud).send(new DeleteTableCommand({ TableName: tableName(test.cloud, 'Events') }));
  const ask = (tier: string) =>
    fetch(`${test.instance.siteUrl}/v1/recommendations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${shops.get(tier)?.bearer}`, 'content-type': 'application/json' },
      body: '{"shopperId":"somebody"}',
    });
  const refused = await ask('standard');
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
  expect(await refused.json()).toMatchObject({ code: 'unavailable' });
  const answered = await ask('premium');
  expect([answered.status, ((await answered.json()) as { servedBy: string }).servedBy]).toEqual([200, 'silo']);
}, 60_000);
