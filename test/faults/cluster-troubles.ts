import { until } from '@tenantry/local/demo/journey';
import type { LocalImage } from '@tenantry/local/kubernetes/kubelet/container';
import { expect, it } from 'vitest';
import { namespaceOf } from './judge.ts';
import type { Company, World } from './world.ts';

/** An image that runs a few lines. */
const image = (source: string): LocalImage => ({ command: [process.execPath, '-e', source] });
/** A server that gives the status to probes, and the other to all else. */
const answering = (probes: number, others: number): LocalImage =>
  image(`require('node:http').createServer((request, response) => {
    response.statusCode = /^.(healthz|readyz)/.test(request.url) ? ${probes} : ${others};
    response.end();
  }).listen(process.env.PORT, '127.0.0.1')`);

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

const troubles = [
  {
    trouble: 'an image that cannot be pulled',
    broken: 'missing',
    reason: /^silo: .*its image cannot be fetched \[ImagePullBackOff\]/,
  },
  {
    trouble: 'a process that ends at its start',
    broken: image('process.exit(3)'),
    reason: /^silo: .*again and again, with exit code 3 \[CrashLoopBackOff\]/,
  },
  {
    trouble: 'a recommender that never becomes ready',
    broken: answering(503, 503),
    reason: /^silo: 0 of 1 updated replicas are available/,
  },
  {
    trouble: 'a silo that only its probes can reach',
    broken: answering(200, 503),
    reason: /^probe: The silo does not answer yet: /,
  },
] as const;

/** One that lasts longer than the onboarding waits; the others end in the same way. */
const lasting = process.env.TENANTRY_LONG === '1' ? troubles : troubles.slice(0, 1);

/** What the cluster may do to an onboarding; each with its reason on the timeline, in words that somebody without a cluster understands. */
export function clusterTroubles(world: World): void {
  it.concurrent.each(troubles)(
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
    120_000,
  );

  it.concurrent.each(lasting)(
    '$trouble ends the onboarding with its reason when it lasts, and a retry ends well',
    async ({ broken, reason }) => {
      const company = await world.newcomer('premium');
      const replace = world.test.cloud.kubernetes?.replaceImage;
      replace?.(namespaceOf(company.tenantId), broken);
      expect(await failing(world, company)).toMatch(reason);
      replace?.(namespaceOf(company.tenantId), undefined);
      await retried(world, company);
    },
    120_000,
  );

  it('a cluster that cannot be reached is named on the timeline, and a retry ends well once it answers', async () => {
    world.way.cut();
    const company = await world.newcomer('premium');
    expect(await failing(world, company)).toMatch(/^capacity: The cluster does not answer/);
    world.way.mend();
    await retried(world, company);
  }, 120_000);
}
