import { newPortalSession } from '../objects/portal-session.ts';
import { text, webUrl } from '../wire/params.ts';
import { requireCustomer } from './customers.ts';
import { type Route, route } from './route.ts';

export const portalSessionRoutes: readonly Route[] = [
  route(
    'POST',
    '/v1/billing_portal/sessions',
    { customer: text(), return_url: webUrl.optional(), locale: text(10).optional() },
    (work, params) => {
      const customer = requireCustomer(work, params.customer, 'customer');
      const token = `test_${work.random(40)}`;
      const session = newPortalSession(work, {
        customer: customer.id,
        returnUrl: params.return_url ?? null,
        locale: params.locale ?? null,
        token,
      });
      work.store.insert('billing_portal.session', session, { token });
      work.emit('billing_portal.session.created', session);
      return session;
    },
  ),
];
