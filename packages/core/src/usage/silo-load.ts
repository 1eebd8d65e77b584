import type { Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';
import { endOfHour, type Hour, hourOf } from './hours.ts';
import { readHours } from './read.ts';

const HOUR_MS = 3_600_000;
const MINUTES = 60;
const HOURS_LOOKED_AT = 7 * 24;

/** How busy a silo is, and since when it is not. */
export interface SiloLoad {
  /** Recommendations a minute, in the newest hour that is over. */
  readonly perMinute: number;
  /** RFC 3339, to the hour; null while it is busy. After a week without any, a week ago. */
  readonly idleSince: string | null;
}

/** @param served recommendations by the hour, of the last week; hours without any are left out */
export function siloLoadOf(served: ReadonlyMap<Hour, number>, now: Date): SiloLoad {
  const lastHour = hourOf(new Date(now.getTime() - HOUR_MS));
  const busy = [...served].filter(([, lists]) => lists > 0).map(([hour]) => hour);
  const newest = busy.toSorted().at(-1);
  const weekAgo = new Date(now.getTime() - HOURS_LOOKED_AT * HOUR_MS);
  return {
    perMinute: (served.get(lastHour) ?? 0) / MINUTES,
    idleSince: newest && newest >= lastHour ? null : (newest ? endOfHour(newest) : weekAgo).toISOString(),
  };
}

/** The same, from what was metered of a company. The present hour counts once any of it is counted. */
export async function readSiloLoad(usage: Table, tenantId: TenantId, now: Date): Promise<SiloLoad> {
  const first = hourOf(new Date(now.getTime() - HOURS_LOOKED_AT * HOUR_MS));
  return siloLoadOf(await readHours(usage, tenantId, 'recommendations_served', { first, last: hourOf(now) }), now);
}
