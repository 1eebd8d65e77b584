import { PutObjectCommand } from '@aws-sdk/client-s3';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { isTenantId, newId, type TenantId } from '@tenantry/core/ids/id';
import type { ClusterClient } from '@tenantry/core/silo/cluster/client';
import { siloNamespace } from '@tenantry/core/silo/names';
import { trainingJobName } from '@tenantry/core/silo/training-job';
import { modelKey, servingKey } from '@tenantry/core/training/model-registry';
import { until } from '@tenantry/local/demo/journey';
import { archived, train } from '@tenantry/local/demo/shop-trial';
import type { LocalImage } from '@tenantry/local/kubernetes/kubelet/container';
import { makeModel } from '@tenantry/recommender/training/make-model';
import { runMerge } from '@tenantry/recommender/training/run-merge';
import { runTraining, type TrainingStores } from '@tenantry/recommender/training/run-training';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { callerWith } from '../../isolation/stores/credentials.ts';
import { administrator } from '../../support/administrator.ts';
import { administer } from '../../support/cluster-administrator.ts';
import { codeOf } from '../../support/codes.ts';
import { allRows, rootClient, tableName } from '../../support/rows.ts';
import { type Founder, startTestCloud, type TestCloud } from '../../support/test-cloud.ts';
import { runJob } from '../../support/usage.ts';

let test: TestCloud;
let shop: Founder;
let secret: string;
beforeAll(async () => {
  test = await startTestCloud();
  shop = await test.founder('standard');
  secret = await shop.person.createKey('secret');
}, 240_000);
afterAll(() => test?.close());

const unguarded = () => Promise.resolve();

let sent = 0;

/** A shopper looks at two items, one after the other. */
async function visit(...items: readonly [string, string]): Promise<void> {
  const { api } = shop.person;
  sent += items.length;
  const shopperId = `shopper-${sent}`;
  await api('collectEvents', {
    bearer: secret,
    body: { events: items.map((itemId) => ({ shopperId, itemId, type: 'view' })) },
  });
  await archived(shop.person, sent);
}

const read = () => shop.person.api('listModels', { bearer: shop.person.accessToken });
const schedule = () =>
  runJob<{ training: number; merge: number; failed: number }>(test.cloud, 'schedule-training', { only: shop.tenantId });
const recommend = () =>
  shop.person.api('recommend', { bearer: secret, body: { shopperId: 'asker', scenario: 'similar', itemId: 'lamp' } });

/** Changes the row of the training, since nobody waits for hours. */
async function rewrite(
  set: string,
  values: Record<string, unknown>,
  names: Record<string, string> = {},
): Promise<void> {
  await rootClient(test.cloud).send(
    new UpdateCommand({
      TableName: tableName(test.cloud, 'Control'),
      Key: { pk: `TENANT#${shop.tenantId}#MODELS`, sk: 'TRAINING' },
      UpdateExpression: `SET ${set}`,
      ExpressionAttributeValues: values,
      ...(Object.keys(names).length > 0 ? { ExpressionAttributeNames: names } : {}),
    }),
  );
}
const longAgo = '2026-01-01T00:00:00.000Z';
const mergedLongAgo = () => rewrite('newestMerge.#at = :at', { ':at': longAgo }, { '#at': 'at' });

async function merged(): Promise<Awaited<ReturnType<typeof read>>> {
  const before = (await read()).merge?.at;
  expect(await schedule()).toMatchObject({ training: 0, merge: 1, failed: 0 });
  return until('the merge', async () => {
    const found = await read();
    return found.merge && found.merge.at !== before ? found : undefined;
  });
}

