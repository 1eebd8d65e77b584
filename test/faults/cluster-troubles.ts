import { until } from '@tenantry/local/demo/journey';
import { expect, it } from 'vitest';
import { brokenSilos } from '../support/broken-silos.ts';
import { namespaceOf } from './judge.ts';
import type { Company, World } from './world.ts';

const timelineOf = ({ person }: Company) => person.api('getOnboarding', { bearer: person.accessToken });

/** Pays, and waits for the onboarding to fail. @returns the step that failed, its reason and those after it */
async function failing(world: World, company: Company): Promise<string> {
  const { tenantId, person, checkoutUrl } = company;
  await person.pay(checkoutUrl);
  expect(await world.executions.ended('Onboarding', tenantId, 0)).toBe('FAILED');
  const { status, steps } = await timelineOf(company);
  expect(status).toBe('failed');
  const failed = steps.find(({ outcome }) => outcome === 'failed');
  return `${failed?.step}: ${failed?.reason}`;
}

async function retried(world: World, company: Company): Promise<void> {
  const { tenantId, person } = company;
  await person.refresh();
  await person.api('retryOnboarding', { bearer: person.accessToken });
  expect(await world.executions.ended('Onboarding', tenantId, 1)).toBe('SUCCEEDED');
  expect((await timelineOf(company)).status).toBe('active');
}

/** What the cluster may do to an onboarding; each with its reason on the timeline, in words that somebody without a cluster understands. */
export function clusterTroubles(world: World): void {
  it.concurrent.each(brokenSilos)(
    '$trouble is named on the timeline while it lasts, and the onboarding goes on once it is mended',
    async ({ broken, reason }) => {
      const company = await world.newcomer('premium');
      const { tenantId, person, checkoutUrl } = company;
      const replace = world.test.cloud.kubernetes?.replaceImage;
      replace?.(namespaceOf(tenantId), broken);
      await person.pay(checkoutUrl);
      await until('the reason', async () => {
        const open = (await timelineOf(company)).steps.find(({ outcome }) => outcome === 'running');
        return reason.test(`${open?.step}: ${open?.reason}`) ? true : undefined;
      });
      replace?.(namespaceOf(tenantId), undefined);
      expect(await world.executions.ended('Onboarding', tenantId, 0)).toBe('SUCCEEDED');
      expect((await timelineOf(company)).status).toBe('active');
    },
    200_000,
  );

  it('a cluster that cannot be reached is named on the timeline, and a retry ends well once it answers', async () => {
    world.way.cut();
    const company = await world.newcomer('premium');
    expect(await failing(world, company)).toMatch(/^capacity: The cluster does not answer/);
    world.way.mend();
    await retried(world, company);
  }, 200_000);
}
