import { takeFeedback } from '@tenantry/core/attribution/feedback';
import { loggedListKey } from '@tenantry/core/attribution/log';
import { publishCatalogue } from '@tenantry/core/catalogue/publish';
import { decodeSnapshot, snapshotKey } from '@tenantry/core/catalogue/snapshot';
import { experimentPlanSchema, variantName } from '@tenantry/core/experiment/experiment';
import { readResults } from '@tenantry/core/experiment/results';
import { endExperiment, experimentKey, findExperiment, startExperiment } from '@tenantry/core/experiment/store';
import { newId, type TenantId } from '@tenantry/core/ids/id';
import { readObject } from '@tenantry/core/s3/read-object';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Stores, startStores } from '../../support/stores.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await startStores();
});
afterAll(() => stores?.close());

const at = new Date('2026-03-10T12:00:00.000Z');
const plan = experimentPlanSchema.parse({
  name: 'Without rules',
  variants: [
    { name: 'a', percent: 50 },
    { name: 'b', percent: 50, rules: false },
  ],
});
const tables = () => ({ catalogue: stores.table('Catalogue'), auditTable: 'Audit' });
const context = (tenantId: TenantId) => ({
  actor: { kind: 'member', sub: 's', userId: newId('user'), tenantId, role: 'admin', impersonating: false } as const,
  at,
});
const start = (tenantId: TenantId) => startExperiment(tables(), plan, context(tenantId));
const end = (tenantId: TenantId, winner: string | null) => endExperiment(tables(), winner, context(tenantId));
const codes = (results: readonly PromiseSettledResult<unknown>[]) =>
  results.map((result) => (result.status === 'fulfilled' ? 'done' : String(result.reason.code))).sort();

it('of ten that start an experiment at the same time one does, and the next can start when it has ended', async () => {
  const tenantId = newId('tenant');
  for (let round = 0; round < 2; round += 1) {
    const starts = await Promise.allSettled(Array.from({ length: 10 }, () => start(tenantId)));
    expect(codes(starts)).toEqual([...Array(9).fill('conflict'), 'done']);
    await expect(end(tenantId, 'c')).rejects.toMatchObject({ code: 'invalid_request' });
    const ends = await Promise.allSettled(Array.from({ length: 5 }, () => end(tenantId, 'b')));
    expect(codes(ends).filter((code) => code === 'done')).toHaveLength(1);
    await expect(end(tenantId, 'b')).rejects.toMatchObject({ code: 'not_found' });
  }
  const entries = (await stores.rows('Audit')).filter(({ pk }) => pk === `TENANT#${tenantId}`);
  expect(entries.map(({ action }) => action).sort()).toEqual([
    'experiment.ended',
    'experiment.ended',
    'experiment.started',
    'experiment.started',
  ]);
});

it('recommenders are told of it with the catalogue', async () => {
  const tenantId = newId('tenant');
  const { experimentId } = await start(tenantId);
  const models = stores.bucket('Models');
  await publishCatalogue({ catalogue: stores.table('Catalogue'), models }, tenantId, [experimentKey(tenantId)]);
  const stored = await readObject(models.client, models.bucket, snapshotKey(tenantId));
  if (typeof stored === 'string') throw new Error(`The snapshot is ${stored}.`);
  expect(decodeSnapshot(new TextDecoder().decode(stored.body)).experiment?.experimentId).toBe(experimentId);
});

it('its results count each shopper once in a variant, however many lists were seen and clicked', async () => {
  const tenantId = newId('tenant');
  const { experimentId } = await start(tenantId);
  const attribution = stores.table('Attribution');
  const give = async (shopperId: string, variant: string, ...clicks: readonly string[]) => {
    const recommendationId = newId('recommendation', at.getTime());
    const list = { scenario: 'personal', modelVersion: 'm', items: ['x', 'y'], variant };
    await stores.put('Recommendations', { ...loggedListKey(tenantId, shopperId, recommendationId), ...list });
    const entry = { recommendationId, shopperId };
    const feedback = [
      { ...entry, type: 'impression' },
      ...clicks.map((itemId) => ({ ...entry, type: 'click', itemId })),
    ];
    await takeFeedback({ recommendations: stores.table('Recommendations'), attribution }, tenantId, feedback, at);
  };
  const [a, b] = ['a', 'b'].map((name) => variantName(experimentId, name)) as [string, string];
  for (let list = 0; list < 3; list += 1) await give('one', a, 'x', 'y');
  await give('two', a);
  await give('three', b, 'x');
  await give('four', 'none', 'x');
  await give('five', variantName('xpr_other', 'b'), 'x');
  const experiment = await findExperiment(stores.table('Catalogue'), tenantId);
  if (!experiment) throw new Error('There is no experiment.');
  const results = await readResults(attribution, tenantId, experiment, at);
  expect(results.map(({ name, shoppers, clickedShoppers }) => [name, shoppers, clickedShoppers])).toEqual([
    ['a', 2, 1],
    ['b', 1, 1],
  ]);
});
