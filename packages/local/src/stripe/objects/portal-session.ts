import type Stripe from 'stripe';
import type { Work } from '../billing/work.ts';

export function newPortalSession(
  work: Work,
  given: {
    customer: string;
    returnUrl: string | null;
    locale: Stripe.BillingPortal.Session.Locale | null;
    token: string;
  },
): Stripe.BillingPortal.Session {
  return {
    id: work.id('billing_portal.session'),
    object: 'billing_portal.session',
    configuration: 'bpc_local',
    created: work.now,
    customer: given.customer,
    customer_account: null,
    flow: null,
    livemode: false,
    locale: given.locale,
    on_behalf_of: null,
    return_url: given.returnUrl,
    url: `${work.baseUrl}/p/session/${given.token}`,
  };
}
