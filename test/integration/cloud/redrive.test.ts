import { LambdaClient, ListEventSourceMappingsCommand, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { snapshotKey } from '@tenantry/core/catalogue/snapshot';
import { itemKey } from '@tenantry/core/catalogue/store';
import { isTenantId, newId } from '@tenantry/core/ids/id';
import { until } from '@tenantry/local/demo/journey';
import { resourcesOfType } from '@tenantry/local/program/graph';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { administrator } from '../../support/administrator.ts';
import { startReceiver } from '../../support/receiver.ts';
import { rootClient, tableName } from '../../support/rows.ts';
import { type Founder, startTestCloud, type TestCloud } from '../../support/test-cloud.ts';
import { meteredAtLeast, runJob } from '../../support/usage.ts';

let test: TestCloud;
let shop: Founder;
beforeAll(async () => {
  test = await startTestCloud();
  shop = await test.founder('premium');
  await tryOnlyOnce();
}, 180_000);
afterAll(() => test?.close());

/** The delays between ten attempts add up to minutes; how often a batch is tried is not what is tested here. */
async function tryOnlyOnce(): Promise<void> {
  const { urls, rootCredentials: credentials } = test.cloud;
  const lambda = new LambdaClient({ endpoint: urls.aws, region: 'us-east-1', credentials });
  const { EventSourceMappings: mappings = [] } = await lambda.send(new ListEventSourceMappingsCommand({}));
  for (const { UUID, EventSourceArn = '' } of mappings) {
    if (!EventSourceArn.includes('/stream/')) continue;
    await lambda.send(
      new UpdateEventSourceMappingCommand({ UUID, MaximumRetryAttempts: 0, BisectBatchOnFunctionError: false }),
    );
  }
}

const TIME = '2026-01-01T00:00:00.000Z';

/** Rows that arrive together: ten of the shop, and one of nobody, which no consumer takes. */
async function write(table: string, kind: 'event' | 'recommendation'): Promise<void> {
  const fields = { itemId: 'item', type: 'view', modelVersion: 'none', servedBy: 'pool', items: ['item'] };
  const puts = [
    ...Array.from({ length: 10 }, () => ({ pk: `${shop.tenantId}#shopper`, sk: `${TIME}#${newId(kind)}` })),
    { pk: 'nobody#shopper', sk: `${TIME}#${newId(kind)}` },
  ].map((key) => ({ PutRequest: { Item: { ...key, ...fields } } }));
  await rootClient(test.cloud).send(new BatchWriteCommand({ RequestItems: { [table]: puts } }));
}

it.each([
  ['the pool’s events', () => tableName(test.cloud, 'Events'), 'event', 'events_collected', 10],
  [
    'a silo’s events',
    () => {
      const prefix = administrator(test.cloud).functionOf('api/collector')?.environment.SILO_TABLE_PREFIX;
      return `${prefix}${shop.tenantId}-events`;
    },
    'event',
    'events_collected',
    20,
  ],
  ['recommendations', () => tableName(test.cloud, 'Recommendations'), 'recommendation', 'recommendations_served', 10],
] as const)('%s that were given up are metered after all, all but those that are the reason', async (...row) => {
  const [, table, kind, meter, sum] = row;
  await write(table(), kind);
  const refused = await until('the redrive', async () => {
    const redriven = await runJob<{ refused: number }>(test.cloud, 'redrive-streams');
    return redriven.refused > 0 ? redriven.refused : undefined;
  });
  expect(refused).toBe(1);
  expect(await meteredAtLeast(test.cloud, shop.tenantId, meter, sum)).toBe(sum);
});

it('changes of a catalogue that were given up reach the recommenders after all', async () => {
  const { tenantId } = shop;
  if (!isTenantId(tenantId)) throw new Error('not a tenant id');
  const puts = [
    { ...itemKey(tenantId, 'item'), item: { available: false } },
    { pk: 'nobody#ITEMS#00', sk: 'item', item: { available: true } },
  ].map((Item) => ({ PutRequest: { Item } }));
  const RequestItems = { [tableName(test.cloud, 'Catalogue')]: puts };
  await rootClient(test.cloud).send(new BatchWriteCommand({ RequestItems }));
  await until('the redrive', async () => {
    const redriven = await runJob<{ refused: number }>(test.cloud, 'redrive-streams');
    return redriven.refused > 0 ? true : undefined;
  });
  const { graph, urls, rootCredentials: credentials } = test.cloud;
  const Bucket = resourcesOfType(graph, 'aws:s3/bucket:Bucket').find(({ name }) => name === 'ModelsBucket')?.id;
  const s3 = new S3Client({ endpoint: urls.aws, region: 'us-east-1', credentials, forcePathStyle: true });
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: snapshotKey(tenantId) }));
  expect(await Body?.transformToString()).toContain('"item",0');
  s3.destroy();
});

it('entries of an audit log that were given up are sealed and told after all', async () => {
  const { person, tenantId } = shop;
  const receiver = await startReceiver();
  try {
    const body = { url: receiver.url, events: ['api-key.revoked'] };
    await person.api('createWebhook', { bearer: person.accessToken, body });
    const at = new Date();
    const fields = { at: at.toISOString(), actor: 'system:test', action: 'apiKey.revoked', details: {} };
    const puts = [
      { pk: `TENANT#${tenantId}`, sk: newId('audit', at.getTime()), ...fields },
      // No consumer can read it.
      { pk: `TENANT#${newId('tenant')}`, sk: newId('audit') },
    ].map((Item) => ({ PutRequest: { Item } }));
    await rootClient(test.cloud).send(
      new BatchWriteCommand({ RequestItems: { [tableName(test.cloud, 'Audit')]: puts } }),
    );
    let refused = 0;
    await until('the redrive', async () => {
      refused += (await runJob<{ refused: number }>(test.cloud, 'redrive-streams')).refused;
      return refused >= 2 ? true : undefined;
    });
    expect(refused).toBe(2);
    await until('the webhook', async () => receiver.received[0]);
    const verified = await person.api('verifyAudit', { bearer: person.accessToken });
    expect(verified).toMatchObject({ broken: null, waiting: 0 });
  } finally {
    await receiver.close();
  }
});
