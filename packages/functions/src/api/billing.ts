import { openCheckout } from '@tenantry/core/billing/checkout';
import { findSubscription } from '@tenantry/core/billing/subscription';
import { DomainError } from '@tenantry/core/errors/domain-error';
import { readMember } from '@tenantry/core/identity/membership';
import { payWithinMs } from '@tenantry/core/tenant/registration';
import { tierCatalogue } from '@tenantry/core/tier/catalogue';
import { readEnvironment, required } from '../environment.ts';
import { createApi } from '../middleware/api.ts';
import { scopedControl } from '../scoped/control.ts';
import { stripeFromEnvironment } from '../stripe.ts';

const { SITE_URL } = readEnvironment({ SITE_URL: required });
const stripe = stripeFromEnvironment();
const controlOf = scopedControl();

export const handler = createApi(
  'billing',
  { controlOf },
  {
    createCheckout: async ({ tenant, actor, now, requestId }) => {
      const { tenantId, tier } = tenant;
      const { email } = await readMember(controlOf({ tenantId, requestId }), tenantId, actor.userId);
      const payBy = new Date(Date.parse(tenant.createdAt) + payWithinMs);
      const { url } = await openCheckout(stripe, { tenantId, tier, email, payBy, siteUrl: SITE_URL, now });
      return { checkoutUrl: url };
    },
    getSubscription: async ({ tenant: { tenantId, tier }, requestId }) => {
      const subscription = await findSubscription(controlOf({ tenantId, requestId }), tenantId);
      if (!subscription) throw new DomainError('not_found', 'There is no subscription yet.');
      const { amount, currency } = tierCatalogue[tier].price;
      return {
        tier,
        price: { amount, currency },
        status: subscription.status,
        currentPeriodEnd: subscription.currentPeriodEnd,
      };
    },
  },
);
