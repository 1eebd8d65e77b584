import { ListExecutionsCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { type Person, until } from '@tenantry/local/demo/journey';
import { resourceNamed } from '@tenantry/local/program/graph';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reconcile, told } from '../support/reconciliation.ts';
import { startTestCloud, type TestCloud } from '../support/test-cloud.ts';
import { type Blow, blows, faultsOf, passing, single } from './blows.ts';
import { fleetMachine, type TaskState, taskStates } from './task-states.ts';

/**
 * What may go wrong in a rollout, in each of its tasks: it ends in a status that is legal, every silo runs what the registry says, and a retry
 * brings the version to all. One rollout after the other, since there is one at a time. `TENANTRY_LONG=1` tries each fault by itself.
 */
let test: TestCloud;
let operator: Person;
let states: readonly TaskState[];
/** Of the canary ring, and of the wave after it. */
let silos: readonly string[];
const outcomes: string[] = [];

beforeAll(async () => {
  test = await startTestCloud({ waitScale: 0.02 });
  operator = await test.operator();
  states = taskStates(test.cloud).filter(({ machine }) => machine === fleetMachine);
  const founders = [await test.founder('premium'), await test.founder('premium')];
  silos = founders.map(({ tenantId }) => tenantId);
  const [canary = ''] = silos;
  await operator.api('setSiloRing', {
    ...bearer(),
    params: { tenantId: canary },
    body: { ring: 'canary', reason: 'It goes first' },
  });
}, 300_000);
afterAll(async () => {
  process.stdout.write(`\n${outcomes.join('\n')}\n`);
  await test?.close();
});

const bearer = () => ({ bearer: operator.accessToken });
const startRollout = async (version: string) =>
  (await operator.api('startRollout', { ...bearer(), body: { version, reason: 'A new version' } })).id;
const readRollout = (rolloutId: string) => operator.api('readRollout', { ...bearer(), params: { rolloutId } });
const rollBack = (rolloutId: string) =>
  operator.api('rollBack', { ...bearer(), params: { rolloutId }, body: { reason: 'It does not move' } });
const fleetVersion = async () => (await operator.api('listSilos', bearer())).version;

/** Waits until no execution works on it, and none is to come. */
const ended = (rolloutId: string) =>
  until(
    'the end of the rollout',
    async () => {
      return (await runningOf(rolloutId)) ? undefined : readRollout(rolloutId);
    },
    200_000,
  );

async function runningOf(rolloutId: string): Promise<boolean> {
  const { arn } = resourceNamed(test.cloud.graph, 'aws:sfn/stateMachine:StateMachine', fleetMachine);
  const { executions = [] } = await clientOfStates().send(
    new ListExecutionsCommand({ stateMachineArn: arn, statusFilter: 'RUNNING' }),
  );
  return executions.some(({ name }) => name?.startsWith(rolloutId));
}

const clientOfStates = () =>
  new SFNClient({ endpoint: test.cloud.urls.aws, region: 'us-east-1', credentials: test.cloud.rootCredentials });

/** What the pods of each silo run. */
const runs = () =>
  silos.map((tenantId) =>
    (test.cloud.kubernetes?.pods() ?? [])
      .filter(({ namespace }) => tenantId.endsWith(namespace))
      .map(({ image }) => image.split(':').at(-1)),
  );
const untilAllRun = (version: string) =>
  until(
    `all silos to run ${version}, and not ${JSON.stringify(runs())}`,
    async () => (JSON.stringify(runs()) === JSON.stringify(silos.map(() => [version])) ? true : undefined),
    120_000,
  );

interface Strike {
  readonly state: string;
  readonly blows: readonly Blow[];
}

/** What fails for good first, so that the states are reached. */
const causes: readonly { readonly states: RegExp; readonly by: readonly string[] }[] = [
  { states: /^(Begin|NextWave|UpdateApply|UpdateStatus|GateAsk|Finish)$/, by: [] },
  { states: /^(GateNoteFailure|RollBack|RestoreApply|RestoreStatus|FinishRollback)$/, by: ['GateAsk'] },
  { states: /^UpdateNoteFailure$/, by: ['UpdateApply'] },
  { states: /^RestoreNoteFailure$/, by: ['GateAsk', 'RestoreApply'] },
  { states: /^RecordFailure$/, by: ['Begin', 'RollBack'] },
];
const causing = (by: readonly string[]): readonly Strike[] => by.map((state) => ({ state, blows: [blows.fails] }));

