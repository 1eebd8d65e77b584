/**
 * Fields that the types of the `stripe` package demand and the description of stripe-mock leaves out: it is two months older than the version
 * that the package speaks, and silent on what Stripe has retired but still sends.
 */
const typedOnly = [
  'charge.source',
  'checkout.session.allowed_payment_method_types',
  'dispute.intended_submission_method',
  'dispute_evidence_details.submission_method',
  'payment_intent.payment_record',
  'payment_intent.source',
  'payment_method_details_card.electronic_commerce_indicator',
  'portal_features.subscription_pause',
  'product.tax_details',
  'product.type',
  'recurring.trial_period_days',
  'subscription_item.current_trial',
  'subscription_item.plan',
  'subscriptions_resource_trial_settings_end_behavior.billing_cycle_anchor',
];

/** Where the local Stripe is right not to be as the description says. */
export const differences: ReadonlySet<string> = new Set(typedOnly.map((field) => `${field}: is not described`));
