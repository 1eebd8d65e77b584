import type { Tenant } from '../tenant/tenant.ts';
import { type TierName, tierNames } from '../tier/catalogue.ts';
import { isSiloStatus, updatableStatuses } from './silo-status.ts';

export interface WaveSettings {
  /** How many tenants go first where none is in the canary ring. */
  readonly canaries: number;
  /** Most tenants of a tier that are changed at once. */
  readonly batchSizes: Readonly<Record<TierName, number>>;
}

/** Small steps where a fault costs most. */
export const waveSettings: WaveSettings = {
  canaries: 1,
  batchSizes: { standard: 20, premium: 10, enterprise: 3 },
};

export type PlannedTenant = Pick<
  Tenant,
  'tenantId' | 'tier' | 'status' | 'isolation' | 'siloVersion' | 'rollout' | 'createdAt'
>;

export interface Wave {
  /** `canary`, or the tier of its tenants. */
  readonly name: string;
  readonly tenantIds: readonly Tenant['tenantId'][];
}

export interface Skipped {
  readonly tenantId: Tenant['tenantId'];
  readonly reason: string;
}

export interface Plan {
  readonly waves: readonly Wave[];
  /** Silos that do not get the version, each with the reason. */
  readonly skipped: readonly Skipped[];
}

/** Why a silo is left as it is, in a sentence; undefined when it gets the version. */
export function reasonToSkip(tenant: Pick<Tenant, 'status' | 'rollout'>, version: string): string | undefined {
  const { status, rollout } = tenant;
  if (!updatableStatuses.some((one) => one === status)) return `The company is ${status}.`;
  if (rollout?.pinned && rollout.pinned !== version) return `It is pinned to ${rollout.pinned}.`;
  return undefined;
}

/**
 * Who gets a version when: the canary ring first, or the longest registered tenants of the cheapest tier where nobody is in it; then batches, tier
 * after tier from the cheapest up. Silos that run the version already are in no wave. The same tenants in any order give the same plan.
 * @param current the version of silos of which none is known
 */
export function planWaves(
  tenants: readonly PlannedTenant[],
  { version, current }: { readonly version: string; readonly current: string },
  { canaries, batchSizes }: WaveSettings = waveSettings,
): Plan {
  const silos = tenants
    .filter(({ isolation, status }) => isolation === 'silo' && isSiloStatus(status))
    .sort((a, b) => (a.tenantId < b.tenantId ? -1 : 1));
  const skipped: Skipped[] = [];
  const due: PlannedTenant[] = [];
  for (const tenant of silos) {
    const reason = reasonToSkip(tenant, version);
    if (reason) skipped.push({ tenantId: tenant.tenantId, reason });
    else if ((tenant.siloVersion ?? current) !== version) due.push(tenant);
  }
  const byTier = tierNames.flatMap((tier) => due.filter((tenant) => tenant.tier === tier));
  const ring = byTier.filter(({ rollout }) => rollout?.ring === 'canary');
  const first = ring.length > 0 ? ring : byTier.slice(0, canaries);
  const rest = byTier.filter((tenant) => !first.includes(tenant));
  const wave = (name: string, members: readonly PlannedTenant[]): Wave => ({
    name,
    tenantIds: members.map(({ tenantId }) => tenantId),
  });
  const batches = tierNames.flatMap((tier) => {
    const members = rest.filter((tenant) => tenant.tier === tier);
    const size = batchSizes[tier];
    return Array.from({ length: Math.ceil(members.length / size) }, (_, index) =>
      wave(tier, members.slice(index * size, (index + 1) * size)),
    );
  });
  return { waves: [...(first.length > 0 ? [wave('canary', first)] : []), ...batches], skipped };
}
