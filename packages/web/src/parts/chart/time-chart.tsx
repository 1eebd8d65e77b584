import { lazy, Suspense } from 'react';
import { useMessages } from '../../messages/context.tsx';
import { DataTable } from '../data-table.tsx';

/** One line or row of bars; what has no value at a time is left out there. */
export interface Series<Key extends string> {
  readonly key: Key;
  readonly name: string;
}

export interface TimePoint {
  /** RFC 3339 */
  readonly at: string;
}

export interface TimeChartProps<Key extends string> {
  /** What the chart shows, for screen readers and as the title of its table. */
  readonly label: string;
  readonly points: readonly (TimePoint & Readonly<Partial<Record<Key, number | null>>>)[];
  /** At most four. */
  readonly series: readonly Series<Key>[];
  readonly kind?: 'line' | 'bar';
  /** How a time reads below the chart and in the table. */
  readonly formatTime: (at: string) => string;
  readonly formatValue?: (value: number) => string;
}

/** The library is the largest part of the site, so it waits until there is something to draw. */
const View = lazy(() => import('./time-chart-view.tsx').then(({ TimeChartView }) => ({ default: TimeChartView })));

/** Rows of the table that says the same in figures; the newest. */
const TABLE_ROWS_MAX = 100;

/**
 * Figures over time. Its place is taken from the start, so nothing moves when it appears; the same figures are in a table for whoever cannot
 * see a chart or wants to read them off.
 */
export function TimeChart<Key extends string>(props: TimeChartProps<Key>) {
  const { t, number } = useMessages();
  const { label, points, series, formatTime, formatValue = number } = props;
  return (
    <div>
      <div aria-hidden="true" className="h-56">
        <Suspense fallback={<div className="h-full animate-pulse rounded-lg bg-tint" />}>
          <View {...(props as TimeChartProps<string>)} />
        </Suspense>
      </div>
      <details className="mt-3 text-sm">
        <summary className="inline-flex min-h-6 items-center text-soft">{t.asTable}</summary>
        <div className="mt-2 max-h-80 overflow-y-auto">
          <DataTable
            label={label}
            rows={points.slice(-TABLE_ROWS_MAX).toReversed()}
            rowKey={({ at }) => at}
            columns={[
              { title: t.atTime, cell: ({ at }) => formatTime(at) },
              ...series.map(({ key, name }) => ({
                title: name,
                numeric: true,
                cell: (point: (typeof points)[number]) => {
                  const value: number | null | undefined = point[key];
                  return value === null || value === undefined ? '–' : formatValue(value);
                },
              })),
            ]}
          />
        </div>
      </details>
    </div>
  );
}
