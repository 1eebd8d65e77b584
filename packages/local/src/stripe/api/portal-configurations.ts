/** What the portal lets customers do. */

import type Stripe from 'stripe';
import * as z from 'zod';
import type { Work } from '../billing/work.ts';
import { defaultFeatures, newPortalConfiguration } from '../objects/portal-configuration.ts';
import { invalid } from '../wire/error.ts';
import { changeMetadata, clearable, flag, list, metadata, oneOf, paging, text, webUrl } from '../wire/params.ts';
import { listOf, type Route, route } from './route.ts';

type Configuration = Stripe.BillingPortal.Configuration;
type Features = Stripe.BillingPortal.Configuration.Features;

const enabled = { enabled: flag };
const prorationBehavior = oneOf('always_invoice', 'create_prorations', 'none');

const features = z.strictObject({
  customer_update: z
    .strictObject({ ...enabled, allowed_updates: list(oneOf('address', 'email', 'name')).optional() })
    .optional(),
  invoice_history: z.strictObject(enabled).optional(),
  payment_method_update: z.strictObject(enabled).optional(),
  subscription_cancel: z
    .strictObject({
      ...enabled,
      mode: oneOf('at_period_end', 'immediately').optional(),
      proration_behavior: oneOf('none').optional(),
    })
    .optional(),
  subscription_update: z
    .strictObject({
      ...enabled,
      default_allowed_updates: list(oneOf('price')).optional(),
      products: clearable(list(z.strictObject({ product: text(), prices: list(text()) }))).optional(),
      proration_behavior: prorationBehavior.optional(),
    })
    .optional(),
});

const shape = {
  business_profile: z
    .strictObject({
      headline: clearable(text(60)).optional(),
      privacy_policy_url: webUrl.optional(),
      terms_of_service_url: webUrl.optional(),
    })
    .optional(),
  default_return_url: clearable(webUrl).optional(),
  metadata: metadata.optional(),
  name: clearable(text(250)).optional(),
};

function readFeatures(work: Work, before: Features, given: z.infer<typeof features>): Features {
  const { customer_update, invoice_history, payment_method_update, subscription_cancel, subscription_update } = given;
  const products = subscription_update?.products ?? before.subscription_update.products ?? [];
  for (const { product, prices } of products) {
    work.store.require('product', product, 'features[subscription_update][products]');
    for (const price of prices) {
      const found = work.store.require('price', price, 'features[subscription_update][products]');
      if (found.product !== product || !found.recurring)
        throw invalid(
          `The price \`${price}\` is not a recurring price of \`${product}\`.`,
          'features[subscription_update][products]',
        );
    }
  }
  const canSwitch = subscription_update?.enabled ?? before.subscription_update.enabled;
  if (canSwitch && products.length === 0)
    throw invalid(
      'Switching needs the products that can be switched to.',
      'features[subscription_update][products]',
      'parameter_missing',
    );
  return {
    ...before,
    customer_update: {
      enabled: customer_update?.enabled ?? before.customer_update.enabled,
      allowed_updates: customer_update?.allowed_updates ?? before.customer_update.allowed_updates,
    },
    invoice_history: invoice_history ?? before.invoice_history,
    payment_method_update: { ...before.payment_method_update, ...payment_method_update },
    subscription_cancel: {
      ...before.subscription_cancel,
      enabled: subscription_cancel?.enabled ?? before.subscription_cancel.enabled,
      mode: subscription_cancel?.mode ?? before.subscription_cancel.mode,
    },
    subscription_update: {
      ...before.subscription_update,
      enabled: canSwitch,
      default_allowed_updates:
        subscription_update?.default_allowed_updates ?? before.subscription_update.default_allowed_updates,
      products: products.map(({ product, prices }) => ({
        adjustable_quantity: { enabled: false, maximum: null, minimum: 1 },
        prices,
        product,
      })),
      proration_behavior: subscription_update?.proration_behavior ?? before.subscription_update.proration_behavior,
    },
  };
}

