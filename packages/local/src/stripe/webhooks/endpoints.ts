/** The endpoints that are given at start, kept apart from those that the API makes. */

import Stripe from 'stripe';
import { beginWork, type WorkOptions } from '../billing/work.ts';
import { newEndpoint } from '../objects/webhook-endpoint.ts';
import { removeEndpoint } from './record.ts';

export interface ConfiguredEndpoint {
  readonly url: string;
  /** `whsec_…`, shared with the receiver. */
  readonly secret: string;
  /** Types of event; all unless given. */
  readonly events?: readonly string[] | undefined;
}

const idOf = (position: number): string => `we_configured_${position + 1}`;

/** Replaces the configured endpoints. Their ids go by position, so that what is owed to one follows it to a new address. */
export function configureEndpoints(options: WorkOptions, endpoints: readonly ConfiguredEndpoint[]): void {
  const { store } = options;
  store.transaction(() => {
    const work = beginWork(options, { id: null, idempotencyKey: null, apiVersion: Stripe.API_VERSION });
    for (const { id } of store.all('webhook_endpoint', {})) {
      if (store.hidden('webhook_endpoint', id).configured && !endpoints.some((_, position) => idOf(position) === id))
        removeEndpoint(work, id);
    }
    endpoints.forEach(({ url, secret, events = ['*'] }, position) => {
      const id = idOf(position);
      const endpoint = newEndpoint(work, {
        id,
        url,
        events: [...events],
        description: null,
        apiVersion: null,
        metadata: {},
      });
      if (store.find('webhook_endpoint', id)) store.update('webhook_endpoint', endpoint, { secret, configured: true });
      else store.insert('webhook_endpoint', endpoint, { secret, configured: true });
    });
  });
}
