import { useQuery } from '@tanstack/react-query';
import { useText } from '../../messages/define.ts';
import { PageTitle } from '../../parts/page-title.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { Entries } from '../parts/entries.tsx';
import { FailuresPanel } from './failures-panel.tsx';
import { JobsPanel } from './jobs-panel.tsx';
import { jobsMessages } from './messages.ts';
import { jobQueries } from './queries.ts';
import { QueuesPanel } from './queues-panel.tsx';

/** What runs by the clock, what waits, and what went wrong. */
export function JobsPage() {
  const text = useText(jobsMessages);
  const log = useQuery(jobQueries.log);
  return (
    <>
      <PageTitle note={text.note}>{text.title}</PageTitle>
      <div className="grid grid-cols-1 gap-5">
        <JobsPanel />
        <QueuesPanel />
        <FailuresPanel />
        <Panel title={text.log}>
          {log.isPending && <Skeleton />}
          {log.error && <ProblemNotice error={log.error} retry={() => log.refetch()} />}
          {log.data && <Entries entries={log.data.entries} none={text.noLog} />}
        </Panel>
      </div>
    </>
  );
}
