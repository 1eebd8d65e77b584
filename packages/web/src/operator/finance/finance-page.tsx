import { useQueries, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMessages } from '../../messages/context.tsx';
import { useText } from '../../messages/define.ts';
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
import { companiesOfMonthQuery, monthQuery, monthsUntil } from './queries.ts';

/** The months side by side; those without figures are left out. */
function MonthsPanel({ months }: { readonly months: readonly string[] }) {
  const text = useText(financeMessages);
  const usd = useUsd();
  const { language } = useMessages();
  const answers = useQueries({ queries: months.map(monthQuery) });
  const points = answers
    .flatMap(({ data }) => (data ? [data] : []))
    .map(({ month, total }) => ({
      at: `${month}-01T00:00:00.000Z`,
      revenue: total.earnedMicro,
      cost: total.costMicro,
      margin: total.earnedMicro - total.costMicro,
    }))
    .toSorted((a, b) => (a.at < b.at ? -1 : 1));
  const monthName = new Intl.DateTimeFormat(language === 'ko' ? 'ko-KR' : 'en-GB', {
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
  return (
    <Panel title={text.byMonth}>
      {points.length === 0 ? (
        <Skeleton lines={4} />
      ) : (
        <TimeChart
          label={text.byMonth}
          kind="bar"
          points={points}
          series={[
            { key: 'revenue', name: text.revenue },
            { key: 'cost', name: text.cost },
            { key: 'margin', name: text.margin },
          ]}
          formatTime={(at) => monthName.format(new Date(at))}
          formatValue={usd}
        />
      )}
    </Panel>
  );
}

/** Revenue, cost and margin: of a month, over the months, by tier, service and company. */
export function FinancePage() {
  const text = useText(financeMessages);
  const [months] = useState(() => monthsUntil(new Date()));
  const [month, setMonth] = useState(months[0] ?? '');
  const stage = useQuery(monthQuery(month));
  const companies = useQuery({ ...companiesOfMonthQuery(month), enabled: Boolean(stage.data) });
  return (
    <>
      <PageTitle
        note={text.note}
        actions={
          <Field label={text.month}>
            {(ids) => (
              <select {...ids} className={inputClass} value={month} onChange={(event) => setMonth(event.target.value)}>
                {months.map((one) => (
                  <option key={one}>{one}</option>
                ))}
              </select>
            )}
          </Field>
        }
      >
        {text.title}
      </PageTitle>
      <div className="grid grid-cols-1 gap-5">
        {stage.isPending && <Skeleton lines={8} />}
        {stage.error && <ProblemNotice error={stage.error} retry={() => stage.refetch()} />}
        {stage.data === null && <EmptyState title={text.never}>{text.neverText}</EmptyState>}
        {stage.data && (
          <>
            <MonthFigures stage={stage.data} />
            <MonthsPanel months={months} />
            <MonthTables stage={stage.data} />
            {companies.isPending && <Skeleton lines={6} />}
            {companies.error && <ProblemNotice error={companies.error} retry={() => companies.refetch()} />}
            {companies.data && <CompanyTables month={month} rows={companies.data} />}
          </>
        )}
      </div>
    </>
  );
}
