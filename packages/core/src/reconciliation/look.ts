import type { Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { Drift } from './drift.ts';
import type { DriftKind } from './kinds.ts';
import type { Cloud } from './ports.ts';

/** What every check is given. */
export interface Look {
  readonly cloud: Cloud;
  readonly control: Table;
  readonly at: Date;
  /** As they were read after the parts, so that what was built meanwhile has its tenant. */
  readonly tenants: ReadonlyMap<TenantId, Tenant>;
  /** Whether nothing can be under way any more that the tenant's last change began. */
  isSettled(tenant: Tenant): boolean;
  /** Counts what was looked at. */
  count(kind: DriftKind, number?: number): void;
  /** Builds again what an active tenant's silo lacks: one execution of its onboarding by its name, however much it lacks. */
  rebuild(tenant: Tenant): Drift['remedy'];
  /** Takes back anew what a failed tenant's onboarding had made: one execution, however much there is. */
  takeBack(tenant: Tenant): Drift['remedy'];
  /** A new name for an execution that does again what another has not ended. */
  again(name: string): string;
}

/** Works on everything, a few at a time. */
export async function inBatches<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<readonly R[]>,
): Promise<readonly R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += atOnce) {
    results.push(...(await Promise.all(items.slice(start, start + atOnce).map(work))).flat());
  }
  return results;
}

/** Everything of a list. */
export async function collect<T>(list: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of list) all.push(item);
  return all;
}
