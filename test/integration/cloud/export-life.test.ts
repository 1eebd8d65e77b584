import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { ApiProblem } from '@tenantry/local/demo/api-client';
import { until } from '@tenantry/local/demo/journey';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { codeOf } from '../../support/codes.ts';
import { exportAll, exported } from '../../support/exports.ts';
import { rootClient, tableName } from '../../support/rows.ts';
import { objectsBelow } from '../../support/s3.ts';
import { type Founder, startTestCloud, type TestCloud } from '../../support/test-cloud.ts';

/** How exports begin, fail, are repeated, are fetched and go. */
let test: TestCloud;
let shop: Founder;
let bearer: string;

beforeAll(async () => {
  test = await startTestCloud();
  shop = await test.founder('standard');
  bearer = shop.person.accessToken;
}, 120_000);
afterAll(() => test?.close());

const plant = (item: Record<string, unknown>) =>
  rootClient(test.cloud).send(new PutCommand({ TableName: tableName(test.cloud, 'Recommendations'), Item: item }));

it('runs one at a time: of two that begin at once the second is refused, and told which one runs', async () => {
  const both = await Promise.allSettled([1, 2].map(() => shop.person.api('startExport', { bearer })));
  const begun = both.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.exportId] : []));
  const refused = both.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as ApiProblem] : []));
  expect([begun.length, refused.length]).toEqual([1, 1]);
  const [error] = refused;
  expect(error).toBeInstanceOf(ApiProblem);
  expect(error?.problem).toMatchObject({
    status: 409,
    code: 'conflict',
    detail: expect.stringContaining(`${begun[0]}`),
  });
  await exported(shop.person, begun[0] ?? '');
});

it('says why one failed, offers nothing of it, and lets the next begin', async () => {
  const key = await shop.person.createKey('secret');
  await shop.person.api('recommend', { bearer: key, body: { shopperId: 'a' } });
  const broken = { pk: `${shop.tenantId}#a`, sk: '2026-01-01T00:00:00.000Z#rec_broken' };
  await plant(broken);
  const { exportId } = await shop.person.api('startExport', { bearer });
  await expect(exported(shop.person, exportId)).rejects.toThrow(
    'Something among the recommendations could not be read.',
  );
  const files = shop.person.api('listExportFiles', { bearer, params: { exportId } });
  expect(await codeOf(files)).toBe('not_found');
  await rootClient(test.cloud).send(
    new DeleteCommand({ TableName: tableName(test.cloud, 'Recommendations'), Key: broken }),
  );
  await exportAll(shop.person);
});

it('gives links for a quarter of an hour at most, each for its own file', async () => {
  const exportId = await exportAll(shop.person);
  const { files, linksValidUntil } = await shop.person.api('listExportFiles', { bearer, params: { exportId } });
  const seconds = (Date.parse(linksValidUntil) - Date.now()) / 1000;
  expect(seconds).toBeGreaterThan(4 * 60);
  expect(seconds).toBeLessThanOrEqual(15 * 60);
  const url = files.find(({ name }) => name === 'members.csv')?.url ?? '';
  expect((await fetch(url)).status).toBe(200);
  for (const changed of [
    url.replace('members.csv', 'usage.csv'),
    url.replace(/X-Amz-Expires=\d+/, 'X-Amz-Expires=86400'),
    url.split('?')[0] ?? '',
  ]) {
    expect(changed).not.toBe(url);
    expect((await fetch(changed)).status, changed).toBe(403);
  }
});

it('keeps ten at a time: an older one goes with its files', async () => {
  const { exports: before } = await shop.person.api('listExports', { bearer });
  const missing = 10 - before.length;
  const ids = before.map(({ id }) => id).reverse();
  for (let one = 0; one <= missing; one++) ids.push(await exportAll(shop.person));
  const [oldest = '', ...kept] = ids;
  const { exports } = await until('the oldest to go', async () => {
    const list = await shop.person.api('listExports', { bearer });
    return list.exports.length <= 10 ? list : undefined;
  });
  expect(exports.map(({ id }) => id)).toEqual(kept.reverse());
  expect((await objectsBelow(test.cloud, 'Exports', `exports/${shop.tenantId}/${oldest}/`)).size).toBe(0);
  const files = shop.person.api('listExportFiles', { bearer, params: { exportId: oldest } });
  expect(await codeOf(files)).toBe('not_found');
}, 60_000);

/** Runs a task of the state machine as Step Functions does. */
async function task(input: object): Promise<unknown> {
  const arn = test.cloud.graph.functions.find(({ logicalName }) => logicalName === 'TasksExportTenant')?.arn ?? '';
  const { payload, functionError } = await test.cloud.lambda.invoke(arn, { tenantId: shop.tenantId, ...input });
  if (functionError) throw new Error(JSON.stringify(payload));
  return payload;
}

it('has the same files and goes on from the same place when a task comes again, though its answer was lost', async () => {
  const exportId = await exportAll(shop.person);
  const prefix = `exports/${shop.tenantId}/${exportId}/`;
  const before = await objectsBelow(test.cloud, 'Exports', prefix);
  const listed = await exported(shop.person, exportId);
  await shop.person.createKey('publishable');
  const first = await Promise.all(
    [1, 2].map(() => task({ exportId, action: 'write', cursor: { section: 'apiKeys', part: 1 } })),
  );
  expect(first[1]).toEqual(first[0]);
  await task({ exportId, action: 'finish' });
  await task({ exportId, action: 'fail', failure: { Error: 'Late', Cause: 'late' } });
  expect(await objectsBelow(test.cloud, 'Exports', prefix)).toEqual(before);
  expect(await exported(shop.person, exportId)).toEqual(listed);
});

it('writes nothing for a company whose deletion has begun', async () => {
  const exportId = await exportAll(shop.person);
  const client = rootClient(test.cloud);
  const Key = { pk: `TENANT#${shop.tenantId}`, sk: 'META' };
  const at = new Date().toISOString();
  const deactivation = { changeId: 'chg_1', from: 'active', since: at, until: at, final: true };
  await client.send(
    new UpdateCommand({
      TableName: tableName(test.cloud, 'Control'),
      Key,
      UpdateExpression: 'SET deactivation = :deactivation',
      ExpressionAttributeValues: { ':deactivation': deactivation },
    }),
  );
  await expect(task({ exportId, action: 'write', cursor: { section: 'audit', part: 7 } })).rejects.toThrow(
    'The company is being deleted.',
  );
  await expect(task({ exportId, action: 'finish' })).rejects.toThrow('The company is being deleted.');
  expect(await codeOf(shop.person.api('startExport', { bearer }))).toBe('conflict');
});
