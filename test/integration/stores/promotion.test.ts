import { createHash } from 'node:crypto';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { BehaviourEvent } from '@tenantry/core/events/event';
import { newId, type TenantId } from '@tenantry/core/ids/id';
import { modelKey, type RegisteredModel, registerModel, servingKey } from '@tenantry/core/training/model-registry';
import { noteServing, pointTo } from '@tenantry/core/training/promotion';
import { endTraining, findTraining, startTraining } from '@tenantry/core/training/training';
import { createModelSource } from '@tenantry/recommender/serving/model-source';
import { trainModel } from '@tenantry/recommender/training/train';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stores, startStores } from '../../support/stores.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await startStores();
});
afterAll(() => stores?.close());

const at = new Date('2026-03-10T12:00:00.000Z');
const models = () => stores.bucket('Models');
const put = (Key: string, Body: Uint8Array | string) =>
  models().client.send(new PutObjectCommand({ Bucket: models().bucket, Key, Body }));

async function* events(): AsyncGenerator<BehaviourEvent> {
  for (let n = 0; n < 30; n += 1) {
    const time = new Date(at.getTime() - n * 60_000).toISOString();
    yield { id: newId('event', at.getTime() - n), shopperId: `s${n % 5}`, itemId: `i${n % 4}`, type: 'view', time };
  }
}

/** A trained model, stored and registered. */
async function trained(tenantId: TenantId): Promise<{ model: RegisteredModel; blob: Uint8Array }> {
  const version = newId('model');
  const { blob, algorithm, events: count, items } = await trainModel(events(), { version });
  await put(modelKey(tenantId, version), blob);
  const model: RegisteredModel = {
    version,
    createdAt: at.toISOString(),
    events: count,
    items,
    bytes: blob.byteLength,
    algorithm,
    sha256: createHash('sha256').update(blob).digest('hex'),
    madeBy: 'training',
    parameters: {},
  };
  await registerModel(stores.table('Control'), tenantId, model);
  return { model, blob };
}

function recommender() {
  const errors: string[] = [];
  const source = createModelSource({
    bucket: models().bucket,
    bytesMax: 1 << 30,
    checkEveryMs: 0,
    onError: (error) => errors.push(error instanceof Error ? error.message : String(error)),
  });
  return { errors, versionOf: async (tenantId: TenantId) => (await source.modelOf(tenantId, models().client)).version };
}

describe('a recommender', () => {
  it('serves the model that was promoted last, also when that is an older one', async () => {
    const tenantId = newId('tenant');
    const [one, two] = [await trained(tenantId), await trained(tenantId)];
    const { versionOf } = recommender();
    expect(await versionOf(tenantId)).toBe('none');
    for (const { model } of [one, two, one]) {
      await pointTo(models(), tenantId, model, at);
      expect(await versionOf(tenantId)).toBe(model.version);
    }
  });

  it.each([
    ['was changed by one bit', (blob: Uint8Array) => blob.with(blob.length - 1, (blob.at(-1) ?? 0) ^ 1)],
    ['is cut off', (blob: Uint8Array) => blob.subarray(0, blob.length - 100)],
    ['is another model', () => new Uint8Array(8)],
  ])('refuses a model whose file %s, and goes on with the one before', async (_, spoil) => {
    const tenantId = newId('tenant');
    const [one, two] = [await trained(tenantId), await trained(tenantId)];
    const { versionOf, errors } = recommender();
    await pointTo(models(), tenantId, one.model, at);
    await versionOf(tenantId);
    await put(modelKey(tenantId, two.model.version), spoil(two.blob));
    await pointTo(models(), tenantId, two.model, at);
    expect(await versionOf(tenantId)).toBe(one.model.version);
    expect(errors).toEqual([`The file of the model ${two.model.version} is not the one that was promoted.`]);
    await put(modelKey(tenantId, two.model.version), two.blob);
    expect(await versionOf(tenantId)).toBe(two.model.version);
  });

  it('goes on with the model that it has when what names the next one cannot be read', async () => {
    const tenantId = newId('tenant');
    const { model } = await trained(tenantId);
    const { versionOf, errors } = recommender();
    await pointTo(models(), tenantId, model, at);
    await versionOf(tenantId);
    for (const spoilt of ['', 'not JSON', '{"version":"x"}'])
      await put(servingKey(tenantId), spoilt).then(() => versionOf(tenantId));
    expect([await versionOf(tenantId), errors.length]).toEqual([model.version, 4]);
  });
});

describe('choosing which model serves', () => {
  const note = (tenantId: TenantId, version: string) =>
    noteServing({ control: stores.table('Control'), auditTable: 'Audit' }, version, {
      actor: { kind: 'member', sub: 's', userId: newId('user'), tenantId, role: 'admin', impersonating: false },
      at,
    });

  it('is refused while a training runs, and is in the audit log', async () => {
    const tenantId = newId('tenant');
    const [version, training] = [newId('model'), newId('model')];
    await expect(note(tenantId, version)).rejects.toMatchObject({ code: 'conflict' });
    await startTraining(stores.table('Control'), tenantId, training, at);
    await expect(note(tenantId, version)).rejects.toMatchObject({ code: 'conflict' });
    await endTraining(stores.tenants, tenantId, training, at, { servingVersion: training });
    await note(tenantId, version);
    expect((await findTraining(stores.table('Control'), tenantId))?.servingVersion).toBe(version);
    const entries = (await stores.rows('Audit')).filter(({ pk }) => pk === `TENANT#${tenantId}`);
    expect(entries.map(({ action, details }) => [action, details]).sort()).toEqual([
      ['model.promoted', { version: training }],
      ['model.served', { version }],
    ]);
  });
});
