import type { Tenant } from '../tenant/tenant.ts';
import type { Rollout } from './rollout.ts';
import type { RolloutTenant } from './rollout-tenants.ts';

/** What operators see of a silo. @param current the version of silos of which none is known */
export const siloView = (tenant: Tenant, current: string) => ({
  tenantId: tenant.tenantId,
  slug: tenant.slug,
  tier: tenant.tier,
  status: tenant.status,
  version: tenant.siloVersion ?? current,
  ring: tenant.rollout?.ring ?? null,
  pinned: tenant.rollout?.pinned ?? null,
});

/** What they see of a rollout. */
export const rolloutView = (rollout: Rollout) => ({
  id: rollout.rolloutId,
  version: rollout.version,
  from: rollout.from,
  status: rollout.status,
  startedBy: rollout.startedBy,
  startedAt: rollout.startedAt,
  endedAt: rollout.endedAt ?? null,
  reason: rollout.reason ?? null,
  rolledBackBy: rollout.rolledBackBy ?? null,
});

export const rolloutDetailView = (rollout: Rollout, tenants: readonly RolloutTenant[]) => ({
  ...rolloutView(rollout),
  waves: rollout.waves ?? [],
  skipped: rollout.skipped ?? [],
  tenants: tenants.map(({ reason, endedAt, ...tenant }) => ({
    ...tenant,
    reason: reason ?? null,
    endedAt: endedAt ?? null,
  })),
});
