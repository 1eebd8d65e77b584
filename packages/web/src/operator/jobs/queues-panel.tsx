import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CallOutput } from '../../api/client.ts';
import { api } from '../../app.ts';
import { useMessages } from '../../messages/context.tsx';
import { useText } from '../../messages/define.ts';
import { Button } from '../../parts/button.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { useToast } from '../../parts/toasts.tsx';
import { When } from '../parts/when.tsx';
import { ReasonDialog } from '../reason-dialog.tsx';
import { jobsMessages } from './messages.ts';
import { jobQueries } from './queries.ts';

type Queue = CallOutput<'listQueues'>['queues'][number];

/** The first dead letters of a queue, as they are. */
function Letters({ letters }: Pick<Queue, 'letters'>) {
  const text = useText(jobsMessages);
  if (letters.length === 0) return null;
  return (
    <details>
      <summary className="inline-flex min-h-6 items-center text-soft">{text.show(letters.length)}</summary>
      <ul className="max-w-md space-y-2 pt-2">
        {letters.map(({ id, sentAt, body }) => (
          <li key={id} className="text-xs">
            <When at={sentAt} />
            <code className="block text-soft wrap-anywhere">{body}</code>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** What waits, and what nobody could take, with a way to give it back. */
export function QueuesPanel() {
  const { number } = useMessages();
  const text = useText(jobsMessages);
  const client = useQueryClient();
  const toast = useToast();
  const queues = useQuery(jobQueries.queues);
  const [asking, setAsking] = useState<Queue['name']>();
  const redrive = useMutation({
    mutationFn: ({ queue, reason }: { queue: Queue['name']; reason: string }) =>
      api('redriveQueue', { params: { queue }, body: { reason } }),
    onSuccess: ({ moved }) => {
      setAsking(undefined);
      toast(moved === null ? text.redriveStarted : text.redriven(moved));
    },
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: jobQueries.queues.queryKey }),
        client.invalidateQueries({ queryKey: jobQueries.log.queryKey }),
      ]),
  });
  return (
    <Panel title={text.queues}>
      {queues.isPending && <Skeleton lines={4} />}
      {queues.error && <ProblemNotice error={queues.error} retry={() => queues.refetch()} />}
      {queues.data && (
        <DataTable
          label={text.queues}
          rows={queues.data.queues}
          rowKey={({ name }) => name}
          columns={[
            {
              title: text.queue,
              cell: ({ name, letters }) => (
                <>
                  <span className="font-medium">{text.queueNames[name] ?? name}</span>
                  <Letters letters={letters} />
                </>
              ),
            },
            {
              title: text.waiting,
              numeric: true,
              cell: ({ messages }) => (messages ? number(messages.waiting + messages.delayed) : text.stream),
            },
            {
              title: text.inFlight,
              numeric: true,
              cell: ({ messages }) => (messages ? number(messages.inFlight) : '–'),
            },
            {
              title: text.letters,
              numeric: true,
              cell: ({ deadLetters: { waiting, inFlight, delayed } }) => {
                const all = waiting + inFlight + delayed;
                return <span className={all > 0 ? 'font-medium text-bad' : undefined}>{number(all)}</span>;
              },
            },
            { title: text.oldest, cell: ({ letters }) => <When at={letters[0]?.sentAt ?? null} /> },
            {
              title: text.redrive,
              quiet: true,
              cell: ({ name, deadLetters: { waiting, inFlight, delayed } }) =>
                waiting + inFlight + delayed > 0 && (
                  <Button
                    onClick={() => {
                      redrive.reset();
                      setAsking(name);
                    }}
                  >
                    {text.redrive}
                  </Button>
                ),
            },
          ]}
        />
      )}
      {asking && (
        <ReasonDialog
          title={text.redrive}
          error={redrive.error}
          busy={redrive.isPending}
          onReason={(reason) => redrive.mutate({ queue: asking, reason })}
          onClose={() => setAsking(undefined)}
        />
      )}
    </Panel>
  );
}