/** A rollout under faults, and what it takes until the version is everywhere. */
async function stricken(what: string, strikes: readonly Strike[]): Promise<void> {
  const began = performance.now();
  const before = await fleetVersion();
  const version = before === 'local-2' ? 'local-3' : 'local-2';
  const injected = strikes.flatMap(({ state: name, blows: series }) => {
    const state = states.find((one) => one.name === name);
    if (!state) throw new Error(`The machine has no state ${name}.`);
    return faultsOf(state, series).map((fault) => ({ fault, planned: test.cloud.lambda.injectFault(fault) }));
  });
  const id = await startRollout(version);
  const { status, reason } = await ended(id);
  for (const { fault, planned } of injected) {
    planned.remove();
    if (fault.kind !== 'killed' || fault.afterCalls === 0) expect(planned.hits, JSON.stringify(fault)).toBe(1);
  }
  expect(['succeeded', 'rolled-back', 'rollback-failed']).toContain(status);
  if (status === 'succeeded' || status === 'rolled-back') await untilAllRun(status === 'succeeded' ? version : before);
  if (status !== 'succeeded') {
    if (status !== 'rolled-back') {
      // It came to a halt: an operator has it go back.
      await rollBack(id);
      expect((await ended(id)).status).toBe('rolled-back');
      await untilAllRun(before);
    }
    expect((await ended(await startRollout(version))).status).toBe('succeeded');
    await untilAllRun(version);
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(1).padStart(5);
  outcomes.push(`${what.padEnd(78)} ${status.padEnd(16)} ${seconds} s  ${reason ?? ''}`);
}

/** The states that calling a function makes, known before a cloud runs; a test compares them with the deployed ones. */
const names = causes.flatMap(({ states: { source } }) => source.replace(/[\^$()]/g, '').split('|'));
const causeOf = (name: string) => causing(causes.find(({ states: of }) => of.test(name))?.by ?? []);
const long = process.env.TENANTRY_LONG === '1';

const cases: readonly { readonly what: string; readonly strikes: readonly Strike[] }[] = long
  ? names.flatMap((state) =>
      single.map((series) => ({
        what: `${state} ${series.what}`,
        strikes: [...causeOf(state), { state, blows: series.blows }],
      })),
    )
  : [
      ...causes.flatMap(({ states: { source }, by }) =>
        passing.map((series) => {
          const together = source.replace(/[\^$()]/g, '').split('|');
          return {
            what: `${together.join(', ')}: ${series.what}`,
            strikes: [...causing(by), ...together.map((state) => ({ state, blows: series.blows }))],
          };
        }),
      ),
      ...names.flatMap((state) =>
        [blows.fails, blows.failsAfterItsEffect].map((blow, index) => ({
          what: `${state} fails ${index === 0 ? 'before its work' : 'after its effect'}`,
          strikes: [...causeOf(state), { state, blows: [blow] }],
        })),
      ),
    ];

describe('a rollout', () => {
  it('has no task that is not stricken', () => {
    expect([...names].sort()).toEqual(states.map(({ name }) => name).sort());
  });

  it.each(cases)('$what', ({ what, strikes }) => stricken(what, strikes), 300_000);

  it('that two executions carry out at once ends as if it were one', async () => {
    const version = (await fleetVersion()) === 'local-2' ? 'local-3' : 'local-2';
    const id = await startRollout(version);
    const { arn: stateMachineArn } = resourceNamed(test.cloud.graph, 'aws:sfn/stateMachine:StateMachine', fleetMachine);
    const input = JSON.stringify({ rolloutId: id, direction: 'forward' });
    await clientOfStates().send(new StartExecutionCommand({ stateMachineArn, name: `${id}-again`, input }));
    expect((await ended(id)).status).toBe('succeeded');
    await untilAllRun(version);
  }, 300_000);

  it('leaves nothing behind, as the reconciliation sees it', async () => {
    expect((await reconcile(test.cloud)).findings.map(told)).toEqual([]);
  }, 120_000);
});
