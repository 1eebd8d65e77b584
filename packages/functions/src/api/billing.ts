import { findBilling } from '@tenantry/core/billing/billing-row';
import { switchInterval } from '@tenantry/core/billing/interval';
import { invoicePage } from '@tenantry/core/billing/invoices';
import { openPortal } from '@tenantry/core/billing/portal';
import { previewPlan } from '@tenantry/core/billing/preview';
import { reopenCheckout } from '@tenantry/core/billing/reopen-checkout';
import { findSubscription, type Subscription } from '@tenantry/core/billing/subscription';
import { billingView } from '@tenantry/core/billing/view';
import type { Table } from '@tenantry/core/control/table';
import { DomainError } from '@tenantry/core/errors/domain-error';
import type { TenantId } from '@tenantry/core/ids/id';
import { tierCatalogue, tierNamed } from '@tenantry/core/tier/catalogue';
import { readEnvironment, required } from '../environment.ts';
import { createApi } from '../middleware/api.ts';
import { createScope } from '../scoped/scope.ts';
import { stripeFromEnvironment } from '../stripe.ts';

const { SITE_URL } = readEnvironment({ SITE_URL: required });
const stripe = stripeFromEnvironment();

async function subscriptionOf(registry: Table, tenantId: TenantId): Promise<Subscription> {
  const subscription = await findSubscription(registry, tenantId);
  if (!subscription) throw new DomainError('not_found', 'There is no subscription yet.');
  return subscription;
}

export const handler = createApi('billing', createScope('api/billing'), {
  getBilling: async ({ tenant, scoped }) =>
    billingView(await findBilling(scoped['tenant-member'].Control, tenant.tenantId)),
  createCheckout: async ({ tenant, scoped, now }) => {
    const control = scoped['tenant-billing'].Control;
    const { url } = await reopenCheckout({ control, stripe, siteUrl: SITE_URL, now }, tenant);
    return { checkoutUrl: url };
  },
  createPortal: async ({ tenant, scoped }) => {
    const { customerId } = await subscriptionOf(scoped['tenant-member'].Control, tenant.tenantId);
    return { portalUrl: await openPortal(stripe, customerId, `${SITE_URL}/billing`) };
  },
  previewPlan: async ({ tenant, scoped, body }) => {
    const subscription = await subscriptionOf(scoped['tenant-member'].Control, tenant.tenantId);
    const tier = body.tier === undefined ? tenant.tier : tierNamed(body.tier).name;
    return previewPlan(stripe, subscription, { tier, interval: body.interval });
  },
  changeInterval: async ({ tenant, actor, scoped, body, now }) => {
    const subscription = await subscriptionOf(scoped['tenant-member'].Control, tenant.tenantId);
    const { interval } = body;
    await switchInterval(stripe, scoped['tenant-billing'].Audit, { tenant, subscription, interval, actor, at: now });
    return { interval };
  },
  listInvoices: async ({ tenant, scoped, query }) => {
    const row = await findBilling(scoped['tenant-member'].Control, tenant.tenantId);
    return row ? invoicePage(stripe, row.customerId, query) : { invoices: [], cursor: null };
  },
  getSubscription: async ({ tenant: { tenantId, tier }, scoped }) => {
    const registry = scoped['tenant-member'].Control;
    const { status, currentPeriodEnd } = await subscriptionOf(registry, tenantId);
    const plan = (await findBilling(registry, tenantId))?.state?.subscription?.plan;
    const { interval, currency } = plan ?? ({ interval: 'month', currency: 'usd' } as const);
    return {
      tier,
      price: { amount: tierCatalogue[tier].price[interval][currency], currency },
      status,
      currentPeriodEnd,
    };
  },
});
