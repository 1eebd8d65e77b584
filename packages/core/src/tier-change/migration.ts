import * as z from 'zod';
import type { Tenant } from '../tenant/tenant.ts';
import { type TierName, tierCatalogue, tierNames } from '../tier/catalogue.ts';
import { type MigrationPhase, migrationPhases } from './phases.ts';

export const migrationSchema = z.object({
  /** Of the newest request about the change: an execution for an older one ends without effect. */
  changeId: z.string(),
  /** Counts the changes of tier of a tenant: whose steps a timeline shows. */
  number: z.int().positive(),
  from: z.enum(tierNames),
  to: z.enum(tierNames),
  phase: z.enum(migrationPhases),
  since: z.string(),
  /** When the present phase began. */
  phaseSince: z.string(),
  /** Why it came to a halt, or is undone. */
  problem: z.string().optional(),
});
export type Migration = z.infer<typeof migrationSchema>;

/** What a change of tier means for where the data lies. */
export type Way = 'toSilo' | 'toPool' | 'resize';

export function wayOf({ from, to }: { readonly from: TierName; readonly to: TierName }): Way {
  const [before, after] = [tierCatalogue[from].isolation, tierCatalogue[to].isolation];
  if (before === after) return 'resize';
  return after === 'silo' ? 'toSilo' : 'toPool';
}

/** Whether events are written to both places. */
export const isMirroring = ({ migration }: Pick<Tenant, 'migration'>): boolean =>
  migration !== undefined &&
  wayOf(migration) !== 'resize' &&
  (migration.phase === 'mirroring' || migration.phase === 'switched');

/** The tier that a silo is to be built for: the new one while a change goes forward. */
export const siloTier = ({ tier, migration }: Pick<Tenant, 'tier' | 'migration'>): TierName =>
  migration?.phase === 'preparing' || migration?.phase === 'mirroring' ? migration.to : tier;

/** Whether the phase can still be left by undoing the change. */
export const canUndo = (phase: MigrationPhase): boolean =>
  phase === 'preparing' || phase === 'mirroring' || phase === 'undoing';

/** What is erased in the end: of the place that does not serve. */
export function erasedPlace({
  migration,
  isolation,
}: Pick<Tenant, 'migration' | 'isolation'>): 'silo' | 'pool' | 'none' {
  if (!migration || wayOf(migration) === 'resize') return 'none';
  return isolation === 'pool' ? 'silo' : 'pool';
}
