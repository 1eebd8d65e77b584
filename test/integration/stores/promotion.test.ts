import { createHash } from 'node:crypto';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { BehaviourEvent } from '@tenantry/core/events/event';
import { newId, type TenantId } from '@tenantry/core/ids/id';
import { modelKey, type RegisteredModel, registerModel, servingKey } from '@tenantry/core/training/model-registry';
import { noteServing, pointTo } from '@tenantry/core/training/promotion';
import { endTraining, findTraining, startTraining } from '@tenantry/core/training/training';
import { createCandidateSource, createModelSource } from '@tenantry/recommender/serving/model-source';
import { trainModel } from '@tenantry/recommender/training/train';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stores, startStores } from '../../support/stores.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await startStores();
});
afterAll(() => stores?.close());

const at = new Date('2026-03-10T12:00:00.000Z');
const later = new Date(at.getTime() + 1);
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
    sha256: sha256Of(blob),
    madeBy: 'training',
    parameters: {},
  };
  await registerModel(stores.table('Control'), tenantId, model);
  return { model, blob };
}

/** A recommender that has just started, whose clock stands still unless it is moved. */
function recommender(bytesMax = 1 << 30) {
  const errors: string[] = [];
  const clock = { now: 0 };
  const source = createModelSource({
    bucket: models().bucket,
    bytesMax,
    checkEveryMs: 0,
    // However busy the machine is.
    waitMs: 60_000,
    now: () => clock.now,
    onError: (error) => errors.push(error instanceof Error ? error.message : String(error)),
  });
  return {
    errors,
    clock,
    versionOf: async (tenantId: TenantId) => (await source.modelOf(tenantId, models().client)).version,
  };
}

/** Each names the model `version` as the one to serve, or puts a file in its place; with what is said of it. */
interface Spoilt {
  readonly tenantId: TenantId;
  readonly version: string;
  readonly blob: Uint8Array;
  readonly sha256: string;
  readonly other: Awaited<ReturnType<typeof trained>>;
}
const point = ({ tenantId, version, sha256, other }: Spoilt, change: object = {}) =>
  put(
    servingKey(tenantId),
    JSON.stringify({
      version,
      key: modelKey(tenantId, version),
      sha256,
      promotedAt: at.toISOString(),
      previous: { version: other.model.version, sha256: other.model.sha256 },
      ...change,
    }),
  );
const file = async (spoilt: Spoilt, blob: Uint8Array) => {
  await put(modelKey(spoilt.tenantId, spoilt.version), blob);
  await point(spoilt);
};
const sha256Of = (blob: Uint8Array) => createHash('sha256').update(blob).digest('hex');
/** A file whose hash is that which was promoted, and which is wrong all the same. */
const promotedFile = async (spoilt: Spoilt, blob: Uint8Array) => {
  await put(modelKey(spoilt.tenantId, spoilt.version), blob);
  await point(spoilt, { sha256: sha256Of(blob) });
};
const withLength = (blob: Uint8Array, length: number): Uint8Array => {
  const bytes = blob.slice();
  new DataView(bytes.buffer).setUint32(4, length, true);
  return bytes;
};

const spoiling: readonly (readonly [string, (spoilt: Spoilt) => Promise<unknown>, RegExp])[] = [
  [
    'was changed by one bit',
    (spoilt) => file(spoilt, spoilt.blob.with(spoilt.blob.length - 1, (spoilt.blob.at(-1) ?? 0) ^ 1)),
    /not the one that was registered/,
  ],
  ['is cut off', (spoilt) => file(spoilt, spoilt.blob.subarray(0, -100)), /not the one that was registered/],
  ['is empty', (spoilt) => file(spoilt, new Uint8Array()), /not the one that was registered/],
  ['is another version’s', (spoilt) => file(spoilt, spoilt.other.blob), /not the one that was registered/],
  [
    'is not there',
    (spoilt) => point({ ...spoilt, version: 'mdl_none' }),
    /The file of the model mdl_none is not there/,
  ],
  [
    'lies at another tenant’s',
    (spoilt) => point(spoilt, { key: modelKey(newId('tenant'), spoilt.version) }),
    /lies elsewhere/,
  ],
  [
    'is another version’s, promoted as this one',
    (spoilt) => promotedFile(spoilt, spoilt.other.blob),
    /says that it is/,
  ],
  ['was cut off before it was promoted', (spoilt) => promotedFile(spoilt, spoilt.blob.subarray(0, -100)), /cut off/],
  ['has a header that lies', (spoilt) => promotedFile(spoilt, withLength(spoilt.blob, 40)), /not JSON/],
  ['claims to be longer than it is', (spoilt) => promotedFile(spoilt, withLength(spoilt.blob, 1 << 30)), /cut off/],
];