/** Products are shown only when they are asked for by `expand`. */
export function showConfiguration(configuration: Configuration): Configuration {
  const { products: _, ...update } = configuration.features.subscription_update;
  return { ...configuration, features: { ...configuration.features, subscription_update: update } };
}

/** The configuration of sessions that name none: the first that was made, or Stripe's own. */
export function defaultConfiguration(work: Work): Configuration {
  const [found] = work.store.all('billing_portal.configuration', { is_default: true });
  if (found) return found;
  const made = newPortalConfiguration(work, {
    business_profile: { headline: null, privacy_policy_url: null, terms_of_service_url: null },
    default_return_url: null,
    features: defaultFeatures,
    is_default: true,
    metadata: {},
    name: null,
  });
  work.store.insert('billing_portal.configuration', made, {});
  return made;
}

export const portalConfigurationRoutes: readonly Route[] = [
  route('POST', '/v1/billing_portal/configurations', { ...shape, features }, (work, params) => {
    const none: Features = {
      ...defaultFeatures,
      customer_update: { allowed_updates: [], enabled: false },
      invoice_history: { enabled: false },
      payment_method_update: { enabled: false, payment_method_configuration: null },
      subscription_cancel: { ...defaultFeatures.subscription_cancel, enabled: false },
    };
    const made = newPortalConfiguration(work, {
      business_profile: {
        headline: params.business_profile?.headline ?? null,
        privacy_policy_url: params.business_profile?.privacy_policy_url ?? null,
        terms_of_service_url: params.business_profile?.terms_of_service_url ?? null,
      },
      default_return_url: params.default_return_url ?? null,
      features: readFeatures(work, none, params.features),
      is_default: false,
      metadata: changeMetadata({}, params.metadata),
      name: params.name ?? null,
    });
    work.store.insert('billing_portal.configuration', made, {});
    work.emit('billing_portal.configuration.created', showConfiguration(made));
    return showConfiguration(made);
  }),
  route(
    'GET',
    '/v1/billing_portal/configurations',
    { ...paging, active: flag.optional(), is_default: flag.optional() },
    (work, { active, is_default, ...page }) => {
      const { data, hasMore } = work.store.page('billing_portal.configuration', { active, is_default }, page);
      return listOf('/v1/billing_portal/configurations', { data: data.map(showConfiguration), hasMore });
    },
  ),
  route('GET', '/v1/billing_portal/configurations/:id', {}, (work, _, id) =>
    showConfiguration(work.store.require('billing_portal.configuration', id)),
  ),
  route(
    'POST',
    '/v1/billing_portal/configurations/:id',
    { ...shape, active: flag.optional(), features: features.optional() },
    (work, params, id) => {
      const before = work.store.require('billing_portal.configuration', id);
      if (params.active === false && before.is_default)
        throw invalid('The default configuration stays active.', 'active');
      const { business_profile: profile } = params;
      const after: Configuration = {
        ...before,
        active: params.active ?? before.active,
        business_profile: {
          headline: profile?.headline === undefined ? before.business_profile.headline : profile.headline,
          privacy_policy_url: profile?.privacy_policy_url ?? before.business_profile.privacy_policy_url,
          terms_of_service_url: profile?.terms_of_service_url ?? before.business_profile.terms_of_service_url,
        },
        default_return_url:
          params.default_return_url === undefined ? before.default_return_url : params.default_return_url,
        features: readFeatures(work, before.features, params.features ?? {}),
        metadata: changeMetadata(before.metadata ?? {}, params.metadata),
        name: params.name === undefined ? before.name : params.name,
        updated: work.now,
      };
      work.store.update('billing_portal.configuration', after);
      work.emitUpdate('billing_portal.configuration.updated', showConfiguration(before), showConfiguration(after));
      return showConfiguration(after);
    },
  ),
];
