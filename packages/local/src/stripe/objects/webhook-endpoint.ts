import type Stripe from 'stripe';
import type { Work } from '../billing/work.ts';

/** The secret is shown once, in the answer that makes the endpoint; it is not part of the object. */
export function newEndpoint(
  work: Pick<Work, 'id' | 'now'>,
  given: {
    id?: string;
    url: string;
    events: string[];
    description: string | null;
    apiVersion: string | null;
    metadata: Record<string, string>;
  },
): Stripe.WebhookEndpoint {
  return {
    id: given.id ?? work.id('webhook_endpoint'),
    object: 'webhook_endpoint',
    api_version: given.apiVersion,
    application: null,
    created: work.now,
    description: given.description,
    enabled_events: given.events,
    livemode: false,
    metadata: given.metadata,
    status: 'enabled',
    url: given.url,
  };
}
