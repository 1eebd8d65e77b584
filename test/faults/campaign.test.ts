import { writeSync } from 'node:fs';
import { resourcesOfType } from '@tenantry/local/program/graph';
import { afterAll, describe, expect, it } from 'vitest';
import { journeyThrough } from './journeys.ts';
import { createJudge } from './judge.ts';
import { faultsOf, isFatal, longPlans, type Plan, shortPlans } from './plans.ts';
import { type TaskState, taskStates } from './task-states.ts';
import { type Company, startWorld } from './world.ts';

/**
 * Every state that calls a function, in every deployed machine, with everything that may go wrong there. The cases are made from the
 * deployed definitions, so that a state without them cannot exist.
 */
const world = await startWorld();
const { test, executions } = world;
const judge = await createJudge(test.cloud);
const states = taskStates(test.cloud);
const plans = process.env.TENANTRY_LONG === '1' ? longPlans : shortPlans;
const cases = states.flatMap((state) =>
  plans.map((plan) => ({ state, plan, name: `${state.machine}, ${state.name}` })),
);
const outcomes: {
  readonly state: TaskState;
  readonly plan: Plan;
  readonly outcome: string;
  readonly seconds: number;
}[] = [];

afterAll(async () => {
  const line = ({ state, plan, outcome, seconds }: (typeof outcomes)[number]): string =>
    [
      state.machine.padEnd(11),
      state.name.padEnd(14),
      plan.name.padEnd(56),
      outcome.padEnd(34),
      seconds.toFixed(1),
    ].join(' ');
  writeSync(1, `\n${outcomes.map(line).sort().join('\n')}\n`);
  await test.close();
});

it('has machines to try', () => {
  const declared = resourcesOfType(test.cloud.graph, 'aws:sfn/stateMachine:StateMachine').map(({ name }) => name);
  expect([...new Set(states.map(({ machine }) => machine))].sort()).toEqual(declared.sort());
});

/** Faults on a state; one that records failures is reached by a fault on the first state that can fail. */
function inject(state: TaskState, blows: Plan['runs'][number], { tenantId }: Company) {
  const { injectFault } = test.cloud.lambda;
  const target = ({ functionArn, event }: TaskState) => ({ function: functionArn, event: { ...event, tenantId } });
  const faults = faultsOf(blows, target(state)).map(injectFault);
  const cause = state.onFailure
    ? undefined
    : states.find(({ machine, onFailure }) => machine === state.machine && onFailure === state.name);
  const [fatal] = longPlans.flatMap(({ runs }) => runs).filter((run) => run.every(isFatal));
  const causes = cause && fatal ? faultsOf(fatal, target(cause)).map(injectFault) : [];
  return [...faults, ...causes];
}

describe('a task that goes wrong', () => {
  it.concurrent.each(cases)(
    '$name: $plan.name',
    async ({ state, plan }) => {
      const { machine } = state;
      const journey = journeyThrough(machine, state.name);
      const company = await journey.prepare(world);
      const { tenantId } = company;
      const began = performance.now();
      const outcome: string[] = [];
      const go = async (begin: typeof journey.start): Promise<string | undefined> => {
        const before = await executions.of(machine, tenantId);
        await begin(world, company);
        const status = await executions.ended(machine, tenantId, before.length);
        const problem = await journey.problem(world, company);
        const { status: legal } = await company.person.api('getTenant', { bearer: company.person.accessToken });
        expect(legal).toBe(journey.statuses[problem === undefined ? 'reached' : 'failed']);
        expect(await judge.complaints(tenantId)).toEqual([]);
        outcome.push(problem !== undefined ? 'failed' : status === 'SUCCEEDED' ? 'invisible' : 'reached');
        return problem;
      };

      let problem: string | undefined;
      for (const [run, blows] of plan.runs.entries()) {
        if (run > 0 && problem === undefined) break;
        const faults = inject(state, blows, company);
        problem = await go(run === 0 ? journey.start : journey.retry);
        for (const fault of faults) fault.remove();
        expect(faults.map(({ hits }) => hits)).toEqual(faults.map(() => 1));
        // What passes is not seen by anybody.
        if (state.onFailure && !blows.some(isFatal)) expect(outcome).toEqual(['invisible']);
        if (problem !== undefined) expect(problem).toMatch(/quota of the account/);
      }
      if (problem !== undefined) expect(await go(journey.retry)).toBeUndefined();
      outcomes.push({ state, plan, outcome: outcome.join(', then '), seconds: (performance.now() - began) / 1000 });
      await world.giveBack(company);
    },
    120_000,
  );
});

it('leaves nothing behind that belongs to nobody', async () => {
  expect(await judge.complaints()).toEqual([]);
});
