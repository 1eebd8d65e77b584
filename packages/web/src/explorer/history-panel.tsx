import { useQuery } from '@tanstack/react-query';
import { api } from '../app.ts';
import { useItems } from '../catalogue/items.ts';
import { useNow } from '../dashboard/now.ts';
import { useText } from '../messages/define.ts';
import { useFormat } from '../messages/format.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { eventIcons } from './event-icons.ts';
import { explorerMessages } from './messages.ts';

const SHOWN = 30;
const MINUTE_MS = 60_000;

/** A shopper's latest events, newest first. */
export function HistoryPanel({ shopperId }: { readonly shopperId: string }) {
  const text = useText(explorerMessages);
  const { ago } = useFormat();
  const now = useNow(MINUTE_MS);
  const history = useQuery({
    queryKey: ['shopperEvents', shopperId],
    queryFn: () => api('readShopperEvents', { params: { shopperId }, query: { limit: String(SHOWN) } }),
    refetchInterval: 10_000,
  });
  const events = history.data?.events ?? [];
  const known = useItems(events.map(({ itemId }) => itemId));
  return (
    <Panel title={text.history}>
      {history.isPending && <Skeleton lines={6} />}
      {history.error && <ProblemNotice error={history.error} retry={() => history.refetch()} />}
      {history.data && events.length === 0 && (
        <EmptyState title={text.historyEmptyTitle}>{text.historyEmpty}</EmptyState>
      )}
      <ol aria-label={text.history} className="space-y-3">
        {events.map(({ id, itemId, type, time }) => {
          const Icon = eventIcons[type];
          return (
            <li key={id} className="flex items-start gap-3 text-sm">
              <Icon aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-soft" />
              <span className="min-w-0 flex-1">
                <span className="block wrap-anywhere">{known.get(itemId)?.title ?? itemId}</span>
                <span className="block text-soft">
                  {text.eventTypes[type]} · <time dateTime={time}>{ago(time, Math.max(now, Date.parse(time)))}</time>
                </span>
              </span>
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}
