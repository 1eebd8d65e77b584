import type { SystemActor } from '../actor/actor.ts';
import { DomainError } from '../errors/domain-error.ts';
import { newId } from '../ids/id.ts';
import { type ChangeContext, changeTenant, type TenantTables } from '../tenant/change.ts';
import type { Tenant } from '../tenant/tenant.ts';
import { tierCatalogue, tierNamed } from '../tier/catalogue.ts';
import { canUndo, type Migration } from './migration.ts';
import type { MigrationPhase } from './phases.ts';

/**
 * How long after a change of phase somebody may still act by the one before: as long as cached answers of authorizers and requests
 * under way last.
 */
const SETTLES_AFTER_MS = 60_000;

export type MigratingTenant = Tenant & { readonly migration: Migration };

export const isMigrating = (tenant: Tenant): tenant is MigratingTenant => tenant.migration !== undefined;

const mover: SystemActor = { kind: 'system', name: 'tier-change' };

/** From when on everybody goes by the present phase. */
export const settledAt = ({ phaseSince }: Migration): Date => new Date(Date.parse(phaseSince) + SETTLES_AFTER_MS);

/**
 * Begins to change an active tenant's tier. The caller starts the state machine with what is returned. Asking for the same tier again gives the
 * same change.
 * @throws {DomainError} `unknown_tier`, `illegal_transition`, `conflict`
 */
export async function beginTierChange(
  tables: TenantTables,
  tenant: Tenant,
  to: string,
  context: ChangeContext,
): Promise<MigratingTenant> {
  const { name } = tierNamed(to);
  if (isMigrating(tenant)) {
    if (tenant.migration.to === name && tenant.migration.phase !== 'undoing') return tenant;
    throw new DomainError(
      'conflict',
      `The change from ${tenant.migration.from} to ${tenant.migration.to} is still under way; wait for it, or undo it first.`,
    );
  }
  if (tenant.tier === name) {
    throw new DomainError('conflict', `The company is ${name} already.`, {
      fields: [{ field: 'tier', message: 'must be another tier than the present one' }],
    });
  }
  const migration: Migration = {
    changeId: newId('change'),
    number: (tenant.tierChanges ?? 0) + 1,
    from: tenant.tier,
    to: name,
    phase: 'preparing',
    since: context.at.toISOString(),
    phaseSince: context.at.toISOString(),
  };
  const changed = await changeTenant(tables, tenant, {
    to: 'migrating',
    ...context,
    set: { migration, tierChanges: migration.number },
    audit: { action: 'tenant.tier.requested', details: { from: migration.from, to: migration.to } },
  });
  return { ...changed, migration };
}

/**
 * Takes a change of tier back, as long as the new place does not serve. The caller starts the state machine with what is returned.
 * @throws {DomainError} `illegal_transition` once the new place serves, `conflict`
 */
export async function undoTierChange(
  tables: TenantTables,
  tenant: Tenant,
  { actor, at, reason }: ChangeContext & { readonly reason?: string },
): Promise<MigratingTenant> {
  if (!isMigrating(tenant)) throw new DomainError('illegal_transition', 'There is no change of tier to undo.');
  const { phase, from, to } = tenant.migration;
  if (!canUndo(phase)) {
    throw new DomainError('illegal_transition', `The company is ${to} by now; ask for ${from} to go back.`);
  }
  const { problem: _, ...before } = tenant.migration;
  const migration: Migration = {
    ...before,
    changeId: newId('change'),
    phase: 'undoing',
    // An undo that came to a halt and is tried again has long settled.
    phaseSince: phase === 'undoing' ? before.phaseSince : at.toISOString(),
    ...(reason ? { problem: reason } : {}),
  };
  await changeTenant(tables, tenant, {
    set: { migration },
    actor,
    at,
    audit: { action: 'tenant.tier.undone', details: { from, to, ...(reason ? { reason } : {}) } },
  });
  return { ...tenant, migration };
}

/** Goes on with a change that came to a halt: the caller starts the state machine anew. @throws {DomainError} `illegal_transition`, `conflict` */
export async function resumeTierChange(
  tables: TenantTables,
  tenant: Tenant,
  context: ChangeContext,
): Promise<MigratingTenant> {
  if (!isMigrating(tenant)) throw new DomainError('illegal_transition', 'There is no change of tier under way.');
  const { problem: _, ...before } = tenant.migration;
  const migration: Migration = { ...before, changeId: newId('change') };
  const { from, to } = migration;
  await changeTenant(tables, tenant, {
    ...context,
    set: { migration },
    audit: { action: 'tenant.tier.resumed', details: { from, to } },
  });
  return { ...tenant, migration };
}

/** The next phase; `switched` makes the new tier count. Repeating it is safe. @throws {DomainError} `conflict` when there is a newer change */
export async function enterPhase(
  tables: TenantTables,
  tenant: MigratingTenant,
  phase: Exclude<MigrationPhase, 'preparing'>,
  at: Date,
  /** For the audit log; a `reason` is why the change is undone. */
  details: Readonly<Record<string, string | number>> & { readonly reason?: string } = {},
): Promise<MigratingTenant> {
  const before = tenant.migration;
  if (before.phase === phase) return tenant;
  const { reason } = details;
  const migration: Migration = {
    ...before,
    phase,
    phaseSince: at.toISOString(),
    ...(reason ? { problem: reason } : {}),
  };
  const { from, to } = migration;
  const changed = await changeTenant(tables, tenant, {
    ...(phase === 'switched'
      ? {
          to: 'active',
          set: {
            migration,
            tier: to,
            isolation: tierCatalogue[to].isolation,
            onboardedTo: tenant.onboardedTo ?? tenant.isolation,
          },
        }
      : { set: { migration } }),
    actor: mover,
    at,
    audit: {
      action: phase === 'switched' ? 'tenant.tier.changed' : `tenant.tier.${phase}`,
      details: { from, to, ...details },
    },
  });
  return { ...changed, migration };
}

/** Ends a change whose other place is erased: done, or undone. Repeating it is safe. @throws {DomainError} `conflict` */
export async function endTierChange(tables: TenantTables, tenant: MigratingTenant, at: Date): Promise<void> {
  const { phase, from, to, number } = tenant.migration;
  const undone = phase === 'undoing';
  await changeTenant(tables, tenant, {
    ...(undone && tenant.status === 'migrating' ? { to: 'active' } : {}),
    set: {
      migration: null,
      ...(tenant.isolation === 'pool' ? { siloEndpoint: null, siloAccessToken: null } : {}),
    },
    actor: mover,
    at,
    audit: {
      action: 'tenant.tier.ended',
      details: { from, to, number, outcome: undone ? 'undone' : 'done' },
    },
  });
}