describe('between trainings', () => {
  it('new events come into the model that serves, and no request is dropped while it changes', async () => {
    await visit('lamp', 'chair');
    await visit('lamp', 'chair');
    const trained = await train(shop.person);
    expect(await schedule()).toMatchObject({ training: 0, merge: 0 });

    for (let i = 0; i < 4; i += 1) await visit('lamp', 'table');
    const answers: string[] = [];
    let asking = true;
    const asked = (async () => {
      while (asking) answers.push((await recommend()).modelVersion);
    })();
    const { models, merge, history } = await merged();
    const serving = models.find((model) => model.serving);
    expect(serving).toMatchObject({ madeBy: 'merge', base: trained.version, events: 12, items: 3, comparison: null });
    expect(merge).toMatchObject({ events: 8, problem: null });
    expect(serving?.window?.to.localeCompare(models.at(-1)?.window?.to ?? '')).toBeGreaterThanOrEqual(0);
    // Merges are no trainings.
    expect(history.map(({ trainingId }) => trainingId)).toEqual([trained.version]);
    await until('the merged model', async () =>
      (await recommend()).modelVersion === serving?.version ? true : undefined,
    );
    asking = false;
    await asked;
    expect(new Set(answers).size).toBeLessThanOrEqual(2);
    expect((await recommend()).items[0]?.itemId).toBe('table');
  }, 120_000);

  it('a merge takes the place of those before it, and the trained model behind it stays', async () => {
    const trained = (await read()).models.find(({ madeBy }) => madeBy === 'training')?.version;
    const versions: (string | undefined)[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      await visit('lamp', 'sofa');
      await mergedLongAgo();
      const { models } = await merged();
      versions.unshift(models.find(({ serving }) => serving)?.version);
      expect(models.filter(({ madeBy }) => madeBy === 'merge').length).toBeLessThanOrEqual(2);
    }
    const { models } = await read();
    expect(models.map(({ version }) => version)).toEqual([versions[0], versions[1], trained]);
    expect(models[0]?.events).toBe(sent);
  }, 120_000);

  it('a merge that finds a training has begun changes nothing, and none begins while one runs', async () => {
    await visit('lamp', 'desk');
    await mergedLongAgo();
    const serving = (await read()).models.find((model) => model.serving)?.version;
    await rewrite(
      '#status = :running, startedAt = :now',
      { ':running': 'running', ':now': new Date().toISOString() },
      { '#status': 'status' },
    );
    expect(await schedule()).toMatchObject({ training: 0, merge: 0 });
    // One that had begun before: its task sees it in the end.
    const fn = test.cloud.graph.functions.find(({ handler }) => handler.includes('tasks/train-model'));
    const trainingId = 'mdl_01kbaaaaaaaaaaaaaaaaaaaaaa';
    await rewrite('mergeId = :id, mergeStartedAt = :now, mergeArchivedEvents = :n', {
      ':id': trainingId,
      ':now': new Date().toISOString(),
      ':n': 0,
    });
    const { functionError } = await test.cloud.lambda.invoke(fn?.arn ?? '', {
      tenantId: shop.tenantId,
      trainingId,
      action: 'merge',
    });
    expect(functionError).toBeUndefined();
    await rewrite('#status = :ended', { ':ended': 'succeeded' }, { '#status': 'status' });
    expect((await read()).models.find((model) => model.serving)?.version).toBe(serving);
    expect((await recommend()).modelVersion).toBe(serving);
  }, 120_000);

  it('a merge that fails says why, and the next one makes up for it', async () => {
    await visit('lamp', 'shelf');
    await mergedLongAgo();
    const fn = test.cloud.graph.functions.find(({ handler }) => handler.includes('tasks/train-model'));
    test.cloud.lambda.injectFault({
      function: fn?.arn ?? '',
      event: { action: 'merge' },
      kind: 'throws-before',
      error: { errorType: 'Error', errorMessage: 'The disk is full' },
    });
    expect((await merged()).merge?.problem).toContain('The disk is full');
    const { merge, models: after } = await merged();
    expect(merge?.problem).toBeNull();
    expect(after[0]?.events).toBe(sent);
  }, 120_000);
});

describe('the schedule of a tier', () => {
  it('trains when it is due and something arrived, for nothing, and counts against nothing', async () => {
    const minutes = async () =>
      (await allRows(test.cloud, 'Usage')).filter(
        (row) => String(row.pk).includes(shop.tenantId) && String(row.sk).includes('training_minutes'),
      ).length;
    const usedBefore = await minutes();
    await visit('lamp', 'rug');
    await rewrite('startedAt = :at', { ':at': longAgo });
    expect((await read()).nextTrainingAt).not.toBeNull();
    expect(await schedule()).toMatchObject({ training: 1, failed: 0 });
    const { training, history, models } = await until('the training', async () => {
      const found = await read();
      return found.training?.status === 'succeeded' && found.training.startedBy === 'schedule' ? found : undefined;
    });
    expect(training?.phases.map(({ phase }) => phase)).toEqual(['reading', 'cutting', 'storing', 'promoting']);
    expect(training?.phases[0]?.counts).toMatchObject({ events: sent });
    expect(history[0]).toMatchObject({ startedBy: 'schedule', status: 'succeeded', comparison: { outcome: 'tooFew' } });
    expect(models[0]).toMatchObject({ madeBy: 'training', serving: true, events: sent });
    expect(await minutes()).toBe(usedBefore);

    await rewrite('startedAt = :at', { ':at': longAgo });
    expect(await schedule()).toMatchObject({ training: 0, merge: 0 });
  }, 120_000);
});

