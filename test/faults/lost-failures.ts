import { expect, it } from 'vitest';
import { reconcile } from '../support/reconciliation.ts';
import { blows, fatalReason, faultsOf } from './blows.ts';
import { journeyThrough } from './journeys.ts';
import type { World } from './world.ts';

/**
 * A state that fails for good, what the tenant is in when nobody can write that down, and how the execution ends that the reconciliation
 * starts: an onboarding that began to be taken back is taken back to its end, with its reason; the others go forward.
 */
const cases = [
  { machine: 'Onboarding', state: 'PlaceInPool', stays: 'provisioning', told: 'onboarding', ends: 'FAILED' },
  { machine: 'Suspension', state: 'Activate', stays: 'suspended', told: 'suspension', ends: 'SUCCEEDED' },
  { machine: 'TierChange', state: 'StopMirror', stays: 'active', told: 'tierChange', ends: 'SUCCEEDED' },
  { machine: 'Deletion', state: 'EraseData', stays: 'deactivating', told: 'deletion', ends: 'SUCCEEDED' },
] as const;

/** As often as what nothing catches is tried. */
const ATTEMPTS = 9;

/** Of machines that alone lead a tenant out of what it is in: a failure that nobody can record must not leave it there unseen. */
export function lostFailures(world: World): void {
  it.each(cases)(
    '$machine: the tenant stays $stays, the reconciliation tells of it, and starts it again when it is asked to',
    async ({ machine, state, stays, told, ends }) => {
      const { executions, states, test } = world;
      const journey = journeyThrough(machine, state);
      const company = await journey.prepare(world);
      const { tenantId } = company;
      const named = (name: string) => {
        const found = states.find((one) => one.machine === machine && one.name === name);
        if (!found) throw new Error(`${machine} has no state ${name}.`);
        return found;
      };
      const [cause] = faultsOf(named(state), [blows.fails], tenantId);
      const [lost] = faultsOf(named('RecordFailure'), [blows.fails], tenantId);
      if (!cause || !lost) throw new Error('A blow is a fault.');
      const failing = test.cloud.lambda.injectFault(cause);
      const recording = test.cloud.lambda.injectFault({ ...lost, times: ATTEMPTS + 1 });
      const before = await executions.of(machine, tenantId);
      await journey.start(world, company);
      expect(await executions.ended(machine, tenantId, before.length)).toBe('FAILED');
      for (const fault of [failing, recording]) fault.remove();
      expect([failing.hits, recording.hits]).toEqual([1, ATTEMPTS]);

      expect(await world.statusOf(tenantId)).toBe(stays);
      const found = async (fix: boolean) => {
        const { findings } = await reconcile(test.cloud, { fix });
        return findings.filter((finding) => finding.tenantId === tenantId);
      };
      expect(await found(false)).toMatchObject([{ kind: 'execution', resource: told, mended: false }]);
      expect(await found(true)).toMatchObject([{ kind: 'execution', resource: told, mended: true }]);
      expect(await executions.ended(machine, tenantId, before.length + 1)).toBe(ends);
      if (ends === 'FAILED') {
        expect(await world.statusOf(tenantId)).toBe(journey.statuses.failed);
        expect(await journey.problem(world, company)).toMatch(fatalReason);
        await journey.retry(world, company);
        expect(await executions.ended(machine, tenantId, before.length + 2)).toBe('SUCCEEDED');
      }
      expect(await world.statusOf(tenantId)).toBe(journey.statuses.reached);
      expect(await journey.problem(world, company)).toBeUndefined();
      expect(await found(false)).toEqual([]);
      await world.giveBack(company);
    },
    200_000,
  );
}
