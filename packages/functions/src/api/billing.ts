import { reopenCheckout } from '@tenantry/core/billing/reopen-checkout';
import { findSubscription } from '@tenantry/core/billing/subscription';
import { DomainError } from '@tenantry/core/errors/domain-error';
import { readMember } from '@tenantry/core/identity/membership';
import { tierCatalogue } from '@tenantry/core/tier/catalogue';
import { readEnvironment, required } from '../environment.ts';
import { createApi } from '../middleware/api.ts';
import { createScope } from '../scoped/scope.ts';
import { stripeFromEnvironment } from '../stripe.ts';

const { SITE_URL } = readEnvironment({ SITE_URL: required });
const stripe = stripeFromEnvironment();

export const handler = createApi('billing', createScope('api/billing'), {
  createCheckout: async ({ tenant, actor, scoped, now }) => {
    const { email } = await readMember(scoped['tenant-member'].Control, tenant.tenantId, actor.userId);
    const control = scoped['tenant-billing'].Control;
    const { url } = await reopenCheckout({ control, stripe, siteUrl: SITE_URL, now }, tenant, email);
    return { checkoutUrl: url };
  },
  getSubscription: async ({ tenant: { tenantId, tier }, scoped }) => {
    const subscription = await findSubscription(scoped['tenant-member'].Control, tenantId);
    if (!subscription) throw new DomainError('not_found', 'There is no subscription yet.');
    const { amount, currency } = tierCatalogue[tier].price;
    return {
      tier,
      price: { amount, currency },
      status: subscription.status,
      currentPeriodEnd: subscription.currentPeriodEnd,
    };
  },
});
