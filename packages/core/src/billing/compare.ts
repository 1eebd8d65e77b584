import type Stripe from 'stripe';
import type { Table } from '../control/table.ts';
import type { Tenant } from '../tenant/tenant.ts';
import { consequenceOf } from './act.ts';
import { findBilling } from './billing-row.ts';
import type { Consequence } from './consequence.ts';
import { billingStateOf } from './state.ts';
import { readStripe } from './stripe-view.ts';

/** Consequences that would change a tenant in that status. */
const missing: Readonly<Partial<Record<Consequence, (tenant: Tenant) => boolean>>> = {
  provision: () => true,
  align: ({ migration }) => !migration,
  suspend: ({ status }) => status === 'active',
  deactivate: ({ status }) => status !== 'deactivating',
  reactivate: ({ suspension }) => suspension?.by === 'billing' && suspension.wanted === 'suspended',
  restore: ({ deactivation }) => deactivation?.by === 'billing',
};

/**
 * What is different between a company's billing here and at Stripe, in a sentence; undefined when nothing is, or the company has no
 * customer.
 */
export async function billingDifference(stripe: Stripe, control: Table, tenant: Tenant): Promise<string | undefined> {
  const row = await findBilling(control, tenant.tenantId);
  // What is being deleted for good is not reviewed any more: its subscription ends with it.
  if (!row || tenant.status === 'deleted' || tenant.deactivation?.final) return undefined;
  const state = billingStateOf(await readStripe(stripe, row.customerId), tenant.tier);
  if (JSON.stringify(state) !== JSON.stringify(row.state ?? state)) {
    return `The billing is saved as ${row.state?.standing}, and Stripe has it ${state.standing}, or in another detail different.`;
  }
  const consequence = consequenceOf(state, tenant);
  return missing[consequence]?.(tenant) ? `The company stands ${state.standing} and is ${tenant.status}.` : undefined;
}
