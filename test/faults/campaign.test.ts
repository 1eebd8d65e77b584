import { writeSync } from 'node:fs';
import { resourcesOfType } from '@tenantry/local/program/graph';
import { afterAll, expect, it } from 'vitest';
import { type Case, longCases, shortCases } from './cases.ts';
import { createJudge } from './judge.ts';
import { fatalReason, fatalRun, faultsOf, isFatal } from './plans.ts';
import { taskStates } from './task-states.ts';
import { type Company, startWorld } from './world.ts';

/**
 * Every state that calls a function, in every deployed machine, with everything that may go wrong there. The cases are made from the
 * deployed definitions, so that a state without them cannot exist.
 */
const world = await startWorld();
const { test, executions } = world;
const judge = await createJudge(test.cloud);
const states = taskStates(test.cloud);
const cases = process.env.TENANTRY_LONG === '1' ? longCases(states) : shortCases(states);
const outcomes: string[] = [];

afterAll(async () => {
  writeSync(1, `\n${outcomes.sort().join('\n')}\n`);
  await test.close();
});

it('tries every machine of the program', () => {
  const declared = resourcesOfType(test.cloud.graph, 'aws:sfn/stateMachine:StateMachine').map(({ name }) => name);
  const tried = cases.flatMap((one) => one.states.map(({ machine }) => machine));
  expect([...new Set(tried)].sort()).toEqual(declared.sort());
});

/** Runs a journey to its end. @returns why it failed, and whether anybody could see that something went wrong */
async function travel({ journey, states: [state] }: Case, company: Company, first: boolean) {
  const { tenantId } = company;
  const machine = state?.machine ?? '';
  const before = await executions.of(machine, tenantId);
  await (first ? journey.start : journey.retry)(world, company);
  const status = await executions.ended(machine, tenantId, before.length);
  const problem = await journey.problem(world, company);
  const { failed, reached } = journey.statuses;
  expect(await world.statusOf(tenantId)).toBe(problem === undefined ? reached : failed);
  expect(await judge.complaints(tenantId)).toEqual([]);
  return {
    problem,
    outcome: problem !== undefined ? 'failed' : status === 'SUCCEEDED' ? 'reached' : 'reached, said it failed',
  };
}

it.concurrent.each(cases)(
  '$name $plan.name',
  async (one) => {
    const { journey, plan, states: hit, cause } = one;
    const company = await journey.prepare(world);
    const { tenantId } = company;
    const began = performance.now();
    const seen: string[] = [];
    let problem: string | undefined;
    for (const [run, blows] of plan.runs.entries()) {
      if (run > 0 && problem === undefined) break;
      const planned = [
        ...hit.flatMap((state) => faultsOf(blows, state, tenantId)),
        ...(cause ? faultsOf(fatalRun, cause, tenantId) : []),
      ];
      const injected = planned.map((fault) => ({ fault, injected: test.cloud.lambda.injectFault(fault) }));
      const ended = await travel(one, company, run === 0);
      problem = ended.problem;
      seen.push(ended.outcome);
      for (const { fault, injected: one } of injected) {
        one.remove();
        // A task that makes fewer calls ends before it is killed.
        if (fault.kind !== 'killed' || fault.afterCalls === 0) expect(one.hits, JSON.stringify(fault)).toBe(1);
      }
      if (!cause && !blows.some(isFatal)) expect(seen).toEqual(['reached']);
      if (problem !== undefined) expect(problem).toContain(fatalReason);
    }
    if (problem !== undefined) {
      const ended = await travel(one, company, false);
      seen.push(ended.outcome);
      expect(seen.at(-1)).toBe('reached');
    }
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    outcomes.push(`${one.name.padEnd(50)} ${plan.name.padEnd(52)} ${seen.join(', then ').padEnd(34)} ${seconds} s`);
    await world.giveBack(company);
  },
  120_000,
);

it('leaves nothing behind that belongs to nobody', async () => {
  expect(await judge.complaints()).toEqual([]);
});