describe('a recommender', () => {
  it('serves the model that was promoted last, also when that is an older one', async () => {
    const tenantId = newId('tenant');
    const [one, two] = [await trained(tenantId), await trained(tenantId)];
    const { versionOf } = recommender();
    expect(await versionOf(tenantId)).toBe('none');
    for (const { model } of [one, two, one]) {
      await pointTo(models(), tenantId, model, undefined, at);
      expect(await versionOf(tenantId)).toBe(model.version);
    }
  });

  it.each(spoiling)(
    'refuses a model whose file %s: the one before goes on, and serves whoever starts now',
    async (_, spoil, why) => {
      const tenantId = newId('tenant');
      const [one, two] = [await trained(tenantId), await trained(tenantId)];
      const [running, other] = [recommender(), recommender()];
      await pointTo(models(), tenantId, one.model, undefined, at);
      expect(await running.versionOf(tenantId)).toBe(one.model.version);
      const { version, sha256 } = two.model;
      await spoil({ tenantId, version, sha256, blob: two.blob, other: one });
      for (const { versionOf, errors } of [running, other]) {
        const asked = await Promise.all(Array.from({ length: 20 }, () => versionOf(tenantId)));
        expect(new Set(asked)).toEqual(new Set([one.model.version]));
        // Nobody reads a refused file with every request.
        expect(errors).toHaveLength(1);
        expect(errors[0]).toMatch(why);
      }
      await put(modelKey(tenantId, version), two.blob);
      await pointTo(models(), tenantId, two.model, one.model, later);
      for (const { versionOf } of [running, other]) expect(await versionOf(tenantId)).toBe(version);
    },
  );

  it.each(spoiling)('goes on without a model where the first one’s file %s', async (_, spoil, why) => {
    const tenantId = newId('tenant');
    const { model, blob } = await trained(tenantId);
    const nobody = { ...(await trained(tenantId)), model: { ...model, version: 'mdl_gone', sha256: '0' } };
    const { versionOf, errors } = recommender();
    const { version, sha256 } = model;
    await spoil({ tenantId, version, sha256, blob, other: nobody });
    expect(await versionOf(tenantId)).toBe('none');
    expect(errors[0]).toMatch(why);
    await put(modelKey(tenantId, version), blob);
    await pointTo(models(), tenantId, model, undefined, later);
    expect(await versionOf(tenantId)).toBe(version);
  });

  it('looks at a refused file again after a minute', async () => {
    const tenantId = newId('tenant');
    const { model, blob } = await trained(tenantId);
    const { versionOf, errors, clock } = recommender();
    await pointTo(models(), tenantId, model, undefined, at);
    await put(modelKey(tenantId, model.version), blob.subarray(8));
    expect(await versionOf(tenantId)).toBe('none');
    await put(modelKey(tenantId, model.version), blob);
    clock.now = 59_999;
    expect(await versionOf(tenantId)).toBe('none');
    clock.now = 60_000;
    expect(await versionOf(tenantId)).toBe(model.version);
    expect(errors).toHaveLength(1);
  });

  it('refuses a file that has more than all models may together, without reading it', async () => {
    const tenantId = newId('tenant');
    const { model, blob } = await trained(tenantId);
    const { versionOf, errors } = recommender(blob.length - 1);
    await pointTo(models(), tenantId, model, undefined, at);
    expect(await versionOf(tenantId)).toBe('none');
    expect(errors[0]).toMatch(/too large/);
  });

  it('goes on with the model that it has when what names the next one cannot be read, or is gone', async () => {
    const tenantId = newId('tenant');
    const { model } = await trained(tenantId);
    const { versionOf, errors } = recommender();
    await pointTo(models(), tenantId, model, undefined, at);
    await versionOf(tenantId);
    for (const spoilt of ['', 'not JSON', '{"version":"x"}', '[]']) {
      await put(servingKey(tenantId), spoilt);
      expect(await versionOf(tenantId)).toBe(model.version);
    }
    expect(errors).toHaveLength(4);
    await models().client.send(new DeleteObjectCommand({ Bucket: models().bucket, Key: servingKey(tenantId) }));
    expect(await versionOf(tenantId)).toBe(model.version);
  });
});

it('the second model of an experiment whose file is refused is left out, and not read with every request', async () => {
  const tenantId = newId('tenant');
  const { model, blob } = await trained(tenantId);
  const errors: unknown[] = [];
  const clock = { now: 0 };
  const source = createCandidateSource({
    bucket: models().bucket,
    bytesMax: 1 << 30,
    checkEveryMs: 0,
    // However busy the machine is.
    waitMs: 60_000,
    now: () => clock.now,
    onError: (error) => errors.push(error),
  });
  const candidate = { version: model.version, sha256: model.sha256 };
  const second = () => source.candidateOf(tenantId, models().client, candidate);
  await put(modelKey(tenantId, model.version), blob.subarray(1));
  expect([await second(), await second(), await second()]).toEqual([undefined, undefined, undefined]);
  expect(errors).toHaveLength(1);
  await put(modelKey(tenantId, model.version), blob);
  clock.now = 60_000;
  expect((await second())?.version).toBe(model.version);
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
