import { type QuotaReader, quotaReader } from '@tenantry/core/service-quotas/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AwsRequest } from '../aws/engine.ts';
import { type Harness, serve } from '../s3/testing/harness.ts';
import { createServiceQuotasEngine } from './engine.ts';

const quota = (quotaCode: string, value: number) => ({
  serviceCode: 'dynamodb',
  quotaCode,
  quotaName: 'Maximum number of tables',
  value,
  adjustable: true,
});
const engine = createServiceQuotasEngine({
  accountId: '000000000000',
  region: 'us-east-1',
  quotas: [quota('L-F98FE922', 2500), quota('L-00000001', 1), quota('L-00000002', 2)],
});
let harness: Harness;
let read: QuotaReader;
beforeAll(async () => {
  harness = await serve(engine);
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  read = quotaReader({ region: 'us-east-1', credentials, endpoint: harness.url });
});
afterAll(() => harness.close());

const tables = { serviceCode: 'dynamodb', quotaCode: 'L-F98FE922' };
const call = (operation: string, body: object | string) =>
  engine.prepare({
    headers: { 'x-amz-target': `ServiceQuotasV20190624.${operation}` },
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  } as unknown as AwsRequest);
const root = { accountId: '000000000000', arn: '', tags: {} };
const list = async (body: object) => (await (await call('ListServiceQuotas', body)).run(root)).body;

describe('a quota', () => {
  it('is read with its value, and with the new one once it was changed', async () => {
    expect(await read(tables)).toBe(2500);
    engine.setQuota('L-F98FE922', 2600);
    expect(await read(tables)).toBe(2600);
  });

  it('that the account does not have is none', async () => {
    expect(await read({ ...tables, quotaCode: 'L-FFFFFFFF' })).toBeUndefined();
    expect(await read({ ...tables, serviceCode: 'nowhere' })).toBeUndefined();
    expect(() => engine.setQuota('L-FFFFFFFF', 1)).toThrow('no quota L-FFFFFFFF');
  });

  it('that is badly named is an error', async () => {
    await expect(read({ ...tables, quotaCode: '' })).rejects.toMatchObject({ name: 'IllegalArgumentException' });
  });

  it('is listed with the others of its service, page by page', async () => {
    const first = await list({ ServiceCode: 'dynamodb', MaxResults: 2 });
    expect(first).toMatchObject({ Quotas: [{ QuotaCode: 'L-F98FE922' }, { QuotaCode: 'L-00000001' }], NextToken: '2' });
    const second = await list({ ServiceCode: 'dynamodb', NextToken: '2' });
    expect(second).toMatchObject({ Quotas: [{ QuotaCode: 'L-00000002' }] });
    expect(second).not.toHaveProperty('NextToken');
    await expect(list({ ServiceCode: 'dynamodb', NextToken: '3' })).rejects.toMatchObject({
      code: 'InvalidPaginationTokenException',
    });
  });
});

it('reading asks for its permission, on everything', async () => {
  const { requires } = await call('GetServiceQuota', { ServiceCode: 'dynamodb', QuotaCode: 'L-F98FE922' });
  expect(requires).toEqual([{ action: 'servicequotas:GetServiceQuota', resource: '*' }]);
});

it('what it does not have, or cannot read, is an error', () => {
  expect(() => call('RequestServiceQuotaIncrease', {})).toThrow('Not supported here');
  expect(() => call('GetServiceQuota', '{')).toThrow('not JSON');
});
