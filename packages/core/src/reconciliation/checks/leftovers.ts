import { onboardingSteps } from '../../provisioning/steps.ts';
import type { Tenant } from '../../tenant/tenant.ts';
import type { Drift } from '../drift.ts';
import type { Look } from '../look.ts';

/** What a failed onboarding had made, and remembered that it could not take it back. What it kept since it holds data is none of it. */
export function checkLeftovers(look: Look): readonly Drift[] {
  const found = [...look.tenants.values()].filter((tenant) => leftOf(tenant).length > 0);
  look.count('leftovers', found.length);
  return found.map((tenant) => ({
    kind: 'leftovers',
    resource: tenant.tenantId,
    tenantId: tenant.tenantId,
    problem: `Of an onboarding that failed is left: ${leftOf(tenant)
      .map((step) => `“${onboardingSteps[step].title}”`)
      .join(', ')}. ${tenant.compensation?.problem ?? ''}`.trim(),
    remedy: look.takeBack(tenant),
    holds: (now) => leftOf(now).length > 0,
  }));
}

const leftOf = (tenant: Tenant | undefined) => (tenant?.status === 'failed' ? (tenant.compensation?.left ?? []) : []);
