import { writeSync } from 'node:fs';
import { resourcesOfType } from '@tenantry/local/program/graph';
import { afterAll, expect, it } from 'vitest';
import { fatalReason, faultsOf, isFatal } from './blows.ts';
import { type Case, longCases, type Strike, shortCases } from './cases.ts';
import { fleetMachine } from './task-states.ts';
import type { Company, World } from './world.ts';

/**
 * Every state that calls a function, in every deployed machine that works for one tenant, with everything that may go wrong there. The
 * cases are made from the deployed definitions, so that a state without them cannot exist. Prints a line per case. A rollout is of
 * all silos at once, and has a campaign of its own.
 */
export function strickenTasks(world: World): void {
  const { test, states } = world;
  const cases = process.env.TENANTRY_LONG === '1' ? longCases(states) : shortCases(states);
  const outcomes: string[] = [];
  afterAll(() => void writeSync(1, `\n${outcomes.sort().join('\n')}\n`));

  it('every task of every machine of the program is stricken', () => {
    const declared = resourcesOfType(test.cloud.graph, 'aws:sfn/stateMachine:StateMachine').map(({ name }) => name);
    const struck = [...new Set(cases.map(({ machine }) => machine)), fleetMachine];
    expect(struck.sort()).toEqual(declared.sort());
    const tried = new Set(cases.flatMap(({ runs }) => runs.flat().map(({ state }) => state)));
    expect(states.filter((state) => !tried.has(state))).toEqual([]);
  });

  it.concurrent.each(cases)(
    '$name: $what',
    async (one) => {
      const { journey, runs, name, what } = one;
      const company = await journey.prepare(world);
      const began = performance.now();
      let failures = 0;
      let reached = false;
      for (const [run, strikes] of runs.entries()) {
        if (reached) break;
        const { problem } = await stricken(world, one, company, strikes, run === 0);
        reached = problem === undefined;
        failures += reached ? 0 : 1;
      }
      if (!reached) {
        const { problem, execution } = await travel(world, one, company, false);
        expect({ problem, execution }).toEqual({ problem: undefined, execution: 'SUCCEEDED' });
      }
      const seconds = ((performance.now() - began) / 1000).toFixed(1).padStart(5);
      const outcome = failures === 0 ? 'invisible' : `failed ${failures} times, then retried`;
      outcomes.push(`${name.padEnd(36)} ${what.padEnd(52)} ${outcome.padEnd(30)} ${seconds} s`);
      await world.giveBack(company);
    },
    300_000,
  );
}

/** Sets out, or sets out again, and waits for the end. @returns why it failed, and what could be seen of that */
async function travel(world: World, { journey, machine }: Case, company: Company, first: boolean) {
  const { executions, judge } = world;
  const { tenantId } = company;
  const before = await executions.of(machine, tenantId);
  await (first ? journey.start : journey.retry)(world, company);
  const execution = await executions.ended(machine, tenantId, before.length);
  const problem = await journey.problem(world, company);
  const { failed, reached } = journey.statuses;
  expect([problem === undefined ? reached : failed].flat()).toContain(await world.statusOf(tenantId));
  expect(await judge.complaints(tenantId)).toEqual([]);
  return { problem, execution };
}

/** One run under faults, each of which must have hit. */
async function stricken(world: World, one: Case, company: Company, strikes: readonly Strike[], first: boolean) {
  const injected = strikes
    .flatMap(({ state, blows }) => faultsOf(state, blows, company.tenantId))
    .map((fault) => ({ fault, planned: world.test.cloud.lambda.injectFault(fault) }));
  const ended = await travel(world, one, company, first);
  for (const { fault, planned } of injected) {
    planned.remove();
    // A task that makes fewer calls ends before it is killed.
    if (fault.kind !== 'killed' || fault.afterCalls === 0) expect(planned.hits, JSON.stringify(fault)).toBe(1);
  }
  const fatal = strikes.some(({ blows }) => blows.some(isFatal));
  if (!fatal || !one.journey.undoes) expect(ended.execution).toBe(fatal ? 'FAILED' : 'SUCCEEDED');
  if (!fatal) expect(ended.problem).toBeUndefined();
  // What cannot be undone any more says that instead.
  if (ended.problem !== undefined)
    expect(ended.problem).toMatch(one.journey.undoes ? /quota|serves already/ : fatalReason);
  return ended;
}
