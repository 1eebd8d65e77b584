import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CallOutput } from '../api/client.ts';
import { api } from '../app.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { queries } from '../queries.ts';
import { exportsMessages } from './messages.ts';

type Export = CallOutput<'listExports'>['exports'][number];

/** Links live for five minutes at least, so they are made anew a little sooner. */
const LINKS_RENEWED_MS = 4 * 60_000;

/** The files of an export with their links; hundreds come page by page. */
async function allFiles(exportId: string) {
  const files: CallOutput<'listExportFiles'>['files'] = [];
  let cursor: string | null = null;
  do {
    const page: CallOutput<'listExportFiles'> = await api('listExportFiles', {
      params: { exportId },
      query: cursor ? { cursor } : {},
    });
    files.push(...page.files);
    cursor = page.cursor;
  } while (cursor);
  return files;
}

function Files({ exportId }: { readonly exportId: string }) {
  const { number } = useMessages();
  const text = useText(exportsMessages);
  const files = useQuery({
    queryKey: ['exportFiles', exportId],
    queryFn: () => allFiles(exportId),
    staleTime: LINKS_RENEWED_MS,
    refetchInterval: LINKS_RENEWED_MS,
  });
  if (files.isPending) return <Skeleton />;
  if (files.error) return <ProblemNotice error={files.error} retry={() => files.refetch()} />;
  return (
    <ul className="mt-2 space-y-1 text-sm">
      {files.data.map(({ name, url, rows, bytes }) => (
        <li key={name} className="flex flex-wrap justify-between gap-x-3">
          <a href={url} download className="wrap-anywhere underline underline-offset-4">
            {name}
          </a>
          <span className="text-soft">
            {rows === null ? '' : `${text.rows(number(rows))} · `}
            {number(Math.ceil(bytes / 1024))} KB
          </span>
        </li>
      ))}
    </ul>
  );
}

function Entry({ one }: { readonly one: Export }) {
  const { number, date, time } = useMessages();
  const text = useText(exportsMessages);
  const [open, setOpen] = useState(false);
  return (
    <li className="py-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span>
          {date(one.requestedAt)} {time(one.requestedAt)}
        </span>
        {one.status === 'succeeded' && (
          <Button aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? text.hideFiles : text.showFiles}
          </Button>
        )}
      </div>
      {one.status === 'running' && (
        <div className="mt-2 flex items-center gap-3 text-sm text-soft">
          <progress className="w-full" max={100} value={one.progress} aria-label={text.exporting} />
          <span>{number(one.progress)} %</span>
        </div>
      )}
      {one.status === 'failed' && <p className="wrap-anywhere text-bad">{text.failed(one.reason ?? '')}</p>}
      {one.status === 'succeeded' && (
        <p className="text-sm text-soft">
          {text.facts(number(one.files ?? 0), number(Math.ceil((one.bytes ?? 0) / 1024)), date(one.expiresAt))}
        </p>
      )}
      {open && <Files exportId={one.id} />}
    </li>
  );
}

/** Where an owner takes all data of the company along. */
export function ExportsPanel() {
  const text = useText(exportsMessages);
  const client = useQueryClient();
  const exports = useQuery(queries.exports);
  const start = useMutation({
    mutationFn: () => api('startExport', {}),
    onSettled: () => client.invalidateQueries({ queryKey: queries.exports.queryKey }),
  });
  const running = start.isPending || (exports.data?.exports.some(({ status }) => status === 'running') ?? false);
  return (
    <Panel
      title={text.title}
      aside={
        <Button disabled={running} onClick={() => start.mutate()}>
          {running ? text.exporting : text.exportNow}
        </Button>
      }
    >
      {exports.isPending && <Skeleton />}
      {(exports.error ?? start.error) && <ProblemNotice error={exports.error ?? start.error} />}
      <div aria-live="polite">{exports.data?.exports.length === 0 && <p className="text-soft">{text.empty}</p>}</div>
      <ul className="divide-y divide-line">
        {exports.data?.exports.map((one) => (
          <Entry key={one.id} one={one} />
        ))}
      </ul>
    </Panel>
  );
}
