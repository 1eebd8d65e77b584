import { expect, it } from 'vitest';
import type { TierName } from '../tier/catalogue.ts';
import { canUndo, erasedPlace, isMirroring, type Migration, siloTier, wayOf } from './migration.ts';
import { type MigrationPhase, migrationPhases } from './phases.ts';

const migration = (from: TierName, to: TierName, phase: MigrationPhase): Migration => ({
  changeId: 'chg_1',
  number: 1,
  from,
  to,
  phase,
  since: '2026-01-01T00:00:00.000Z',
  phaseSince: '2026-01-01T00:00:00.000Z',
});
const phasesWhere = (holds: (phase: MigrationPhase) => boolean): readonly MigrationPhase[] =>
  migrationPhases.filter(holds);

it('only a change between pool and silo moves data', () => {
  expect(wayOf({ from: 'standard', to: 'premium' })).toBe('toSilo');
  expect(wayOf({ from: 'enterprise', to: 'standard' })).toBe('toPool');
  expect(wayOf({ from: 'premium', to: 'enterprise' })).toBe('resize');
});

it('events go to both places from the mirroring until the old place is cleared, and never where nothing moves', () => {
  const mirrors = (from: TierName, to: TierName) =>
    phasesWhere((phase) => isMirroring({ migration: migration(from, to, phase) }));
  expect(mirrors('standard', 'premium')).toEqual(['mirroring', 'switched']);
  expect(mirrors('premium', 'standard')).toEqual(['mirroring', 'switched']);
  expect(mirrors('premium', 'enterprise')).toEqual([]);
  expect(isMirroring({})).toBe(false);
});

it('a change can be undone until the new place serves, and while it is being undone', () => {
  expect(phasesWhere(canUndo)).toEqual(['preparing', 'mirroring', 'undoing']);
});

it('a silo is built for the new tier while a change goes forward, and for the tier that counts otherwise', () => {
  const built = (phase: MigrationPhase) =>
    siloTier({ tier: 'premium', migration: migration('premium', 'enterprise', phase) });
  expect(phasesWhere((phase) => built(phase) === 'enterprise')).toEqual(['preparing', 'mirroring']);
  expect(siloTier({ tier: 'premium' })).toBe('premium');
});

it('what is erased in the end is the place that does not serve', () => {
  const move = migration('standard', 'premium', 'cleaning');
  expect(erasedPlace({ migration: move, isolation: 'silo' })).toBe('pool');
  expect(erasedPlace({ migration: move, isolation: 'pool' })).toBe('silo');
  expect(erasedPlace({ migration: migration('premium', 'enterprise', 'undoing'), isolation: 'silo' })).toBe('none');
  expect(erasedPlace({ isolation: 'pool' })).toBe('none');
});
