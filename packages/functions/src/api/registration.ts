import { openCheckout } from '@tenantry/core/billing/checkout';
import { reopenCheckout } from '@tenantry/core/billing/reopen-checkout';
import { registerTenant } from '@tenantry/core/tenant/registration';
import { tenantView } from '@tenantry/core/tenant/tenant';
import { readEnvironment, required } from '../environment.ts';
import { logTenant } from '../logging.ts';
import { createApi } from '../middleware/api.ts';
import { ownDynamo } from '../scoped/dynamo.ts';
import { stripeFromEnvironment } from '../stripe.ts';

const environment = readEnvironment({ CONTROL_TABLE: required, AUDIT_TABLE: required, SITE_URL: required });
const tables = {
  control: { client: ownDynamo(), name: environment.CONTROL_TABLE },
  auditTable: environment.AUDIT_TABLE,
};
const stripe = stripeFromEnvironment();

export const handler = createApi(
  'registration',
  {},
  {
    registerTenant: async ({ actor, body, now }) => {
      const { tenant, checkout } = await registerTenant(tables, body, {
        actor,
        at: now,
        openCheckout: (request) => openCheckout(stripe, { ...request, siteUrl: environment.SITE_URL, now }),
        reopenCheckout: (tenant, email) =>
          reopenCheckout({ control: tables.control, stripe, siteUrl: environment.SITE_URL, now }, tenant, email),
      });
      logTenant(tenant.tenantId);
      return { tenant: tenantView(tenant), checkoutUrl: checkout.url };
    },
  },
);
