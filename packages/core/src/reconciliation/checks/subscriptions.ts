import { isTenantId, type TenantId } from '../../ids/id.ts';
import type { Tenant } from '../../tenant/tenant.ts';
import type { Drift } from '../drift.ts';
import { expectedOf } from '../expected.ts';
import type { Look } from '../look.ts';
import type { ChargedSubscription } from '../ports.ts';

const paid: ReadonlySet<string> = new Set(['active', 'trialing']);

/** Subscriptions that charge nobody who is served, and tenants who are served and not charged. */
export async function checkSubscriptions(
  look: Look,
  subscriptions: readonly ChargedSubscription[],
): Promise<readonly Drift[]> {
  look.count('subscription', subscriptions.length);
  const paying = new Set<TenantId>();
  const drifts: Drift[] = [];
  for (const subscription of subscriptions) {
    const { tenantId, status, subscriptionId: resource, end, review } = subscription;
    // Somebody else's: the account may charge for other things too.
    if (tenantId === undefined) continue;
    const known = isTenantId(tenantId) ? tenantId : null;
    const tenant = known ? look.tenants.get(known) : undefined;
    if (known && paid.has(status)) paying.add(known);
    const drift = (problem: string, remedy: Drift['remedy'], holds: Drift['holds']) =>
      drifts.push({ kind: 'subscription', resource, tenantId: known, problem, remedy, holds });
    if (!tenant) {
      // Stages may share an account of Stripe, so it is not for this one to end.
      const command = `Unless another stage knows the company: ${end.command}`;
      drift('The subscription charges a company that no row knows.', { command }, (now) => now === undefined);
    } else if (expectation(tenant) === 'none') {
      drift('The subscription charges a company that is deleted.', end, (now) => expectation(now) === 'none' && !!now);
    } else if (expectation(tenant) === 'unpaid' && paid.has(status)) {
      drift(
        'The company has paid and waits to be provisioned.',
        review(tenant.tenantId),
        (now) => expectation(now) === 'unpaid',
      );
    }
  }
  for (const tenant of look.tenants.values()) {
    const { tenantId } = tenant;
    if (expectation(tenant) !== 'paid' || paying.has(tenantId)) continue;
    drifts.push({
      kind: 'subscription',
      resource: tenantId,
      tenantId,
      problem: 'The company is served, and no subscription of it is paid.',
      remedy: { command: `Ask the company, or suspend it: POST /v1/operator/tenants/${tenantId}/suspension` },
      holds: (now) => expectation(now) === 'paid',
    });
  }
  return drifts;
}

const expectation = (tenant: Tenant | undefined) => expectedOf(tenant).subscription;
