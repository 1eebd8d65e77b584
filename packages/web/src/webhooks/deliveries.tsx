import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Badge, type Tone } from '../parts/badge.tsx';
import { Button } from '../parts/button.tsx';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { DeliveryDialog } from './delivery-dialog.tsx';
import { webhookMessages } from './messages.ts';
import { type Delivery, deliveriesQuery } from './queries.ts';

const tones: Readonly<Record<Delivery['status'], Tone>> = { pending: 'wait', delivered: 'good', failed: 'bad' };

/** What became of the messages to one endpoint, newest first. */
export function Deliveries({ webhookId, host }: { readonly webhookId: string; readonly host: string }) {
  const { date, time, number } = useMessages();
  const text = useText(webhookMessages);
  const query = useInfiniteQuery(deliveriesQuery(webhookId));
  const [openId, setOpenId] = useState<string>();
  if (query.isPending) return <Skeleton lines={4} />;
  if (query.error) return <ProblemNotice error={query.error} retry={() => query.refetch()} />;
  const deliveries = query.data.pages.flatMap((page) => page.deliveries);
  const open = deliveries.find(({ messageId }) => messageId === openId);
  if (deliveries.length === 0) return <p className="text-soft">{text.logEmpty}</p>;
  const columns: readonly Column<Delivery>[] = [
    {
      title: text.at,
      cell: ({ createdAt }) => <span className="whitespace-nowrap">{`${date(createdAt)} ${time(createdAt)}`}</span>,
    },
    { title: text.type, cell: ({ type }) => <code>{type}</code> },
    {
      title: text.status,
      cell: ({ status, attempts }) => (
        <>
          <Badge tone={tones[status]}>{text.statuses[status]}</Badge>
          {attempts.length > 1 && <span className="ml-2 text-soft">{text.attempts(number(attempts.length))}</span>}
        </>
      ),
    },
    {
      title: text.answer,
      numeric: true,
      cell: ({ attempts }) => attempts.at(-1)?.status ?? text.noAnswer,
    },
    {
      title: text.details,
      quiet: true,
      cell: ({ messageId, type }) => (
        <Button aria-label={`${text.details}: ${type}`} onClick={() => setOpenId(messageId)}>
          {text.details}
        </Button>
      ),
    },
  ];
  return (
    <div className="space-y-3">
      <DataTable
        label={text.logTitle(host)}
        columns={columns}
        rows={deliveries}
        rowKey={({ messageId }) => messageId}
      />
      {query.hasNextPage && (
        <Button disabled={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
          {text.more}
        </Button>
      )}
      {open && <DeliveryDialog webhookId={webhookId} delivery={open} onClose={() => setOpenId(undefined)} />}
    </div>
  );
}
