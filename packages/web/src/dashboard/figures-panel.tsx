import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useFlag } from '../company/flag.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { useFormat } from '../messages/format.ts';
import { TimeChart } from '../parts/chart/time-chart.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Segmented } from '../parts/segmented.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { activityQuery } from '../queries.ts';
import {
  changeOf,
  countByDay,
  type Figure,
  figureOf,
  mainCurrency,
  meterByDay,
  type Span,
  shareOf,
  windowOf,
} from './figures.ts';
import { firstSpan } from './first-figures.ts';
import { dashboardMessages } from './messages.ts';
import { performanceQuery, usageSinceQuery } from './queries.ts';
import { Sparkline } from './sparkline.tsx';

const names = ['events', 'recommendations', 'clickThrough', 'revenue'] as const;
type Name = (typeof names)[number];

function Tile({
  name,
  figure,
  span,
  shown,
  chosen,
  onChoose,
  hint,
}: {
  readonly name: string;
  readonly figure: Figure;
  readonly span: Span;
  readonly shown: (value: number) => string;
  readonly chosen: boolean;
  readonly onChoose: () => void;
  readonly hint?: string | undefined;
}) {
  const text = useText(dashboardMessages);
  const { signedPercent } = useFormat();
  const change = changeOf(figure);
  const tone = change === undefined || change === 0 ? 'text-soft' : change > 0 ? 'text-good' : 'text-bad';
  return (
    <label className="block cursor-pointer rounded-xl border border-line bg-panel p-5 has-checked:border-accent has-focus-visible:outline-3 has-focus-visible:outline-accent">
      <span className="flex items-center justify-between gap-2 text-sm text-soft">
        {name}
        <input type="radio" name="dashboard-figure" checked={chosen} onChange={onChoose} className="accent-accent" />
      </span>
      <span className="mt-1 block text-2xl font-semibold tracking-tight tabular-nums">{shown(figure.value)}</span>
      <span className="mt-1 block text-sm">
        {hint ? (
          <span className="text-soft">{hint}</span>
        ) : change === undefined ? (
          <span className="text-soft">{text.firstOf(text.spans[span])}</span>
        ) : (
          <>
            <span className={`font-medium tabular-nums ${tone}`}>{signedPercent(change)}</span>{' '}
            <span className="text-soft">{text.against(text.spans[span])}</span>
          </>
        )}
      </span>
      <Sparkline values={figure.series.map(({ value }) => value)} />
    </label>
  );
}

/** What the shop did and what its lists came to, against as many days before; one figure at a time in the chart. */
export function FiguresPanel() {
  const { number, money } = useMessages();
  const text = useText(dashboardMessages);
  const { percent, day } = useFormat();
  const [span, setSpan] = useState<Span>(firstSpan);
  const [name, setName] = useState<Name>('events');
  const today = new Date().toISOString().slice(0, 10);
  const range = windowOf(span, today);
  const usage = useQuery(usageSinceQuery(range.before.first));
  const performance = useQuery(performanceQuery(range.before.first, today));
  const activity = useQuery(activityQuery(useFlag('live-activity')));
  const error = usage.error ?? performance.error;
  const choice = <Segmented label={text.span} options={text.spans} value={span} onChange={setSpan} />;
  if (error) {
    return (
      <ProblemNotice
        error={error}
        retry={() => {
          void usage.refetch();
          void performance.refetch();
        }}
      />
    );
  }
  if (!usage.data || !performance.data) {
    return (
      <div className="h-[36rem] space-y-5 sm:h-[30rem]">
        <Skeleton lines={10} />
      </div>
    );
  }
  const lists = countByDay(performance.data, ({ impressions }) => impressions);
  const clicked = countByDay(performance.data, ({ clickedLists }) => clickedLists);
  const currency = mainCurrency(performance.data);
  const earned = countByDay(performance.data, ({ revenue }) => (currency && revenue[currency]) || 0);
  const figures: Readonly<Record<Name, Figure>> = {
    events: figureOf(meterByDay(usage.data, 'events_collected'), range),
    recommendations: figureOf(meterByDay(usage.data, 'recommendations_served'), range),
    clickThrough: shareOf(clicked, lists, range),
    revenue: figureOf(earned, range),
  };
  const shownAs: Readonly<Record<Name, (value: number) => string>> = {
    events: number,
    recommendations: number,
    clickThrough: percent,
    revenue: (value) => (currency ? money(value, currency) : number(value)),
  };
  const figure = figures[name];
  return (
    <div className="space-y-5">
      <div className="flex justify-end">{choice}</div>
      <fieldset className="grid grid-cols-2 gap-4 lg:grid-cols-4">
        <legend className="sr-only">{text.chart}</legend>
        {names.map((one) => (
          <Tile
            key={one}
            name={text[one]}
            figure={figures[one]}
            span={span}
            shown={shownAs[one]}
            chosen={one === name}
            onChoose={() => setName(one)}
            hint={one === 'revenue' && !currency ? text.noRevenue : undefined}
          />
        ))}
      </fieldset>
      <Panel title={text.overTime(text[name])}>
        {figure.series.some(({ value }) => value > 0) ? (
          <TimeChart
            label={text.overTime(text[name])}
            points={figure.series}
            series={[{ key: 'value', name: text[name] }]}
            kind={name === 'clickThrough' ? 'line' : 'bar'}
            formatTime={day}
            formatValue={shownAs[name]}
          />
        ) : (
          <EmptyState title={text.nothingYet}>
            {activity.data && activity.data.archivedEvents > 0 ? text.beingCounted : text.nothingYetText}
          </EmptyState>
        )}
      </Panel>
    </div>
  );
}
