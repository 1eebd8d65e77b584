import type { LocalCloud } from '../cloud/local-cloud.ts';
import type { Instance } from './journey.ts';

/** What people outside need to know of a running local cloud. */
export function instanceOf({ urls, client }: LocalCloud): Instance {
  if (!urls.stripe) throw new Error('This takes the local Stripe; unset STRIPE_SECRET_KEY.');
  return {
    siteUrl: urls.site,
    loginUrl: urls.login,
    inboxUrl: urls.inbox,
    stripeUrl: urls.stripe,
    clientId: client?.id ?? '',
  };
}
