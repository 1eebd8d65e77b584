import type Stripe from 'stripe';
import * as z from 'zod';
import { onClockOf } from '../billing/clock.ts';
import { idOf } from '../billing/lines.ts';
import type { Work } from '../billing/work.ts';
import { newPortalSession } from '../objects/portal-session.ts';
import { invalid } from '../wire/error.ts';
import { oneOf, text, webUrl } from '../wire/params.ts';
import { requireCustomer } from './customers.ts';
import { defaultConfiguration } from './portal-configurations.ts';
import { type Route, route } from './route.ts';

const ofSubscription = z.strictObject({ subscription: text() });
const flowData = z.strictObject({
  type: oneOf('payment_method_update', 'subscription_cancel', 'subscription_update'),
  after_completion: z
    .strictObject({
      type: oneOf('portal_homepage', 'redirect'),
      redirect: z.strictObject({ return_url: webUrl }).optional(),
    })
    .optional(),
  subscription_cancel: ofSubscription.optional(),
  subscription_update: ofSubscription.optional(),
});

function readFlow(
  work: Work,
  customer: string,
  given: z.infer<typeof flowData> | undefined,
): Stripe.BillingPortal.Session.Flow | null {
  if (!given) return null;
  const { type, after_completion: after, subscription_cancel: cancel, subscription_update: update } = given;
  const named = type === 'subscription_cancel' ? cancel : type === 'subscription_update' ? update : undefined;
  if (type !== 'payment_method_update') {
    const param = `flow_data[${type}][subscription]`;
    if (!named) throw invalid(`Missing required param: ${param}.`, param, 'parameter_missing');
    const subscription = work.store.require('subscription', named.subscription, param);
    if (idOf(subscription.customer) !== customer)
      throw invalid('The subscription does not belong to the customer.', param);
  }
  return {
    after_completion: {
      hosted_confirmation: null,
      redirect: after?.redirect ?? null,
      type: after?.type ?? 'portal_homepage',
    },
    customer_update: null,
    subscription_cancel: type === 'subscription_cancel' && cancel ? { ...cancel, retention: null } : null,
    subscription_pause: null,
    subscription_update: type === 'subscription_update' && update ? update : null,
    subscription_update_confirm: null,
    type,
  };
}

export const portalSessionRoutes: readonly Route[] = [
  route(
    'POST',
    '/v1/billing_portal/sessions',
    {
      configuration: text().optional(),
      customer: text(),
      flow_data: flowData.optional(),
      locale: text(10).optional(),
      return_url: webUrl.optional(),
    },
    (outer, params) => {
      const customer = requireCustomer(outer, params.customer, 'customer');
      const work = onClockOf(outer, customer);
      const configuration =
        params.configuration === undefined
          ? defaultConfiguration(outer)
          : work.store.require('billing_portal.configuration', params.configuration, 'configuration');
      if (!configuration.active) throw invalid('The configuration is not active.', 'configuration');
      const token = `test_${work.random(40)}`;
      const session = newPortalSession(outer, {
        configuration: configuration.id,
        customer: customer.id,
        flow: readFlow(work, customer.id, params.flow_data),
        returnUrl: params.return_url ?? configuration.default_return_url,
        locale: params.locale ?? null,
        token,
      });
      work.store.insert('billing_portal.session', session, { token });
      work.emit('billing_portal.session.created', session);
      return session;
    },
  ),
];
