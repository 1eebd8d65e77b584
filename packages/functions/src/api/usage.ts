import { findSubscription } from '@tenantry/core/billing/subscription';
import { usageCatalogueOf } from '@tenantry/core/usage/terms';
import { viewUsage } from '@tenantry/core/usage/usage-view';
import { createApi } from '../middleware/api.ts';
import { createScope } from '../scoped/scope.ts';

export const handler = createApi('usage', createScope('api/usage'), {
  getUsage: async ({ tenant, scoped, query, now }) => {
    const subscription = await findSubscription(scoped['tenant-member'].Control, tenant.tenantId);
    const periodEnd = subscription?.currentPeriodEnd ? new Date(subscription.currentPeriodEnd) : undefined;
    const catalogue = usageCatalogueOf(tenant.tier);
    return viewUsage(scoped['tenant-usage'].Usage, tenant, query, { now, periodEnd, catalogue });
  },
});
