import { openCheckout } from '@tenantry/core/billing/checkout';
import { createCustomer } from '@tenantry/core/billing/customer';
import { reopenCheckout } from '@tenantry/core/billing/reopen-checkout';
import { DomainError } from '@tenantry/core/errors/domain-error';
import { registerTenant } from '@tenantry/core/tenant/registration';
import { slugState } from '@tenantry/core/tenant/slug-availability';
import { tenantView } from '@tenantry/core/tenant/tenant';
import { readEnvironment, required } from '../environment.ts';
import { log, logTenant } from '../logging.ts';
import { createApi } from '../middleware/api.ts';
import { RecentCalls } from '../recent-calls.ts';
import { ownTables } from '../scoped/own-tables.ts';
import { stripeFromEnvironment } from '../stripe.ts';

const { SITE_URL } = readEnvironment({ SITE_URL: required });
const { Control: control, Audit: audit } = ownTables('api/registration');
const stripe = stripeFromEnvironment();

const checks = new RecentCalls({ most: 20, withinMs: 10_000 });

export const handler = createApi('registration', undefined, {
  checkSlug: async ({ actor, params: { slug }, now }) => {
    if (!checks.take(actor.userId, now.getTime())) {
      throw new DomainError('rate_limited', 'Too many addresses at a time; wait a few seconds.', {
        retryAfterSeconds: 10,
      });
    }
    return { slug, state: await slugState(control, slug) };
  },
  registerTenant: async ({ actor, body, now }) => {
    let customerId: string | undefined;
    try {
      const { tenant, checkout } = await registerTenant({ control, auditTable: audit.name }, body, {
        actor,
        at: now,
        openCheckout: async (request) => {
          customerId = (await createCustomer(stripe, request)).id;
          const page = { ...request, customerId, returnUrl: `${SITE_URL}/onboarding`, now };
          return { ...(await openCheckout(stripe, page)), customerId };
        },
        reopenCheckout: (tenant) => reopenCheckout({ control, stripe, siteUrl: SITE_URL, now }, tenant, body),
      });
      logTenant(tenant.tenantId);
      return { tenant: tenantView(tenant), checkoutUrl: checkout.url };
    } catch (error) {
      // Its payment page cannot be paid any more either.
      if (customerId)
        await stripe.customers.del(customerId).catch((cause: unknown) => log.error('a customer is left', cause));
      throw error;
    }
  },
});
