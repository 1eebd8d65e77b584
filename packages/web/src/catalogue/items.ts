import { useQuery } from '@tanstack/react-query';
import type { CallOutput } from '../api/client.ts';
import { api } from '../app.ts';

export type Item = CallOutput<'browseItems'>['items'][number];

const LOOKED_UP_MAX = 100;

/** What the catalogue says of items, by their ids; those that it does not know are left out. At most the first hundred are looked up. */
export function useItems(itemIds: readonly string[]): ReadonlyMap<string, Item> {
  const wanted = [...new Set(itemIds)].sort().slice(0, LOOKED_UP_MAX);
  const items = useQuery({
    queryKey: ['items', 'lookup', wanted],
    queryFn: () => api('lookUpItems', { body: { itemIds: wanted } }),
    enabled: wanted.length > 0,
    staleTime: 60_000,
  });
  return new Map((items.data?.items ?? []).map((item) => [item.id, item]));
}
