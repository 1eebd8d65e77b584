import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '../app.ts';
import { useViewer } from '../company/company.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Badge } from '../parts/badge.tsx';
import { Button } from '../parts/button.tsx';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { useToast } from '../parts/toasts.tsx';
import { ItemName } from './item-picture.tsx';
import type { Item } from './items.ts';
import { catalogueMessages } from './messages.ts';

const PAGE = 25;
const ATTRIBUTES_SHOWN = 3;

/** The items that hold a text, or all of them, page by page. */
export function ItemsPanel({
  search,
  empty,
  onEdit,
}: {
  readonly search: string;
  /** What can be done about an empty catalogue. */
  readonly empty: ReactNode;
  readonly onEdit: (item: Item) => void;
}) {
  const { money } = useMessages();
  const text = useText(catalogueMessages);
  const viewer = useViewer();
  const client = useQueryClient();
  const toast = useToast();
  const refresh = () => client.invalidateQueries({ queryKey: ['items'] });
  const items = useInfiniteQuery({
    queryKey: ['items', 'browse', search],
    queryFn: ({ pageParam }) =>
      api('browseItems', {
        query: { limit: String(PAGE), ...(search ? { search } : {}), ...(pageParam ? { cursor: pageParam } : {}) },
      }),
    initialPageParam: '',
    getNextPageParam: ({ cursor }) => cursor ?? undefined,
  });
  const restore = useMutation({
    mutationFn: (item: Item) => api('editItems', { body: { items: [item] } }),
    onSuccess: (_, item) => toast(text.putBack(item.title ?? item.id)),
    onSettled: refresh,
  });
  const remove = useMutation({
    mutationFn: (item: Item) => api('removeItems', { body: { itemIds: [item.id] } }),
    onSuccess: (_, item) => toast(text.removed(item.title ?? item.id), () => restore.mutate(item)),
    onSettled: refresh,
  });
  const rows = items.data?.pages.flatMap((page) => page.items) ?? [];
  const columns: readonly Column<Item>[] = [
    {
      title: text.item,
      cell: (item) => (
        <span className="block min-w-48">
          <ItemName item={item} itemId={item.id} />
        </span>
      ),
    },
    { title: text.category, cell: ({ category }) => category?.join(' › ') ?? '–' },
    {
      title: text.price,
      numeric: true,
      cell: ({ price }) =>
        price ? <span className="whitespace-nowrap">{money(price.amount, price.currency)}</span> : '–',
    },
    {
      title: text.availability,
      cell: ({ available }) => (
        <Badge tone={available ? 'good' : 'wait'}>{available ? text.available : text.unavailable}</Badge>
      ),
    },
    {
      title: text.attributes,
      cell: ({ attributes = {} }) => (
        <span className="flex min-w-36 flex-wrap gap-1 text-soft">
          {Object.entries(attributes)
            .slice(0, ATTRIBUTES_SHOWN)
            .map(([name, value]) => (
              <span key={name} className="rounded bg-page px-2 py-0.5 wrap-anywhere">
                {name}: {Array.isArray(value) ? value.join(', ') : String(value)}
              </span>
            ))}
          {Object.keys(attributes).length > ATTRIBUTES_SHOWN && '…'}
        </span>
      ),
    },
    ...(viewer?.may('editItems')
      ? [
          {
            title: text.actions,
            quiet: true,
            cell: (item: Item) => (
              <span className="flex justify-end gap-2">
                <Button aria-label={`${text.edit}: ${item.id}`} onClick={() => onEdit(item)}>
                  {text.edit}
                </Button>
                <Button
                  aria-label={`${text.remove}: ${item.id}`}
                  disabled={remove.isPending && remove.variables.id === item.id}
                  onClick={() => remove.mutate(item)}
                >
                  {text.remove}
                </Button>
              </span>
            ),
          },
        ]
      : []),
  ];
  return (
    <div className="space-y-4">
      {items.isPending && <Skeleton lines={10} />}
      {items.error && <ProblemNotice error={items.error} retry={() => items.refetch()} />}
      {(remove.error ?? restore.error) && <ProblemNotice error={remove.error ?? restore.error} />}
      {items.data && rows.length === 0 && !items.hasNextPage && (
        <EmptyState title={search ? text.notFound : text.emptyTitle} action={search ? undefined : empty}>
          {search ? undefined : text.empty}
        </EmptyState>
      )}
      {rows.length > 0 && <DataTable label={text.title} columns={columns} rows={rows} rowKey={({ id }) => id} />}
      {items.hasNextPage && (
        <div className="flex justify-center">
          <Button disabled={items.isFetchingNextPage} onClick={() => items.fetchNextPage()}>
            {search ? text.searchOn : text.more}
          </Button>
        </div>
      )}
    </div>
  );
}
