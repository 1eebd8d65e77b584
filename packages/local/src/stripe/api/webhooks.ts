/** Events and the endpoints that they go to. */

import type Stripe from 'stripe';
import type { Work } from '../billing/work.ts';
import { newEndpoint } from '../objects/webhook-endpoint.ts';
import { pendingWebhooks, removeEndpoint } from '../webhooks/record.ts';
import { exclusive } from '../wire/error.ts';
import { changeMetadata, flag, list, metadata, paging, text, webUrl } from '../wire/params.ts';
import { listOf, type Route, route } from './route.ts';

export function showEvent(work: Work, event: Stripe.EventBase): Stripe.EventBase {
  return { ...event, pending_webhooks: pendingWebhooks(work, event.id) };
}

const endpointFields = {
  description: text().optional(),
  enabled_events: list(text(100)).refine((events) => events.length > 0, 'You must enable at least one event.'),
  metadata: metadata.optional(),
};

export const webhookRoutes: readonly Route[] = [
  route(
    'GET',
    '/v1/events',
    { ...paging, type: text().optional(), types: list(text()).optional() },
    (work, { type, types, ...page }) => {
      if (type !== undefined && types !== undefined) throw exclusive('type', 'types');
      const { data, hasMore } = work.store.page('event', { type: types ?? type }, page);
      return listOf('/v1/events', { data: data.map((event) => showEvent(work, event)), hasMore });
    },
  ),
  route('GET', '/v1/events/:id', {}, (work, _, id) => showEvent(work, work.store.require('event', id))),
  route(
    'POST',
    '/v1/webhook_endpoints',
    { ...endpointFields, url: webUrl, api_version: text(50).optional() },
    (work, params) => {
      const secret = `whsec_${work.random(32)}`;
      const endpoint = newEndpoint(work, {
        url: params.url,
        events: params.enabled_events,
        description: params.description ?? null,
        apiVersion: params.api_version ?? null,
        metadata: changeMetadata({}, params.metadata),
      });
      work.store.insert('webhook_endpoint', endpoint, { secret, configured: false });
      return { ...endpoint, secret };
    },
  ),
  route('GET', '/v1/webhook_endpoints', paging, (work, page) =>
    listOf('/v1/webhook_endpoints', work.store.page('webhook_endpoint', {}, page)),
  ),
  route('GET', '/v1/webhook_endpoints/:id', {}, (work, _, id) => work.store.require('webhook_endpoint', id)),
  route(
    'POST',
    '/v1/webhook_endpoints/:id',
    {
      ...endpointFields,
      enabled_events: endpointFields.enabled_events.optional(),
      url: webUrl.optional(),
      disabled: flag.optional(),
    },
    (work, params, id) => {
      const before = work.store.require('webhook_endpoint', id);
      const after: Stripe.WebhookEndpoint = {
        ...before,
        description: params.description ?? before.description,
        enabled_events: params.enabled_events ?? before.enabled_events,
        metadata: changeMetadata(before.metadata, params.metadata),
        status: params.disabled === undefined ? before.status : params.disabled ? 'disabled' : 'enabled',
        url: params.url ?? before.url,
      };
      work.store.update('webhook_endpoint', after);
      return after;
    },
  ),
  route('DELETE', '/v1/webhook_endpoints/:id', {}, (work, _, id) => {
    work.store.require('webhook_endpoint', id);
    removeEndpoint(work, id);
    return { id, object: 'webhook_endpoint', deleted: true };
  }),
];