describe('an experiment between two models', () => {
  const ask = (shopperId: string) => shop.person.api('recommend', { bearer: secret, body: { shopperId } });
  const start = (model: string) =>
    shop.person.api('startExperiment', {
      bearer: shop.person.accessToken,
      body: {
        name: 'Which model',
        variants: [
          { name: 'serving', percent: 50 },
          { name: 'candidate', percent: 50, model },
        ],
      },
    });
  const end = (winner: string) =>
    shop.person.api('endExperiment', { bearer: shop.person.accessToken, body: { winner } });

  it('gives each shopper one of them, holds still what is compared, and serves the winner by one call', async () => {
    const { models } = await read();
    const serving = models.find((model) => model.serving)?.version ?? '';
    const candidate = models.find((model) => !model.serving && model.madeBy === 'training')?.version ?? '';
    expect(await codeOf(start(serving))).toBe('invalid_request');
    expect(await codeOf(start('mdl_00000000000000000000000000'))).toBe('invalid_request');
    const { experiment } = await start(candidate);
    expect(experiment?.candidate?.version).toBe(candidate);

    const testers = Array.from({ length: 12 }, (_, n) => `tester-${n}`);
    const variants = new Map<string, Set<string>>();
    // Each environment of the function hears of the experiment, and of the model that serves, by itself and a moment later; one that has not makes
    // lists as before, and counts them for no variant, or has the model before. So a round counts once all of it is made as planned.
    const everybody = () =>
      until('lists as the experiment wants them', async () => {
        const lists = await Promise.all(testers.map(ask));
        for (const [n, { variant, modelVersion }] of lists.entries()) {
          if (variant === 'none') continue;
          variants.set(`${n}`, (variants.get(`${n}`) ?? new Set()).add(variant));
          if (variant.endsWith(':candidate')) expect(modelVersion).toBe(candidate);
          else expect(modelVersion).not.toBe(candidate);
        }
        const asPlanned = lists.every(
          ({ variant, modelVersion }) =>
            variant !== 'none' && modelVersion === (variant.endsWith(':candidate') ? candidate : serving),
        );
        return asPlanned ? lists : undefined;
      });
    const seen = await everybody();
    expect(new Set(seen.map(({ modelVersion }) => modelVersion)).size).toBe(2);
    await everybody();
    expect([...variants.values()].map(({ size }) => size)).toEqual(testers.map(() => 1));

    await visit('lamp', 'vase');
    await mergedLongAgo();
    expect(await schedule()).toMatchObject({ training: 0, merge: 0 });
    const bearer = shop.person.accessToken;
    expect(await codeOf(shop.person.api('trainModel', { bearer }))).toBe('conflict');
    expect(await codeOf(shop.person.api('serveModel', { bearer, params: { version: candidate } }))).toBe('conflict');

    expect(await codeOf(end('nobody'))).toBe('invalid_request');
    await end('candidate');
    expect((await read()).models.find((model) => model.serving)?.version).toBe(candidate);
    await until('the winner', async () => {
      const lists = await Promise.all(testers.map(ask));
      return lists.every(({ variant, modelVersion }) => variant === 'none' && modelVersion === candidate) || undefined;
    });
    const { entries } = await shop.person.api('listAudit', { bearer });
    expect(
      entries
        .slice(0, 2)
        .map(({ action }) => action)
        .sort(),
    ).toEqual(['experiment.ended', 'model.served']);
  }, 120_000);
});

