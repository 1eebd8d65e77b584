import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '../app.ts';
import { useViewer } from '../company/company.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Badge, type Tone } from '../parts/badge.tsx';
import { Button } from '../parts/button.tsx';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { usersQuery } from '../users/queries.ts';
import { erasuresMessages } from './messages.ts';
import { erasuresQuery } from './queries.ts';
import { type Erasure, erasureSteps, stepOf } from './step.ts';

const LISTED = 100;
const HASH_SHOWN = 12;
const tones = { requested: 'neutral', running: 'wait', done: 'good', failed: 'bad' } as const satisfies Record<
  Erasure['status'],
  Tone
>;

/** Gives the certificate as a file, as the API gave it. */
function save({ id, certificate }: Erasure): void {
  const url = URL.createObjectURL(
    new Blob([`${JSON.stringify(certificate, null, 2)}\n`], { type: 'application/json' }),
  );
  const link = document.createElement('a');
  link.href = url;
  link.download = `certificate-${id}.json`;
  link.click();
  URL.revokeObjectURL(url);
}

/** How far an erasure is, in words and as a step of all. */
function State({ erasure, onAgain }: { readonly erasure: Erasure; readonly onAgain: (() => void) | undefined }) {
  const { number } = useMessages();
  const text = useText(erasuresMessages);
  const step = stepOf(erasure);
  const at = erasureSteps.indexOf(step) + 1;
  return (
    <span className="block min-w-40 space-y-1">
      <Badge tone={tones[erasure.status]}>{erasure.status === 'failed' ? text.failed : text.steps[step]}</Badge>
      {(erasure.status === 'requested' || erasure.status === 'running') && (
        <span className="block text-soft">{text.step(number(at), number(erasureSteps.length))}</span>
      )}
      {erasure.reason && <span className="block text-bad wrap-anywhere">{erasure.reason}</span>}
      {erasure.status === 'failed' && onAgain && <Button onClick={onAgain}>{text.again}</Button>}
    </span>
  );
}

/** What was asked for, and what became of it. */
export function ErasuresPanel({ ask }: { readonly ask: ReactNode }) {
  const { date, time, number } = useMessages();
  const text = useText(erasuresMessages);
  const viewer = useViewer();
  const client = useQueryClient();
  const erasures = useQuery(erasuresQuery);
  const users = useQuery({ ...usersQuery, enabled: viewer?.may('listUsers') ?? false });
  const again = useMutation({
    mutationFn: (shopperId: string) => api('requestErasure', { body: { shopperId } }),
    onSettled: () => client.invalidateQueries({ queryKey: erasuresQuery.queryKey }),
  });
  const all = erasures.data?.erasures ?? [];
  const nameOf = (by: string): string => users.data?.users.find(({ id }) => id === by)?.email ?? by;
  const columns: readonly Column<Erasure>[] = [
    {
      title: text.shopper,
      cell: ({ shopperId, shopperHash }) => (
        <span className="block min-w-36">
          <span className="wrap-anywhere">
            {shopperId ? <code>{shopperId}</code> : <span className="text-soft">{text.erased}</span>}
          </span>
          <code className="block text-soft">{text.hash(shopperHash.slice(0, HASH_SHOWN))}</code>
        </span>
      ),
    },
    {
      title: text.state,
      cell: (erasure) => (
        <State
          erasure={erasure}
          onAgain={
            erasure.shopperId && viewer?.may('requestErasure') && !again.isPending
              ? () => again.mutate(erasure.shopperId ?? '')
              : undefined
          }
        />
      ),
    },
    {
      title: text.requested,
      cell: ({ requestedAt, requestedBy }) => (
        <span className="block min-w-36">
          <span className="whitespace-nowrap">
            {date(requestedAt)} {time(requestedAt)}
          </span>
          <span className="block text-soft wrap-anywhere">{text.by(nameOf(requestedBy))}</span>
        </span>
      ),
    },
    {
      title: text.certificate,
      cell: (erasure) =>
        erasure.certificate ? (
          <Button
            aria-label={text.downloadOf(text.hash(erasure.shopperHash.slice(0, HASH_SHOWN)))}
            onClick={() => save(erasure)}
          >
            {text.download}
          </Button>
        ) : (
          '–'
        ),
    },
  ];
  return (
    <Panel title={text.list}>
      {erasures.isPending && <Skeleton lines={6} />}
      {erasures.error && <ProblemNotice error={erasures.error} retry={() => erasures.refetch()} />}
      {again.error && <ProblemNotice error={again.error} />}
      {erasures.data && all.length === 0 && (
        <EmptyState title={text.emptyTitle} action={ask}>
          {text.empty}
        </EmptyState>
      )}
      {all.length > 0 && <DataTable label={text.list} columns={columns} rows={all} rowKey={({ id }) => id} />}
      {all.length >= LISTED && <p className="mt-4 text-sm text-soft">{text.newest(number(LISTED))}</p>}
    </Panel>
  );
}
