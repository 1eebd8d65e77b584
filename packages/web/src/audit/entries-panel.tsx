import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { useActorName } from './actor-name.ts';
import { EntryDialog } from './entry-dialog.tsx';
import { ExportButton } from './export-button.tsx';
import { FilterForm } from './filter-form.tsx';
import { auditMessages } from './messages.ts';
import { auditQuery, type Entry, noFilters } from './queries.ts';

/** The entries that suit the filters, newest first. */
export function EntriesPanel() {
  const { t, date, time } = useMessages();
  const text = useText(auditMessages);
  const actorName = useActorName();
  const [filters, setFilters] = useState(noFilters);
  const [open, setOpen] = useState<Entry>();
  const query = useInfiniteQuery(auditQuery(filters));
  const entries = query.data?.pages.flatMap((page) => page.entries) ?? [];
  const title = (action: string): string => (text.actions as Readonly<Record<string, string>>)[action] ?? action;
  /** Of what an entry says that it was and became. */
  const wordsOf = (action: string): Readonly<Record<string, string>> =>
    action === 'billing.standing' ? t.standingTitle : t.statuses;
  const columns: readonly Column<Entry>[] = [
    { title: text.at, cell: ({ at }) => <span className="whitespace-nowrap">{`${date(at)} ${time(at)}`}</span> },
    { title: text.actor, cell: ({ actor }) => actorName(actor) },
    {
      title: text.action,
      cell: ({ action, details: { from, to, reason, why = reason } }) => (
        <span className="block min-w-40">
          {title(action)}
          {from !== undefined && to !== undefined && (
            <span className="block text-soft">
              {wordsOf(action)[from] ?? from} → {wordsOf(action)[to] ?? to}
            </span>
          )}
          {why !== undefined && <span className="block text-soft wrap-anywhere">{why}</span>}
        </span>
      ),
    },
    {
      title: text.details,
      quiet: true,
      cell: (entry) => (
        <Button aria-label={`${text.details}: ${title(entry.action)}`} onClick={() => setOpen(entry)}>
          {text.details}
        </Button>
      ),
    },
  ];
  return (
    <Panel title={text.entries} aside={<ExportButton filters={filters} />}>
      <FilterForm filters={filters} onChange={setFilters} />
      {query.isPending && <Skeleton lines={8} />}
      {query.error && <ProblemNotice error={query.error} retry={() => query.refetch()} />}
      {query.data && entries.length === 0 && !query.hasNextPage && <p className="text-soft">{text.empty}</p>}
      {entries.length > 0 && (
        <DataTable label={text.entries} columns={columns} rows={entries} rowKey={({ id }) => id} />
      )}
      {query.hasNextPage && (
        <Button className="mt-4" disabled={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
          {text.more}
        </Button>
      )}
      {open && <EntryDialog entry={open} onClose={() => setOpen(undefined)} />}
    </Panel>
  );
}
