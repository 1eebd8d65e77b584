import type Stripe from 'stripe';
import type { Work } from '../billing/work.ts';

type Features = Stripe.BillingPortal.Configuration.Features;

/** What a customer may do unless the seller has configured it: all but switching to another price. */
export const defaultFeatures: Features = {
  customer_update: { allowed_updates: ['address', 'email', 'name'], enabled: true },
  invoice_history: { enabled: true },
  payment_method_update: { enabled: true, payment_method_configuration: null },
  subscription_cancel: {
    cancellation_reason: { enabled: false, feedback_options: null, options: [] },
    enabled: true,
    mode: 'at_period_end',
    proration_behavior: 'none',
  },
  subscription_pause: { duration: { interval_options: [], type: 'indefinite' }, enabled: false },
  subscription_update: {
    billing_cycle_anchor: null,
    default_allowed_updates: [],
    enabled: false,
    proration_behavior: 'create_prorations',
    schedule_at_period_end: { conditions: [] },
    trial_update_behavior: 'continue_trial',
  },
};

export function newPortalConfiguration(
  work: Work,
  given: Pick<
    Stripe.BillingPortal.Configuration,
    'business_profile' | 'default_return_url' | 'features' | 'is_default' | 'metadata' | 'name'
  >,
): Stripe.BillingPortal.Configuration {
  return {
    id: work.id('billing_portal.configuration'),
    object: 'billing_portal.configuration',
    active: true,
    application: null,
    business_profile: given.business_profile,
    created: work.now,
    default_return_url: given.default_return_url,
    features: given.features,
    is_default: given.is_default,
    livemode: false,
    login_page: { enabled: false, url: null },
    metadata: given.metadata,
    name: given.name,
    updated: work.now,
  };
}
