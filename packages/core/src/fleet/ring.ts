import type { Actor } from '../actor/actor.ts';
import { DomainError } from '../errors/domain-error.ts';
import { changeTenant, type TenantTables } from '../tenant/change.ts';
import type { RolloutWish, Tenant } from '../tenant/tenant.ts';

/**
 * Says how rollouts treat a silo: `canary` gets new versions first; a pinned one keeps the version that it has.
 * @param options.current the version of silos of which none is known
 * @throws {DomainError} `illegal_transition` for a tenant without a silo, `conflict`
 */
export async function setRing(
  tables: TenantTables,
  tenant: Tenant,
  options: {
    readonly ring: 'canary' | null;
    readonly pinned: boolean;
    readonly current: string;
    readonly actor: Actor;
    readonly at: Date;
    /** For the audit log. */
    readonly why: string;
  },
): Promise<Tenant> {
  const { ring, pinned, current, actor, at, why } = options;
  if (tenant.isolation !== 'silo') throw new DomainError('illegal_transition', 'The company has no silo.');
  const version = tenant.rollout?.pinned ?? tenant.siloVersion ?? current;
  const wish: RolloutWish = { ...(ring ? { ring } : {}), ...(pinned ? { pinned: version } : {}) };
  return changeTenant(tables, tenant, {
    set: { rollout: Object.keys(wish).length > 0 ? wish : null },
    actor,
    at,
    why,
    audit: { action: 'silo.ring', details: { ring: ring ?? 'none', pinned: pinned ? version : 'no' } },
  });
}
