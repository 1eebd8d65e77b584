import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { clusterSpecs } from '@tenantry/local/cloud/specs';
import { until } from '@tenantry/local/demo/journey';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestCloud, type TestCloud, unique } from '../../support/test-cloud.ts';

let test: TestCloud;
beforeAll(async () => {
  test = await startTestCloud();
}, 60_000);
afterAll(() => test?.close());

it('ends a failing onboarding as failed with its reason on the timeline, and a retry succeeds', async () => {
  const { cloud } = test;
  const person = await test.signUp();
  const { checkoutUrl } = await person.register({ name: 'Unlucky', slug: unique('unlucky'), tier: 'premium' });
  // The cluster is gone: a failure that trying again at once does not mend.
  cloud.eks.setClusters([]);
  await person.pay(checkoutUrl);
  await expect(person.onboarded()).rejects.toThrow(/failed at capacity: No cluster found/);
  const failed = await person.api('getOnboarding', { bearer: person.accessToken });
  expect(failed.status).toBe('failed');
  expect(failed.steps.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual([
    'begin succeeded',
    'capacity failed',
    'storage waiting',
    'silo waiting',
    'probe waiting',
    'finish waiting',
  ]);

  cloud.eks.setClusters(clusterSpecs(cloud.graph));
  await person.refresh();
  const { run } = await person.api('retryOnboarding', { bearer: person.accessToken });
  expect(run).toBe(2);
  const steps = await person.onboarded({ run });
  expect(steps.every(({ outcome, attempt }) => outcome === 'succeeded' && attempt === 2)).toBe(true);
  const second = await until('the silo', async () => cloud.kubernetes?.pods().find(({ ready }) => ready));
  expect(second.ready).toBe(true);
}, 120_000);

it('promises no silo for which a quota leaves no room, names the quota, and makes nothing; a retry succeeds once it is raised', async () => {
  const { serviceQuotas, urls, rootCredentials } = test.cloud;
  const dynamo = new DynamoDBClient({ endpoint: urls.aws, region: 'us-east-1', credentials: rootCredentials });
  const person = await test.signUp();
  const { checkoutUrl, tenantId } = await person.register({ name: 'Late', slug: unique('late'), tier: 'premium' });
  // The first company's silo has 12 already.
  serviceQuotas.setQuota('L-1216C47A', 20);
  await person.pay(checkoutUrl);
  await expect(person.onboarded()).rejects.toThrow(
    'failed at capacity: No room for another silo: the quota “Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances” (L-1216C47A) of 20 has 8 left, and 12 are needed',
  );
  const failed = await person.api('getOnboarding', { bearer: person.accessToken });
  expect(failed.steps.find(({ step }) => step === 'storage')?.outcome).toBe('waiting');
  const { TableNames = [] } = await dynamo.send(new ListTablesCommand({}));
  expect(TableNames.filter((name) => name.includes(tenantId))).toEqual([]);

  serviceQuotas.setQuota('L-1216C47A', 24);
  await person.refresh();
  const { run } = await person.api('retryOnboarding', { bearer: person.accessToken });
  const steps = await person.onboarded({ run });
  expect(steps.find(({ step }) => step === 'capacity')).toMatchObject({
    outcome: 'succeeded',
    title: 'Room for your silo',
  });
}, 120_000);
