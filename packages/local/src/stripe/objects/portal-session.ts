import type Stripe from 'stripe';
import type { Work } from '../billing/work.ts';

export function newPortalSession(
  work: Work,
  given: {
    configuration: string;
    customer: string;
    flow: Stripe.BillingPortal.Session.Flow | null;
    returnUrl: string | null;
    locale: Stripe.BillingPortal.Session.Locale | null;
    token: string;
  },
): Stripe.BillingPortal.Session {
  return {
    id: work.id('billing_portal.session'),
    object: 'billing_portal.session',
    configuration: given.configuration,
    created: work.now,
    customer: given.customer,
    customer_account: null,
    flow: given.flow,
    livemode: false,
    locale: given.locale,
    on_behalf_of: null,
    return_url: given.returnUrl,
    url: `${work.baseUrl}/p/session/${given.token}`,
  };
}