describe('a model', () => {
  it.each([
    [
      'training',
      (stores: TrainingStores, tenantId: TenantId) =>
        runTraining(stores, { tenantId, trainingId: newId('model') }, unguarded),
    ],
    [
      'merge',
      (stores: TrainingStores, tenantId: TenantId) =>
        runMerge(stores, { tenantId, mergeId: newId('model') }, unguarded),
    ],
  ])(
    'is made of nobody else’s data: a %s for another company finds its way barred',
    async (_, make) => {
      const other = await test.founder('standard');
      if (!isTenantId(other.tenantId) || !isTenantId(shop.tenantId)) throw new Error('These are no ids of tenants.');
      const caller = await callerWith({ test, own: other.tenantId }, 'tenant-training');
      const environment: Readonly<Record<string, string>> =
        administrator(test.cloud).functionOf('tasks/train-model')?.environment ?? {};
      const stores = {
        archive: { client: caller.s3, bucket: environment.ARCHIVE_BUCKET ?? '' },
        models: { client: caller.s3, bucket: environment.MODELS_BUCKET ?? '' },
        // As if the register could be had: neither the archive nor the models can.
        control: { client: rootClient(test.cloud), name: tableName(test.cloud, 'Control') },
      };
      const before = (await read()).models.map(({ version }) => version);
      await expect(make(stores, shop.tenantId)).rejects.toMatchObject({ name: 'AccessDenied' });
      await expect(
        make({ ...stores, control: { ...stores.control, client: caller.document } }, shop.tenantId),
      ).rejects.toThrow(/not authorized|AccessDenied/);
      expect((await read()).models.map(({ version }) => version)).toEqual(before);
      caller.close();
    },
    60_000,
  );
});

