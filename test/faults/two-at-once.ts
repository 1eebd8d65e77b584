import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { resourceNamed } from '@tenantry/local/program/graph';
import { expect, it } from 'vitest';
import { stretchesOf } from './cases.ts';
import type { Journey } from './journeys.ts';
import type { Company, World } from './world.ts';

/** The same thing asked for twice at the same moment, and executions that know nothing of each other. */
export function twoAtOnce(world: World): void {
  const journeys = stretchesOf(world.states)
    .filter(({ journey }) => !journey.failing)
    .map(({ machine, journey, states }) => ({
      name: `${machine} by ${states[0]?.name}`,
      machine,
      journey,
    }));

  it.concurrent.each(journeys)(
    '$name, asked for twice at once, ends as if it had been asked for once',
    async ({ machine, journey }) => {
      const company = await journey.prepare(world);
      const before = await world.executions.of(machine, company.tenantId);
      const asked = await Promise.allSettled([journey.start(world, company), journey.start(world, company)]);
      expect(asked.map(({ status }) => status)).toContain('fulfilled');
      await world.executions.ended(machine, company.tenantId, before.length);
      await reached(world, { machine, journey, company });
      await world.giveBack(company);
    },
    200_000,
  );

  it.concurrent.each(['standard', 'premium'] as const)(
    'three executions of the same %s onboarding at once leave a company that is active, or that a retry makes so',
    async (tier) => {
      const { urls, rootCredentials, graph } = world.test.cloud;
      const company = await world.newcomer(tier);
      const { tenantId } = company;
      const states = new SFNClient({ endpoint: urls.aws, region: 'us-east-1', credentials: rootCredentials });
      const { arn } = resourceNamed(graph, 'aws:sfn/stateMachine:StateMachine', 'Onboarding');
      const input = JSON.stringify({ tenantId, run: 1 });
      const start = (name: string) =>
        states.send(new StartExecutionCommand({ stateMachineArn: arn, name: `${tenantId}-${name}`, input }));
      await Promise.all(['1', '1-again', '1-once-more'].map(start));
      await world.executions.ended('Onboarding', tenantId, 2);
      states.destroy();
      // Afterwards, so that the payment starts no execution of its own: who is served has paid.
      await company.person.pay(company.checkoutUrl);
      const journey = stretchesOf(world.states).find(({ machine }) => machine === 'Onboarding')?.journey;
      if (journey) await reached(world, { machine: 'Onboarding', journey, company });
    },
    200_000,
  );
}

/** Looks whether the goal is reached, which one more try may be needed for, and that nothing is left over. */
async function reached(
  world: World,
  { machine, journey, company }: { readonly machine: string; readonly journey: Journey; readonly company: Company },
): Promise<void> {
  const { tenantId } = company;
  if ((await journey.problem(world, company)) !== undefined) {
    expect([journey.statuses.failed].flat()).toContain(await world.statusOf(tenantId));
    const before = await world.executions.of(machine, tenantId);
    await journey.retry(world, company);
    await world.executions.ended(machine, tenantId, before.length);
  }
  expect(await journey.problem(world, company)).toBeUndefined();
  expect(await world.statusOf(tenantId)).toBe(journey.statuses.reached);
  expect(await world.judge.complaints(tenantId)).toEqual([]);
}
