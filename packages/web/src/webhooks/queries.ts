import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { CallOutput } from '../api/client.ts';
import { api } from '../app.ts';

export type Webhook = CallOutput<'listWebhooks'>['webhooks'][number];
export type Delivery = CallOutput<'listDeliveries'>['deliveries'][number];

const WAITING_MS = 2000;
const QUIET_MS = 10_000;

export const webhooksQuery = queryOptions({
  queryKey: ['webhooks'],
  queryFn: () => api('listWebhooks', {}),
  refetchInterval: QUIET_MS,
});

/** An endpoint's deliveries, asked for more often while one is under way. */
export const deliveriesQuery = (webhookId: string) =>
  infiniteQueryOptions({
    queryKey: ['deliveries', webhookId],
    queryFn: ({ pageParam }) =>
      api('listDeliveries', { params: { webhookId }, query: pageParam ? { cursor: pageParam } : {} }),
    initialPageParam: '',
    getNextPageParam: ({ cursor }) => cursor,
    refetchInterval: ({ state }) =>
      state.data?.pages[0]?.deliveries.some(({ status }) => status === 'pending') ? WAITING_MS : QUIET_MS,
  });
