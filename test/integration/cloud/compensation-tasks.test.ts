import type { TenantId } from '@tenantry/core/ids/id';
import type { Compensation } from '@tenantry/core/tenant/tenant';
import { until } from '@tenantry/local/demo/journey';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTaskWorld, type TaskWorld } from '../../support/task-world.ts';
import { tracesOf } from '../../support/traces.ts';

/** The tasks of an onboarding that is taken back, asked directly: each looks for itself whether it may. */
let world: TaskWorld;
let tenantId: TenantId;
/** The table of this one holds events. */
let trading: TenantId;
const compensation: Compensation = {
  changeId: 'the-execution',
  reason: 'The quota is used up',
  since: '2026-01-01T00:00:00.000Z',
  everything: false,
  left: [],
  kept: [],
};

beforeAll(async () => {
  world = await startTaskWorld();
  ({ tenantId } = (await world.test.founder('premium')) as { tenantId: TenantId });
  ({ tenantId: trading } = await world.founded('premium'));
}, 240_000);
afterAll(() => world?.close());

/** Puts the company where its first run is being taken back. */
const takeBack = (of: TenantId) => world.put(of, { status: 'provisioning', compensation });
const things = async (of: TenantId, kind: RegExp) =>
  (await tracesOf(world.test.cloud, of)).filter((trace) => kind.test(trace));
const removal = (of: TenantId, more: object) => world.ask('deletion-silo', { tenantId: of, ...more });
const untilRemoved = (of: TenantId, part: 'cluster' | 'table') =>
  until(
    `the ${part} to go`,
    async () => {
      const { ready, error } = await removal(of, { changeId: compensation.changeId, part });
      if (error) throw new Error(String(error));
      return ready === true ? true : undefined;
    },
    120_000,
  );

const making = [
  ['onboarding-capacity', {}],
  ['onboarding-storage', {}],
  ['onboarding-silo', { action: 'apply' }],
  ['onboarding-silo', { action: 'status' }],
  ['onboarding-probe', {}],
  ['onboarding-finish', { action: 'activate' }],
] as const;
const refusal = { error: 'The onboarding failed elsewhere, and is being taken back.' };

it('make nothing, and open nothing, for a run that is taken back, has failed, or is not the newest', async () => {
  const askAll = async (run: number) => {
    const before = await world.picture(tenantId);
    for (const [task, payload] of making) {
      expect(await world.ask(task, { tenantId, run, ...payload }), task).toEqual(refusal);
    }
    expect(await world.picture(tenantId)).toEqual(before);
  };
  await takeBack(tenantId);
  await askAll(1);
  const { compensation: _, ...free } = await world.load(tenantId);
  await world.put(tenantId, { ...free, status: 'provisioning' });
  await askAll(2);
  await world.put(tenantId, { status: 'failed' });
  await askAll(1);
});

it('take nothing down for an execution that does not take the run back, nor once that has ended', async () => {
  const askAll = async (changeId: string) => {
    const before = await world.picture(tenantId);
    for (const part of ['cluster', 'table']) {
      expect(await removal(tenantId, { changeId, part })).toEqual({ error: 'No change of the company asks for this.' });
    }
    expect(await world.picture(tenantId)).toEqual(before);
  };
  await takeBack(tenantId);
  await askAll('another-execution');
  await world.put(tenantId, { status: 'failed' });
  await askAll(compensation.changeId);
  await world.put(tenantId, { status: 'active' });
  await askAll(compensation.changeId);
});

it('take down what they are asked for and nothing else, and can be asked again', async () => {
  await takeBack(tenantId);
  const ofCluster = /^(association|pod|Namespace|NodePool) /;
  const ofTable = /^(table|mapping) /;
  expect(await things(tenantId, ofCluster)).toHaveLength(5);
  await untilRemoved(tenantId, 'cluster');
  expect(await things(tenantId, ofCluster)).toEqual([]);
  expect(await things(tenantId, ofTable)).toHaveLength(2);
  await untilRemoved(tenantId, 'table');
  expect(await things(tenantId, ofTable)).toEqual([]);
  await untilRemoved(tenantId, 'cluster');
  await untilRemoved(tenantId, 'table');
}, 240_000);

it('keep a table that holds events, by its shoppers', async () => {
  await takeBack(trading);
  expect(await removal(trading, { changeId: compensation.changeId, part: 'table' })).toEqual({
    ready: true,
    kept: true,
    reason: 'The events table holds events',
  });
  expect(await things(trading, /^(table|mapping) /)).toHaveLength(2);
});
