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
  await expect(person.onboarded()).rejects.toThrow(/failed at silo: No cluster found/);
  const failed = await person.api('getOnboarding', { bearer: person.accessToken });
  expect(failed.status).toBe('failed');
  expect(failed.steps.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual([
    'begin succeeded',
    'storage succeeded',
    'silo failed',
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
