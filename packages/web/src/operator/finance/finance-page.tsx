import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { CallOutput } from '../../api/client.ts';
import { useMessages } from '../../messages/context.tsx';
import { useText } from '../../messages/define.ts';
import { buttonClass } from '../../parts/button.tsx';
import { TimeChart } from '../../parts/chart/time-chart.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Field, inputClass } from '../../parts/field.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { useUsd } from '../parts/usd.ts';
import { financeMessages } from './messages.ts';
import { CompanyTables, MonthFigures, MonthTables } from './month-panels.tsx';
import { companiesOfMonthQuery, monthQuery, monthsQuery } from './queries.ts';

type Months = CallOutput<'listFinanceMonths'>['months'];

/** The months side by side. */
function MonthsPanel({ months }: { readonly months: Months }) {
  const text = useText(financeMessages);
  const usd = useUsd();
  const { language } = useMessages();
  const monthName = new Intl.DateTimeFormat(language === 'ko' ? 'ko-KR' : 'en-GB', {
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
  return (
    <Panel title={text.byMonth}>
      <TimeChart
        label={text.byMonth}
        kind="bar"
        points={months.map(({ month, earnedMicro, costMicro }) => ({
          at: `${month}-01T00:00:00.000Z`,
          revenue: earnedMicro,
          cost: costMicro,
          margin: earnedMicro - costMicro,
        }))}
        series={[
          { key: 'revenue', name: text.revenue },
          { key: 'cost', name: text.cost },
          { key: 'margin', name: text.margin },
        ]}
        formatTime={(at) => monthName.format(new Date(at))}
        formatValue={usd}
      />
    </Panel>
  );
}

/** One month: in all, by tier, service and company. */
function MonthView({ month }: { readonly month: string }) {
  const stage = useQuery(monthQuery(month));
  const companies = useQuery(companiesOfMonthQuery(month));
  const error = stage.error ?? companies.error;
  if (error) return <ProblemNotice error={error} retry={() => Promise.all([stage.refetch(), companies.refetch()])} />;
  if (!stage.data || !companies.data) return <Skeleton lines={8} />;
  return (
    <>
      <MonthFigures stage={stage.data} />
      <MonthTables stage={stage.data} />
      <CompanyTables month={month} rows={companies.data} />
    </>
  );
}

/** Revenue, cost and margin: over the months, and of one of them in detail. */
export function FinancePage() {
  const text = useText(financeMessages);
  const { data, error, isPending, refetch } = useQuery(monthsQuery);
  const [chosen, setChosen] = useState<string>();
  const months = data?.months ?? [];
  const month = chosen ?? months.at(-1)?.month;
  return (
    <>
      <PageTitle
        note={text.note}
        actions={
          month !== undefined && (
            <Field label={text.month}>
              {(ids) => (
                <select
                  {...ids}
                  className={inputClass}
                  value={month}
                  onChange={(event) => setChosen(event.target.value)}
                >
                  {months.toReversed().map((one) => (
                    <option key={one.month}>{one.month}</option>
                  ))}
                </select>
              )}
            </Field>
          )
        }
      >
        {text.title}
      </PageTitle>
      <div className="grid grid-cols-1 gap-5">
        {isPending && <Skeleton lines={8} />}
        {error && <ProblemNotice error={error} retry={() => refetch()} />}
        {data && months.length === 0 && (
          <EmptyState
            title={text.never}
            action={
              <Link to="/operator/jobs" className={buttonClass()}>
                {text.toJobs}
              </Link>
            }
          >
            {text.neverText}
          </EmptyState>
        )}
        {months.length > 0 && <MonthsPanel months={months} />}
        {month !== undefined && <MonthView month={month} />}
      </div>
    </>
  );
}
