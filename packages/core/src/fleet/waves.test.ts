import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIdSource } from '../ids/id.ts';
import { tenantStatuses } from '../tenant/status.ts';
import { tierNames } from '../tier/catalogue.ts';
import { siloStatuses, updatableStatuses } from './silo-status.ts';
import { type PlannedTenant, planWaves, type WaveSettings } from './waves.ts';

const newId = createIdSource(() => 1_790_000_000_000);
const VERSION = 'v2';
const CURRENT = 'v1';

const tenants = fc.array(
  fc
    .record({
      tier: fc.constantFrom(...tierNames),
      status: fc.oneof({ weight: 3, arbitrary: fc.constant('active' as const) }, fc.constantFrom(...tenantStatuses)),
      isolation: fc.constantFrom('silo' as const, 'silo' as const, 'pool' as const),
      siloVersion: fc.constantFrom(undefined, 'v0', CURRENT, VERSION),
      ring: fc.constantFrom(undefined, undefined, 'canary' as const),
      pinned: fc.constantFrom(undefined, undefined, 'v0', VERSION),
    })
    .map(
      ({ ring, pinned, siloVersion, ...rest }): PlannedTenant => ({
        ...rest,
        tenantId: newId('tenant'),
        createdAt: '2026-11-21T00:00:00.000Z',
        ...(siloVersion ? { siloVersion } : {}),
        ...(ring || pinned ? { rollout: { ...(ring ? { ring } : {}), ...(pinned ? { pinned } : {}) } } : {}),
      }),
    ),
  { maxLength: 40, size: 'max' },
);
const settings: fc.Arbitrary<WaveSettings> = fc.record({
  canaries: fc.integer({ min: 1, max: 3 }),
  batchSizes: fc.record({
    standard: fc.integer({ min: 1, max: 5 }),
    premium: fc.integer({ min: 1, max: 5 }),
    enterprise: fc.integer({ min: 1, max: 5 }),
  }),
});
const plan = (all: readonly PlannedTenant[], chosen?: WaveSettings) =>
  planWaves(all, { version: VERSION, current: CURRENT }, chosen);

describe('the plan of a rollout', () => {
  it('has every silo once: in a wave, skipped with a reason, or on the version already', () => {
    fc.assert(
      fc.property(tenants, settings, (all, chosen) => {
        const { waves, skipped } = plan(all, chosen);
        const silos = all.filter(
          ({ isolation, status }) => isolation === 'silo' && siloStatuses.some((one) => one === status),
        );
        const named = [...waves.flatMap(({ tenantIds }) => tenantIds), ...skipped.map(({ tenantId }) => tenantId)];
        const upToDate = silos.filter(
          ({ tenantId, siloVersion }) => !named.includes(tenantId) && siloVersion === VERSION,
        );
        expect(new Set(named).size).toBe(named.length);
        expect([...named, ...upToDate.map(({ tenantId }) => tenantId)].sort()).toEqual(
          silos.map(({ tenantId }) => tenantId).sort(),
        );
        expect(skipped.every(({ reason }) => reason.endsWith('.'))).toBe(true);
      }),
    );
  });

  it('changes nobody who is pinned to another version, or in a status in which somebody else changes the silo', () => {
    fc.assert(
      fc.property(tenants, settings, (all, chosen) => {
        const changed = new Set<string>(plan(all, chosen).waves.flatMap(({ tenantIds }) => tenantIds));
        for (const { status, rollout } of all.filter((one) => changed.has(one.tenantId))) {
          expect(updatableStatuses).toContain(status);
          expect(rollout?.pinned ?? VERSION).toBe(VERSION);
        }
      }),
    );
  });

  it('begins with the canary ring, and goes on tier after tier in batches of the tier’s size', () => {
    fc.assert(
      fc.property(tenants, settings, (all, chosen) => {
        const [first, ...batches] = plan(all, chosen).waves;
        const byId = new Map<string, PlannedTenant>(all.map((one) => [one.tenantId, one]));
        const rings = (first?.tenantIds ?? []).map((id) => byId.get(id)?.rollout?.ring);
        if (rings.includes('canary')) expect(new Set(rings)).toEqual(new Set(['canary']));
        else expect(rings.length).toBeLessThanOrEqual(chosen.canaries);
        const tiers = batches.map(({ name, tenantIds }) => {
          const tier = tierNames.find((one) => one === name);
          if (!tier) throw new Error(`${name} is no tier.`);
          expect(tenantIds.length).toBeGreaterThan(0);
          expect(tenantIds.length).toBeLessThanOrEqual(chosen.batchSizes[tier]);
          for (const id of tenantIds) {
            expect(byId.get(id)?.tier).toBe(tier);
            expect(byId.get(id)?.rollout?.ring).toBeUndefined();
          }
          return tierNames.indexOf(tier);
        });
        expect(tiers).toEqual([...tiers].sort((a, b) => a - b));
      }),
    );
  });

  it('is the same for the same tenants in any order', () => {
    fc.assert(
      fc.property(
        tenants.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          expect(plan(shuffled)).toEqual(plan(all));
        },
      ),
    );
  });
});
