import type { Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';
import { findBilling } from './billing-row.ts';

/** The subscription of a company that counts, as the last review found it. */
export interface Subscription {
  readonly customerId: string;
  readonly subscriptionId: string;
  /** As Stripe calls it. */
  readonly status: string;
  readonly currentPeriodEnd: string | null;
}

/** Undefined for a company that never paid. */
export async function findSubscription(control: Table, tenantId: TenantId): Promise<Subscription | undefined> {
  const row = await findBilling(control, tenantId);
  const subscription = row?.state?.subscription;
  if (!row || !subscription) return undefined;
  const { subscriptionId, status, currentPeriodEnd } = subscription;
  return { customerId: row.customerId, subscriptionId, status, currentPeriodEnd };
}
