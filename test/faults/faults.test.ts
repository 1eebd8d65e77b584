import { afterAll, describe, expect, it } from 'vitest';
import { reconcile, told } from '../support/reconciliation.ts';
import { clusterTroubles } from './cluster-troubles.ts';
import { lostFailures } from './lost-failures.ts';
import { strickenTasks } from './stricken-tasks.ts';
import { twoAtOnce } from './two-at-once.ts';
import { startWorld } from './world.ts';

/**
 * What may go wrong while state machines work for tenants: whatever it is, the tenant ends in a status that is legal, a retry reaches the
 * goal, and nothing is left that belongs to nobody. `TENANTRY_LONG=1` tries each fault by itself.
 */
const world = await startWorld();
afterAll(async () => {
  await world.test.close();
  world.way.close();
});

describe('tasks that go wrong', () => strickenTasks(world));
describe('a failure that cannot be recorded', () => lostFailures(world));
describe('two at once', () => twoAtOnce(world));
describe('a cluster in trouble', () => clusterTroubles(world));

it('leave nothing behind that belongs to nobody, as the judge and the reconciliation see it', async () => {
  expect(await world.judge.complaints()).toEqual([]);
  expect((await reconcile(world.test.cloud)).findings.map(told)).toEqual([]);
});
