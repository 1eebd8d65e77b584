import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useText } from '../../messages/define.ts';
import { Badge } from '../../parts/badge.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { When } from '../parts/when.tsx';
import { jobsMessages } from './messages.ts';
import { jobQueries } from './queries.ts';

const linkClass = 'underline underline-offset-4';

/** Executions that did not reach their end; what can be done about one is on the page of its company. */
export function FailuresPanel() {
  const text = useText(jobsMessages);
  const { data, error, isPending, refetch } = useQuery(jobQueries.failures);
  return (
    <Panel title={text.failures}>
      {isPending && <Skeleton lines={4} />}
      {error && <ProblemNotice error={error} retry={() => refetch()} />}
      {data?.failures.length === 0 && <EmptyState title={text.noFailures}>{text.noFailuresText}</EmptyState>}
      {data && data.failures.length > 0 && (
        <DataTable
          label={text.failures}
          rows={data.failures}
          rowKey={({ machine, name }) => `${machine} ${name}`}
          columns={[
            {
              title: text.execution,
              cell: ({ name, pageUrl }) =>
                pageUrl ? (
                  <a href={pageUrl} className={linkClass}>
                    <code className="wrap-anywhere">{name}</code>
                  </a>
                ) : (
                  <code className="wrap-anywhere">{name}</code>
                ),
            },
            { title: text.machine, cell: ({ machine }) => text.machines[machine] ?? machine },
            { title: text.state, cell: ({ status }) => <Badge tone="bad">{status}</Badge> },
            { title: text.began, cell: ({ startedAt }) => <When at={startedAt} /> },
            {
              title: text.toCompany,
              quiet: true,
              cell: ({ tenantId }) =>
                tenantId && (
                  <Link to="/operator/$tenantId" params={{ tenantId }} className={linkClass}>
                    {text.toCompany}
                  </Link>
                ),
            },
          ]}
        />
      )}
      {data?.more && <p className="mt-3 text-sm text-soft">{text.moreFailures}</p>}
    </Panel>
  );
}
