import { isTenantId, type TenantId } from '../../ids/id.ts';
import type { Tenant } from '../../tenant/tenant.ts';
import type { Drift } from '../drift.ts';
import { expectedOf } from '../expected.ts';
import { inBatches, type Look } from '../look.ts';
import type { ChargedSubscription } from '../ports.ts';

/** As Stripe calls them; who is past due is still served for a while, and the billing sees to it. */
const paid: ReadonlySet<string> = new Set(['active', 'trialing', 'past_due']);

/** Subscriptions that charge nobody who is served, and tenants who are served and not charged. */
export async function checkSubscriptions(
  look: Look,
  subscriptions: readonly ChargedSubscription[],
): Promise<readonly Drift[]> {
  look.count('subscription', subscriptions.length);
  const paying = new Set<TenantId>();
  const drifts: Drift[] = [];
  for (const subscription of subscriptions) {
    const { tenantId, status, subscriptionId: resource, end } = subscription;
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
        look.cloud.reviewBilling(tenant.tenantId),
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
  return [...drifts, ...(await checkStates(look))];
}

/** What Stripe is asked about at once. */
const AT_ONCE = 4;

/** Companies whose billing here is not what Stripe holds: an event that never came, or was lost. */
async function checkStates(look: Look): Promise<readonly Drift[]> {
  const { cloud, tenants } = look;
  const asked = [...tenants.values()].filter(
    (tenant) => !['none', 'unpaid'].includes(expectation(tenant)) && look.isSettled(tenant),
  );
  return inBatches(asked, AT_ONCE, async (tenant): Promise<readonly Drift[]> => {
    const { tenantId } = tenant;
    const problem = await cloud.billingDifference(tenant);
    if (!problem) return [];
    const remedy = cloud.reviewBilling(tenantId);
    const holds = async (now: Tenant | undefined) =>
      now !== undefined && (await cloud.billingDifference(now)) !== undefined;
    return [{ kind: 'subscription', resource: tenantId, tenantId, problem, remedy, holds }];
  });
}

const expectation = (tenant: Tenant | undefined) => expectedOf(tenant).subscription;
