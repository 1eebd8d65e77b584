import { openCheckout } from '@tenantry/core/billing/checkout';
import { reopenCheckout } from '@tenantry/core/billing/reopen-checkout';
import { registerTenant } from '@tenantry/core/tenant/registration';
import { tenantView } from '@tenantry/core/tenant/tenant';
import { readEnvironment, required } from '../environment.ts';
import { logTenant } from '../logging.ts';
import { createApi } from '../middleware/api.ts';
import { ownTables } from '../scoped/own-tables.ts';
import { stripeFromEnvironment } from '../stripe.ts';

const { SITE_URL } = readEnvironment({ SITE_URL: required });
const { Control: control, Audit: audit } = ownTables('api/registration');
const stripe = stripeFromEnvironment();

export const handler = createApi('registration', undefined, {
  registerTenant: async ({ actor, body, now }) => {
    const { tenant, checkout } = await registerTenant({ control, auditTable: audit.name }, body, {
      actor,
      at: now,
      openCheckout: (request) => openCheckout(stripe, { ...request, siteUrl: SITE_URL, now }),
      reopenCheckout: (tenant, email) => reopenCheckout({ control, stripe, siteUrl: SITE_URL, now }, tenant, email),
    });
    logTenant(tenant.tenantId);
    return { tenant: tenantView(tenant), checkoutUrl: checkout.url };
  },
});
