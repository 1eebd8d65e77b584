import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useItems } from '../catalogue/items.ts';
import { useViewer } from '../company/company.ts';
import { eventIcons } from '../explorer/event-icons.ts';
import { explorerMessages } from '../explorer/messages.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { queries } from '../queries.ts';
import { liveMessages } from './messages.ts';
import type { LiveEvent } from './stream.ts';

/** How keys are called: by their names, where the viewer may know them. */
function useKeyName(): (keyId: string) => string {
  const text = useText(liveMessages);
  const viewer = useViewer();
  const keys = useQuery({ ...queries.keys, enabled: viewer?.may('listApiKeys') ?? false });
  return (keyId) =>
    keys.data ? (keys.data.apiKeys.find(({ id }) => id === keyId)?.name ?? text.goneKey) : text.ownKey(keyId.slice(-4));
}

/** Events, newest first. Not a live region: whoever listens would hear nothing else. */
export function EventTable({ events }: { readonly events: readonly LiveEvent[] }) {
  const { clock } = useMessages();
  const text = useText(liveMessages);
  const { eventTypes } = useText(explorerMessages);
  const known = useItems(events.map(({ itemId }) => itemId));
  const keyName = useKeyName();
  const columns: readonly Column<LiveEvent>[] = [
    {
      title: text.time,
      cell: ({ time }) => (
        <time dateTime={time} className="whitespace-nowrap tabular-nums">
          {clock(time)}
        </time>
      ),
    },
    {
      title: text.shopper,
      cell: ({ shopperId }) => (
        <Link
          to="/explorer"
          search={{ shopper: shopperId }}
          aria-label={text.open(shopperId)}
          className="inline-flex min-h-6 min-w-28 items-center underline underline-offset-4 wrap-anywhere"
        >
          {shopperId}
        </Link>
      ),
    },
    {
      title: text.type,
      cell: ({ type }) => {
        const Icon = eventIcons[type];
        return (
          <span className="inline-flex items-center gap-2 whitespace-nowrap">
            <Icon aria-hidden="true" className="size-4 shrink-0 text-soft" />
            {eventTypes[type]}
          </span>
        );
      },
    },
    {
      title: text.item,
      cell: ({ itemId }) => {
        const title = known.get(itemId)?.title;
        return (
          <span className="block min-w-32 wrap-anywhere">
            {title ?? itemId}
            {title && <code className="block text-soft">{itemId}</code>}
          </span>
        );
      },
    },
    {
      title: text.source,
      cell: ({ keyId }) => (
        <span className="block min-w-24 text-soft wrap-anywhere">{keyId ? keyName(keyId) : '–'}</span>
      ),
    },
  ];
  return <DataTable label={text.lastHour} columns={columns} rows={events} rowKey={({ id }) => id} />;
}
