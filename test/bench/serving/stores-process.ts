import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { batchWrite } from '@tenantry/core/dynamodb/batch-write';
import { eventKey } from '@tenantry/core/events/store';
import { createIdSource, type TenantId } from '@tenantry/core/ids/id';
import { modelKey, type Serving, servingKey } from '@tenantry/core/training/model-registry';
import { startHarness } from '@tenantry/local/dynamodb/test/harness';
import { createS3Engine } from '@tenantry/local/s3/engine';
import { serve } from '@tenantry/local/s3/testing/harness';
import { createRandom } from '@tenantry/recommender/training/random';
import { generatedItems } from '../generated.ts';

/** What the stores are to hold. */
export interface StoresWanted {
  readonly tenantId: TenantId;
  readonly modelFile: string;
  readonly version: string;
  readonly shoppers: number;
  readonly eventsOfEach: number;
}

export interface StoresReady {
  readonly dynamoUrl: string;
  readonly s3Url: string;
}

const WRITES_AT_ONCE = 500;
/** In memory where the system has such a folder: a table of AWS has no part in this machine's disk. */
const memoryDir = '/dev/shm';

/** A process of its own: DynamoDB and S3 as the recommender reaches them, with a model and the histories of shoppers. */
process.on('message', async ({ tenantId, modelFile, version, shoppers, eventsOfEach }: StoresWanted) => {
  const tablesDir = mkdtempSync(join(existsSync(memoryDir) ? memoryDir : tmpdir(), 'bench-dynamodb-'));
  const dynamo = await startHarness({ dir: tablesDir });
  const keys = { attributes: { pk: 'S', sk: 'S' }, keySchema: { hash: 'pk', range: 'sk' } } as const;
  for (const tableName of ['Events', 'Recommendations', 'Shoppers']) {
    await dynamo.engine.ensureTable({ tableName, ...keys });
  }
  const client = DynamoDBDocumentClient.from(dynamo.client);
  const random = createRandom(7);
  const newId = createIdSource();
  const rows = Array.from({ length: shoppers * eventsOfEach }, (_, at) => {
    const time = Date.now() - 86_400_000 + at;
    const shopper = at % shoppers;
    const shelf = Math.floor(((shopper * 37) % (generatedItems / 50)) * 50);
    const event = { id: newId('event', time), shopperId: `shopper-${shopper}`, time: new Date(time).toISOString() };
    const itemId = `sku-${shelf + Math.floor(random() * 50)}`;
    return { ...eventKey(tenantId, event), itemId, type: 'view', expiresAt: Math.floor(time / 1000) + 8_640_000 };
  });
  for (let start = 0; start < rows.length; start += WRITES_AT_ONCE) {
    await batchWrite([{ table: { client, name: 'Events' }, puts: rows.slice(start, start + WRITES_AT_ONCE) }]);
  }

  const dir = mkdtempSync(join(tmpdir(), 'bench-s3-'));
  const s3 = await createS3Engine({ dir, accountId: '000000000000', region: 'us-east-1' });
  s3.ensureBucket('models');
  const served = await serve(s3);
  const bucket = new S3Client({
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    endpoint: served.url,
    forcePathStyle: true,
  });
  const blob = readFileSync(modelFile);
  const key = modelKey(tenantId, version);
  const sha256 = createHash('sha256').update(blob).digest('hex');
  const serving: Serving = { version, key, sha256, promotedAt: new Date().toISOString() };
  await bucket.send(new PutObjectCommand({ Bucket: 'models', Key: key, Body: blob }));
  await bucket.send(
    new PutObjectCommand({ Bucket: 'models', Key: servingKey(tenantId), Body: JSON.stringify(serving) }),
  );
  process.send?.({ dynamoUrl: dynamo.endpoint, s3Url: served.url } satisfies StoresReady);
  process.on('disconnect', async () => {
    await dynamo.close();
    for (const folder of [dir, tablesDir]) rmSync(folder, { recursive: true, force: true });
    process.exit(0);
  });
});
