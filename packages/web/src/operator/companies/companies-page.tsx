import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useMessages } from '../../messages/context.tsx';
import { useText } from '../../messages/define.ts';
import { Button } from '../../parts/button.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { tierTitle } from '../../pricing/tier-title.ts';
import { useUsd } from '../parts/usd.ts';
import { companiesQuery } from '../queries.ts';
import { Filters, type Wanted } from './filters.tsx';
import { HealthCell } from './health.tsx';
import { companiesMessages } from './messages.ts';

/** All companies: found, filtered and put into an order. */
export function CompaniesPage() {
  const { t, number } = useMessages();
  const text = useText(companiesMessages);
  const usd = useUsd();
  const [wanted, setWanted] = useState<Wanted>({ sort: '-registered' });
  const companies = useInfiniteQuery({ ...companiesQuery(wanted), placeholderData: keepPreviousData });
  const rows = companies.data?.pages.flatMap(({ tenants }) => tenants) ?? [];
  const found = companies.data?.pages[0]?.found;
  return (
    <>
      <PageTitle note={text.note}>{text.title}</PageTitle>
      <Filters wanted={wanted} onChange={setWanted} />
      {companies.isPending && <Skeleton lines={8} />}
      {companies.error && <ProblemNotice error={companies.error} retry={() => companies.refetch()} />}
      {found === 0 && <EmptyState title={text.none}>{text.noneText}</EmptyState>}
      {found !== undefined && found > 0 && (
        <>
          <p role="status" className="mb-2 text-sm text-soft">
            {text.found(found)} · {text.month}
          </p>
          <DataTable
            label={text.title}
            rows={rows}
            rowKey={({ id }) => id}
            columns={[
              {
                title: text.name,
                cell: ({ id, name, slug }) => (
                  <span className="block min-w-32">
                    <Link
                      to="/operator/$tenantId"
                      params={{ tenantId: id }}
                      className="font-medium underline underline-offset-4"
                    >
                      {name}
                    </Link>
                    <span className="block text-soft">{slug}</span>
                  </span>
                ),
              },
              { title: text.status, cell: ({ status }) => t.statuses[status] ?? status },
              { title: text.tier, cell: ({ tier }) => tierTitle(tier) },
              { title: text.health, cell: ({ health }) => <HealthCell health={health} /> },
              { title: text.events, numeric: true, cell: ({ month }) => (month ? number(month.events) : '–') },
              { title: text.revenue, numeric: true, cell: ({ month }) => (month ? usd(month.revenueMicro) : '–') },
              { title: text.cost, numeric: true, cell: ({ month }) => (month ? usd(month.costMicro) : '–') },
              {
                title: text.margin,
                numeric: true,
                cell: ({ month }) =>
                  month ? (
                    <span className={month.marginMicro < 0 ? 'text-bad' : undefined}>{usd(month.marginMicro)}</span>
                  ) : (
                    '–'
                  ),
              },
            ]}
          />
        </>
      )}
      {companies.hasNextPage && (
        <Button className="mt-4" disabled={companies.isFetchingNextPage} onClick={() => companies.fetchNextPage()}>
          {text.more}
        </Button>
      )}
    </>
  );
}
