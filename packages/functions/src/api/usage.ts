import { findBilling } from '@tenantry/core/billing/billing-row';
import { usageCatalogueOf, usualPlan } from '@tenantry/core/usage/terms';
import { viewUsage } from '@tenantry/core/usage/usage-view';
import { createApi } from '../middleware/api.ts';
import { createScope } from '../scoped/scope.ts';

export const handler = createApi('usage', createScope('api/usage'), {
  getUsage: async ({ tenant, scoped, query, now }) => {
    const subscription = (await findBilling(scoped['tenant-member'].Control, tenant.tenantId))?.state?.subscription;
    const periodEnd = subscription?.currentPeriodEnd ? new Date(subscription.currentPeriodEnd) : undefined;
    const catalogue = usageCatalogueOf(subscription?.plan ?? { ...usualPlan, tier: tenant.tier });
    return viewUsage(scoped['tenant-usage'].Usage, tenant, query, { now, periodEnd, catalogue });
  },
});
