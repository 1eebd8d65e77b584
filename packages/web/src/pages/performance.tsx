import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useViewer } from '../company/company.ts';
import { daysFrom, type Span, windowOf } from '../dashboard/figures.ts';
import { performanceQuery } from '../dashboard/queries.ts';
import { scenarioMessages } from '../explorer/messages.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { useFormat } from '../messages/format.ts';
import { buttonClass } from '../parts/button.tsx';
import { TimeChart } from '../parts/chart/time-chart.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Segmented } from '../parts/segmented.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { Stat } from '../parts/stat.tsx';
import {
  breakdown,
  courses,
  type FigureName,
  figures,
  type Grouping,
  type Totals,
  totalsOf,
} from '../performance/breakdown.ts';
import { performanceMessages } from '../performance/messages.ts';
import { NotForYou } from './not-for-you.tsx';

/** A chart has four ways to draw a line. */
const LINES_MAX = 4;

/** What the lists came to, by place in the shop, model or variant, and by the day. */
export function PerformancePage() {
  const { number, money } = useMessages();
  const text = useText(performanceMessages);
  const scenarios = useText(scenarioMessages);
  const { percent, day } = useFormat();
  const viewer = useViewer();
  const [span, setSpan] = useState<Span>('30');
  const [by, setBy] = useState<Grouping>('scenario');
  const [figure, setFigure] = useState<FigureName>('clickRate');
  const { first, last } = windowOf(span, new Date().toISOString().slice(0, 10));
  const may = viewer?.may('getPerformance') ?? false;
  const answer = useQuery({ ...performanceQuery(first, last), enabled: may });
  if (!viewer) return <Skeleton lines={8} />;
  if (!may) return <NotForYou title={text.title} />;
  const days = answer.data?.days ?? [];
  const groups = breakdown(days, by);
  const shown = groups.slice(0, LINES_MAX).map(({ name }) => name);
  const nameOf = (name: string): string =>
    by === 'scenario'
      ? (scenarios[name as keyof typeof scenarios] ?? name)
      : name === 'none'
        ? by === 'variant'
          ? text.noVariant
          : text.noModel
        : (name.split(':').at(-1) ?? name);
  const revenueOf = ({ revenue }: Totals): string =>
    Object.entries(revenue)
      .map(([currency, amount]) => money(amount, currency))
      .join(' + ') || '–';
  const shareOf = (share: number | null): string => (share === null ? '–' : percent(share));
  const isShare = figure === 'clickRate' || figure === 'conversionRate';
  const whole = totalsOf(days);
  return (
    <>
      <PageTitle
        note={text.note}
        actions={<Segmented label={text.days} options={text.spans} value={span} onChange={setSpan} />}
      >
        {text.title}
      </PageTitle>
      {answer.isPending && <Skeleton lines={12} />}
      {answer.error && <ProblemNotice error={answer.error} retry={() => answer.refetch()} />}
      {answer.data && days.length === 0 && (
        <EmptyState
          title={text.emptyTitle}
          action={
            viewer.may('createApiKey') && (
              <Link to="/connect" className={buttonClass('strong')}>
                {text.toSnippet}
              </Link>
            )
          }
        >
          {text.empty}
        </EmptyState>
      )}
      {days.length > 0 && (
        <div className="space-y-5">
          <dl className="grid grid-cols-2 gap-4 lg:grid-cols-4">
            <Stat name={text.impressions} value={number(whole.impressions)} />
            <Stat name={text.clickRate} value={shareOf(figures.clickRate(whole))} />
            <Stat name={text.conversions} value={number(whole.conversions)} />
            <Stat name={text.revenue} value={revenueOf(whole)} />
          </dl>
          <Panel
            title={text.chart(text[figure])}
            aside={
              <div className="flex flex-wrap gap-3">
                <select
                  aria-label={text.figure}
                  className="min-h-10 rounded-lg border border-line bg-panel px-3 text-sm"
                  value={figure}
                  onChange={({ target }) => setFigure(target.value as FigureName)}
                >
                  {(Object.keys(figures) as FigureName[]).map((one) => (
                    <option key={one} value={one}>
                      {text[one]}
                    </option>
                  ))}
                </select>
                <Segmented label={text.by} options={text.groups} value={by} onChange={setBy} />
              </div>
            }
          >
            <TimeChart
              label={text.chart(text[figure])}
              points={courses(days, { by, figure, names: shown, all: daysFrom(first, last) })}
              kind="bar"
              series={shown.map((name, index) => ({ key: `line${index}`, name: nameOf(name) }))}
              formatTime={day}
              formatValue={isShare ? percent : number}
            />
          </Panel>
          <Panel title={text.groups[by]}>
            <DataTable
              label={text.groups[by]}
              rows={groups}
              rowKey={({ name }) => name}
              columns={[
                {
                  title: text.groups[by],
                  cell: ({ name }) => <span className="wrap-anywhere">{nameOf(name)}</span>,
                },
                { title: text.impressions, numeric: true, cell: ({ impressions }) => number(impressions) },
                { title: text.clickRate, numeric: true, cell: (row) => shareOf(figures.clickRate(row)) },
                { title: text.clicks, numeric: true, cell: ({ clicks }) => number(clicks) },
                { title: text.conversions, numeric: true, cell: ({ conversions }) => number(conversions) },
                { title: text.conversionRate, numeric: true, cell: (row) => shareOf(figures.conversionRate(row)) },
                { title: text.revenue, numeric: true, cell: revenueOf },
              ]}
            />
          </Panel>
        </div>
      )}
    </>
  );
}
