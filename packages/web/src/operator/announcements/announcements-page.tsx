import { useQuery } from '@tanstack/react-query';
import type { CallOutput } from '../../api/client.ts';
import { useMessages } from '../../messages/context.tsx';
import { useText } from '../../messages/define.ts';
import { Badge } from '../../parts/badge.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { tierTitle } from '../../pricing/tier-title.ts';
import { Actor } from '../parts/actor.tsx';
import { When } from '../parts/when.tsx';
import { announcementsMessages } from './messages.ts';
import { announcementsQuery } from './queries.ts';
import { WritePanel } from './write-panel.tsx';

type Announcement = CallOutput<'listAnnouncements'>['announcements'][number];

const tones = { waiting: 'wait', sending: 'wait', sent: 'good' } as const;

function Log({ announcements }: { readonly announcements: readonly Announcement[] }) {
  const { language, number } = useMessages();
  const text = useText(announcementsMessages);
  const toWhom = ({ audience }: Announcement): string => {
    if (audience.kind === 'tier') return tierTitle(audience.tier);
    return audience.kind === 'company' ? audience.tenantId : text.audiences.all;
  };
  return (
    <DataTable
      label={text.log}
      rows={announcements}
      rowKey={({ id }) => id}
      columns={[
        {
          title: text.what,
          cell: ({ subject }) => <span className="block min-w-40 wrap-anywhere">{subject[language]}</span>,
        },
        { title: text.to, cell: (row) => <span className="wrap-anywhere">{toWhom(row)}</span> },
        {
          title: text.progress,
          cell: ({ state, companies, reached }) => (
            <span className="inline-flex flex-wrap items-center gap-2">
              <Badge tone={tones[state]}>{text.states[state]}</Badge>
              {companies === null ? text.waiting : text.ofCompanies(number(reached), number(companies))}
            </span>
          ),
        },
        { title: text.when, cell: ({ sentAt }) => <When at={sentAt} /> },
        { title: text.by, cell: ({ sentBy }) => <Actor actor={sentBy} /> },
      ]}
    />
  );
}

/** What staff tells companies by mail: a new one, and those before. */
export function AnnouncementsPage() {
  const text = useText(announcementsMessages);
  const { data, error, isPending, refetch } = useQuery(announcementsQuery);
  return (
    <>
      <PageTitle note={text.note}>{text.title}</PageTitle>
      <div className="grid grid-cols-1 gap-5">
        <WritePanel />
        <Panel title={text.log}>
          {isPending && <Skeleton lines={3} />}
          {error && <ProblemNotice error={error} retry={() => refetch()} />}
          {data?.announcements.length === 0 && <EmptyState title={text.none} />}
          {data && data.announcements.length > 0 && <Log announcements={data.announcements} />}
        </Panel>
      </div>
    </>
  );
}
