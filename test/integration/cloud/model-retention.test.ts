import { HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { isTenantId, newId } from '@tenantry/core/ids/id';
import { tierCatalogue } from '@tenantry/core/tier/catalogue';
import { modelKey } from '@tenantry/core/training/model-registry';
import { archived, train } from '@tenantry/local/demo/shop-trial';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { administrator } from '../../support/administrator.ts';
import { rootClient, tableName } from '../../support/rows.ts';
import { startTestCloud, type TestCloud } from '../../support/test-cloud.ts';

let test: TestCloud;
beforeAll(async () => {
  test = await startTestCloud();
}, 240_000);
afterAll(() => test?.close());

it('a training lets go of the oldest models beyond those of the tier, and never of the one that serves', async () => {
  const { cloud } = test;
  const { person, tenantId } = await test.founder('standard');
  if (!isTenantId(tenantId)) throw new Error(`${tenantId} is no tenant's id.`);
  const secret = await person.createKey('secret');
  const events = Array.from({ length: 12 }, (_, i) => ({
    shopperId: `shopper-${i % 4}`,
    itemId: `item-${i % 3}`,
    type: 'view',
  }));
  await person.api('collectEvents', { bearer: secret, body: { events } });
  await archived(person, events.length);
  const first = (await train(person)).version;

  const s3 = new S3Client({
    endpoint: cloud.urls.aws,
    region: 'us-east-1',
    credentials: cloud.rootCredentials,
    forcePathStyle: true,
  });
  const Bucket = administrator(cloud).functionOf('tasks/train-model')?.environment.MODELS_BUCKET ?? '';
  const keep = tierCatalogue.standard.limits.models;
  // Newer than whatever is trained here, so that the model that serves is among the oldest.
  const planted = Array.from({ length: keep + 1 }, (_, i) => newId('model', Date.now() + 3_600_000 + i * 60_000));
  for (const version of planted) {
    await s3.send(new PutObjectCommand({ Bucket, Key: modelKey(tenantId, version), Body: 'old' }));
    await rootClient(cloud).send(
      new PutCommand({
        TableName: tableName(cloud, 'Control'),
        Item: {
          pk: `TENANT#${tenantId}#MODELS`,
          sk: `MODEL#${version}`,
          version,
          createdAt: new Date().toISOString(),
          events: 1,
          items: 1,
          bytes: 3,
          algorithm: 'co-visitation/1',
          sha256: '',
        },
      }),
    );
  }
  const last = (await train(person)).version;
  const { models } = await person.api('listModels', { bearer: person.accessToken });
  expect(models.map(({ version }) => version)).toEqual([...planted.toReversed().slice(0, keep), last]);
  const isThere = (version: string) =>
    s3.send(new HeadObjectCommand({ Bucket, Key: modelKey(tenantId, version) })).then(
      () => true,
      () => false,
    );
  expect(await Promise.all([last, first, ...planted].map(isThere))).toEqual(
    [last, first, ...planted].map((version) => models.some((model) => model.version === version)),
  );
  s3.destroy();
}, 120_000);
