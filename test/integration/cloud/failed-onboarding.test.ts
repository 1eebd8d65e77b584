import { isTenantId } from '@tenantry/core/ids/id';
import { siloNamespace } from '@tenantry/core/silo/names';
import { clusterSpecs } from '@tenantry/local/cloud/specs';
import { until } from '@tenantry/local/demo/journey';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { brokenSilos } from '../../support/broken-silos.ts';
import { type Newcomer, startTestCloud, type TestCloud } from '../../support/test-cloud.ts';
import { tracesOf } from '../../support/traces.ts';

let test: TestCloud;
beforeAll(async () => {
  test = await startTestCloud({ waitScale: 0.02 });
}, 180_000);
afterAll(() => test?.close());

const timelineOf = ({ person }: Newcomer) => person.api('getOnboarding', { bearer: person.accessToken });

/** Pays, and waits until the onboarding failed. @returns the step that failed and its reason */
async function failing(company: Newcomer): Promise<string> {
  const { person, checkoutUrl } = company;
  await person.pay(checkoutUrl);
  const { steps } = await until(
    'the failure',
    async () => {
      const timeline = await timelineOf(company);
      return timeline.status === 'failed' ? timeline : undefined;
    },
    240_000,
  );
  const failed = steps.find(({ outcome }) => outcome === 'failed');
  return `${failed?.step}: ${failed?.reason}`;
}

/** What there is of a tenant beside the rows about the company itself and its audit log. */
async function thingsOf({ tenantId }: Newcomer): Promise<readonly string[]> {
  const ofRegistry = new RegExp(
    `^row \\S+ (TENANT#${tenantId}(#BILLING|#CHAIN|#FOUND|#MAIL)?|USER#\\S+|SLUG#\\S+|RECEIPT#\\S+) `,
  );
  return (await tracesOf(test.cloud, tenantId)).filter((trace) => !ofRegistry.test(trace));
}

/** How each step of a silo ended, and what became of what it had made. */
const toldOf = async (company: Newcomer) =>
  Object.fromEntries(
    (await timelineOf(company)).steps.map(({ step, outcome, undo }) => [
      step,
      undo ? `${outcome}, ${undo.outcome}` : outcome,
    ]),
  );

async function retried({ person }: Newcomer): Promise<void> {
  await person.refresh();
  const { run } = await person.api('retryOnboarding', { bearer: person.accessToken });
  expect(run).toBe(2);
  const steps = await person.onboarded({ run });
  expect(steps.map(({ outcome, attempt, undo }) => ({ outcome, attempt, undo }))).toEqual(
    steps.map(() => ({ outcome: 'succeeded', attempt: 2, undo: null })),
  );
}

/** One after the other: each changes something for all companies. */
describe('an onboarding for which nothing could be made yet fails with the reason, and a retry ends well after', () => {
  const untouched = {
    begin: 'succeeded',
    capacity: 'failed',
    storage: 'waiting',
    silo: 'waiting',
    probe: 'waiting',
    finish: 'waiting',
  };

  it('a cluster that is not there', async () => {
    const company = await test.newcomer('premium');
    test.cloud.eks.setClusters([]);
    expect(await failing(company)).toMatch(/^capacity: No cluster found/);
    test.cloud.eks.setClusters(clusterSpecs(test.cloud.graph));
    expect(await toldOf(company)).toEqual(untouched);
    expect(await thingsOf(company)).toEqual([]);
    await retried(company);
  }, 120_000);

  it('a quota that leaves no room, which it names', async () => {
    const { serviceQuotas } = test.cloud;
    const company = await test.newcomer('premium');
    // The first company's silo has 16 already.
    serviceQuotas.setQuota('L-1216C47A', 20);
    expect(await failing(company)).toBe(
      'capacity: No room for another silo: the quota “Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances” (L-1216C47A) of 20 has 4 left, and 16 are needed',
    );
    expect(await toldOf(company)).toEqual(untouched);
    expect(await thingsOf(company)).toEqual([]);
    serviceQuotas.setQuota('L-1216C47A', 640);
    await retried(company);
  }, 120_000);
});

describe('an onboarding that fails half-way says why, takes back everything that it had made, and can be retried after', () => {
  it.each(brokenSilos)(
    '$trouble',
    async ({ broken, reason }) => {
      const company = await test.newcomer('premium');
      const { tenantId } = company;
      if (!isTenantId(tenantId)) throw new Error(`${tenantId} is no tenant's id.`);
      const replace = test.cloud.kubernetes?.replaceImage;
      replace?.(siloNamespace(tenantId), broken);
      expect(await failing(company)).toMatch(reason);
      const told = await toldOf(company);
      expect(told).toMatchObject({ begin: 'succeeded', storage: 'succeeded, done', finish: 'waiting' });
      expect([told.silo, told.probe]).toEqual(
        reason.source.startsWith('^probe') ? ['succeeded, done', 'failed, done'] : ['failed, done', 'waiting'],
      );
      expect(await thingsOf(company)).toEqual([]);
      replace?.(siloNamespace(tenantId), undefined);
      await retried(company);
    },
    360_000,
  );
});
