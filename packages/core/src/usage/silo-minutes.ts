import { servedStatuses } from '../tenant/status.ts';
import type { Tenant } from '../tenant/tenant.ts';
import { type Hour, idsByHour } from './hours.ts';

const MINUTE_MS = 60_000;
/** So many runs of the job may fail before time is lost. */
const LOOK_BACK_MS = 60 * MINUTE_MS;

/**
 * The minutes in which a tenant's silo was there, as far as its row shows them now: since the row last changed, and an hour back at
 * most. A suspended silo has no replicas and does not count. Looked at every ten minutes, the minutes overlap and count once; what lay
 * between the last look and a suspension or a move is not charged.
 */
export function siloMinutes(tenant: Tenant, now: Date): ReadonlyMap<Hour, readonly string[]> {
  const serves = (servedStatuses as readonly string[]).includes(tenant.status);
  if (tenant.isolation !== 'silo' || !serves || !tenant.siloEndpoint) return new Map();
  const since = Math.max(Date.parse(tenant.changedAt ?? tenant.createdAt), now.getTime() - LOOK_BACK_MS);
  const first = Math.ceil(since / MINUTE_MS);
  const count = Math.max(0, Math.floor(now.getTime() / MINUTE_MS) - first);
  const minutes = Array.from({ length: count }, (_, i) => new Date((first + i) * MINUTE_MS));
  return idsByHour(minutes.map((at) => ({ id: at.toISOString().slice(0, 16), at })));
}
