import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { deletionDefinition, deletionTasks } from '../deletion/state-machine.ts';
import { erasureDefinition } from '../erasure/state-machine.ts';
import { exportDefinition } from '../export/state-machine.ts';
import { fleetRolloutDefinition, fleetTasks } from '../fleet/state-machine.ts';
import { onboardingDefinition, onboardingTasks } from '../provisioning/onboarding.ts';
import { onboardingSteps, stepsOf } from '../provisioning/steps.ts';
import { suspensionDefinition } from '../suspension/state-machine.ts';
import { tierChangeDefinition, tierChangeTasks } from '../tier-change/state-machine.ts';
import { trainingDefinition } from '../training/state-machine.ts';

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Catch?: readonly { readonly Next: string }[];
  readonly TimeoutSeconds?: number;
  readonly ItemProcessor?: Workflow;
  readonly Retry?: readonly { readonly JitterStrategy: string }[];
}

const arn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
const definitions = {
  onboarding: onboardingDefinition(
    Object.fromEntries(onboardingTasks.map((name) => [name, arn(name)])) as Record<
      (typeof onboardingTasks)[number],
      string
    >,
  ),
  erasure: erasureDefinition({ erase: arn('erase') }),
  export: exportDefinition({ export: arn('export') }),
  training: trainingDefinition({ 'train-model': arn('train-model'), 'training-silo': arn('training-silo') }),
  deletion: deletionDefinition(
    Object.fromEntries(deletionTasks.map((name) => [name, arn(name)])) as Record<
      (typeof deletionTasks)[number],
      string
    >,
  ),
  fleet: fleetRolloutDefinition(
    Object.fromEntries(fleetTasks.map((name) => [name, arn(name)])) as Record<(typeof fleetTasks)[number], string>,
  ),
  'tier change': tierChangeDefinition(
    Object.fromEntries(tierChangeTasks.map((name) => [name, arn(name)])) as Record<
      (typeof tierChangeTasks)[number],
      string
    >,
  ),
  suspension: suspensionDefinition({ suspension: arn('suspension'), 'suspension-silo': arn('suspension-silo') }),
};

const validate = createRequire(import.meta.url)('asl-validator') as (definition: object) => {
  readonly isValid: boolean;
  readonly errors: readonly unknown[];
};

interface Workflow {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

/** The machine itself, and what its Maps do for each item. */
function workflowsOf(workflow: Workflow): readonly Workflow[] {
  const inner = Object.values(workflow.States).flatMap(({ ItemProcessor }) => ItemProcessor ?? []);
  return [workflow, ...inner.flatMap(workflowsOf)];
}

/** Where a task may lead that cannot do its work: to what writes it down, or undoes what was done. */
const wayOut = /^(RecordFailure|(Choose)?Undo\w*|RollBack)$|NoteFailure$/;

it.each(Object.entries(definitions))('%s is valid, whole and bounded in time', (_, definition) => {
  expect(validate(definition)).toMatchObject({ isValid: true });
  for (const workflow of workflowsOf(definition as unknown as Workflow)) expectWhole(workflow);
  expect(definition.TimeoutSeconds).toBeGreaterThan(0);
});

function expectWhole({ StartAt, States: states }: Workflow): void {
  const follow = ({ Next, Default, Choices = [], Catch = [] }: State) =>
    [Next, Default, ...[...Choices, ...Catch].map((branch) => branch.Next)].filter((name) => name !== undefined);
  const reached = new Set<string>();
  const visit = (name: string): void => {
    if (reached.has(name)) return;
    const state = states[name];
    if (!state) throw new Error(`no state ${name}`);
    reached.add(name);
    follow(state).forEach(visit);
  };
  visit(StartAt);
  expect([...reached].sort()).toEqual(Object.keys(states).sort());
}

it.each(Object.entries(definitions))(
  'every task of %s has a time limit, retries with jitter, and a way out',
  (_, definition) => {
    const states = workflowsOf(definition as unknown as Workflow).flatMap((one) => Object.entries(one.States));
    for (const [name, state] of states) {
      if (state.Type !== 'Task') continue;
      expect(state.TimeoutSeconds, name).toBeGreaterThan(0);
      expect(
        state.Retry?.every(({ JitterStrategy }) => JitterStrategy === 'FULL'),
        name,
      ).toBe(true);
      if (!/(Record|Note)Failure$/.test(name)) expect(state.Catch?.[0]?.Next, name).toMatch(wayOut);
    }
  },
);

it('has a title and a usual time for every step that a tenant goes through', () => {
  expect([...new Set([...stepsOf.pool, ...stepsOf.silo])].sort()).toEqual(Object.keys(onboardingSteps).sort());
});