describe('a company with a silo', () => {
  let siloed: Founder;
  let admin: ClusterClient;
  let namespace: string;
  let key: string;
  const replaceImage = (image: LocalImage | 'missing' | undefined) =>
    test.cloud.kubernetes?.replaceImage(namespace, image);
  beforeAll(async () => {
    siloed = await test.founder('premium');
    key = await siloed.person.createKey('secret');
    admin = administer(test.cloud);
    if (!isTenantId(siloed.tenantId)) throw new Error('This is no id of a tenant.');
    namespace = siloNamespace(siloed.tenantId);
  }, 120_000);

  const jobs = () => admin.list({ apiVersion: 'batch/v1', kind: 'Job', namespace });
  const listed = () => siloed.person.api('listModels', { bearer: siloed.person.accessToken });
  const start = () => siloed.person.api('trainModel', { bearer: siloed.person.accessToken });

  /** Trains, and waits for the end of it. */
  async function trained() {
    await start();
    return until('the training', async () => {
      const { training, models, history } = await listed();
      if (!training || training.status === 'running') return undefined;
      return { training, models, history, events: await eventsOf(training.trainingId) };
    });
  }

  /** What the cluster says happened to the Job of a training. */
  async function eventsOf(trainingId: string): Promise<readonly unknown[]> {
    const all = await admin.list({ apiVersion: 'v1', kind: 'Event', namespace });
    const about = z.looseObject({ kind: z.string(), name: z.string() });
    return all
      .map((event) => z.looseObject({ involvedObject: about, reason: z.string() }).parse(event))
      .filter(({ involvedObject: { kind, name } }) => kind === 'Job' && name === trainingJobName(trainingId))
      .map(({ reason }) => reason);
  }

  it('is told at once that there is nothing to train on, after one attempt of a Job', async () => {
    const { training, events, models } = await trained();
    expect(training).toMatchObject({ status: 'failed', reason: expect.stringMatching(/^There are no events/) });
    expect(events.filter((reason) => reason === 'SuccessfulCreate')).toHaveLength(1);
    expect(events).toContain('PodFailurePolicy');
    expect(models).toEqual([]);
    expect(await jobs()).toEqual([]);
  }, 120_000);

  it('trains by a Job in its own namespace, which shows how far it is, and serves what comes of it', async () => {
    const { api } = siloed.person;
    const items = ['boat', 'oar', 'boat', 'oar', 'boat', 'sail'];
    const body = { events: items.map((itemId, i) => ({ shopperId: `sailor-${i >> 1}`, itemId, type: 'view' })) };
    await api('collectEvents', { bearer: key, body });
    await archived(siloed.person, items.length);

    const { training, events, models, history } = await trained();
    expect(training).toMatchObject({ status: 'succeeded', reason: null });
    expect(training.phases.map(({ phase }) => phase)).toEqual(['reading', 'cutting', 'storing', 'promoting']);
    expect(training.phases[0]?.counts).toMatchObject({ events: items.length });
    // Of its own events alone, though others have theirs in the same archive.
    expect(models).toMatchObject([{ version: training.trainingId, serving: true, events: items.length, items: 3 }]);
    expect(history[0]).toMatchObject({ trainingId: training.trainingId, status: 'succeeded' });
    expect(events).toEqual(expect.arrayContaining(['SuccessfulCreate', 'Completed']));
    expect(await jobs()).toEqual([]);
    const answer = await until('the silo', async () => {
      const list = await api('recommend', {
        bearer: key,
        body: { shopperId: 'x', scenario: 'similar', itemId: 'boat' },
      });
      return list.modelVersion === training.trainingId ? list : undefined;
    });
    expect(answer).toMatchObject({ servedBy: 'silo' });
    expect(answer.items[0]?.itemId).toBe('oar');
  }, 120_000);

  it.each([
    ['an image that cannot be fetched', 'missing', /does not start on the silo's nodes: its image cannot be fetched/],
    [
      'a process that ends by itself again and again',
      { command: [process.execPath, '-e', 'process.exit(9)'] },
      /^The training failed on the silo's nodes: it ended 3 times, with exit code 9 \[BackoffLimitExceeded\]/,
    ],
  ] as const)(
    'is told of %s, keeps what serves, and trains again once that is mended',
    async (_, image, words) => {
      const serving = (await listed()).models.find((model) => model.serving)?.version;
      replaceImage(image);
      const { training, models } = await trained();
      replaceImage(undefined);
      expect(training).toMatchObject({ status: 'failed', reason: expect.stringMatching(words) });
      expect(models.find((model) => model.serving)?.version).toBe(serving);
      expect(await jobs()).toEqual([]);
      const again = await trained();
      expect(again.training).toMatchObject({ status: 'succeeded' });
      expect(again.models.find((model) => model.serving)?.version).toBe(again.training.trainingId);
    },
    120_000,
  );

  it('is made of nobody else’s data: its trainer finds the way to another company barred, and to what serves', async () => {
    if (!isTenantId(siloed.tenantId) || !isTenantId(shop.tenantId)) throw new Error('These are no ids of tenants.');
    const caller = await callerWith({ test, own: siloed.tenantId }, 'tenant-trainer');
    const environment: Readonly<Record<string, string>> =
      administrator(test.cloud).functionOf('tasks/train-model')?.environment ?? {};
    const models = { client: caller.s3, bucket: environment.MODELS_BUCKET ?? '' };
    const archive = { client: caller.s3, bucket: environment.ARCHIVE_BUCKET ?? '' };
    const making = (tenantId: TenantId) =>
      makeModel(
        { archive, models },
        { tenantId, trainingId: newId('model'), opponent: undefined },
        { note: async () => undefined, assertWritable: unguarded },
      );
    expect(await making(siloed.tenantId)).toMatchObject({ items: 3 });
    await expect(making(shop.tenantId)).rejects.toMatchObject({ name: 'AccessDenied' });
    const put = (Key: string) => caller.s3.send(new PutObjectCommand({ Bucket: models.bucket, Key, Body: '{}' }));
    for (const forbidden of [
      modelKey(shop.tenantId, newId('model')),
      servingKey(shop.tenantId),
      servingKey(siloed.tenantId),
    ]) {
      await expect(put(forbidden), forbidden).rejects.toMatchObject({ name: 'AccessDenied' });
    }
    caller.close();
  }, 60_000);

  it('that is suspended loses the Job that is under way', async () => {
    const operator = await test.operator();
    replaceImage({ command: [process.execPath, '-e', 'setInterval(() => undefined, 1000)'] });
    await start();
    await until('the Job', async () => ((await jobs()).length === 1 ? true : undefined));
    await operator.api('suspendTenant', {
      bearer: operator.accessToken,
      params: { tenantId: siloed.tenantId },
      body: { reason: 'unpaid for two months' },
    });
    await until('the end of the Job', async () => ((await jobs()).length === 0 ? true : undefined));
    await until('the end of its pod', async () => {
      const pods = test.cloud.kubernetes?.pods().filter((pod) => pod.namespace === namespace) ?? [];
      return pods.length === 0 ? true : undefined;
    });
    // Whichever sees it first says so: whoever stops the training, or its next look at the Job.
    const reason = expect.stringMatching(/^The company (was|is) suspended\.$/);
    expect((await listed()).training).toMatchObject({ status: 'failed', reason });
  }, 120_000);
});
