import { reopenCheckout } from '@tenantry/core/billing/reopen-checkout';
import { findSubscription } from '@tenantry/core/billing/subscription';
import { DomainError } from '@tenantry/core/errors/domain-error';
import { readMember } from '@tenantry/core/identity/membership';
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
      const control = controlOf({ tenantId: tenant.tenantId, requestId });
      const { email } = await readMember(control, tenant.tenantId, actor.userId);
      const { url } = await reopenCheckout({ control, stripe, siteUrl: SITE_URL, now }, tenant, email);
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
