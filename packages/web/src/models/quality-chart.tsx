import type { CallOutput } from '../api/client.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { useFormat } from '../messages/format.ts';
import { TimeChart } from '../parts/chart/time-chart.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { Panel } from '../parts/panel.tsx';
import { modelsMessages } from './messages.ts';

type Run = CallOutput<'listModels'>['history'][number];

/** How well each training did, over time. */
export function QualityChart({ history }: { readonly history: readonly Run[] }) {
  const { date, time } = useMessages();
  const text = useText(modelsMessages);
  const { percent } = useFormat();
  const points = history
    .flatMap(({ endedAt, quality }) =>
      quality ? [{ at: endedAt, hits: quality.hr20, rank: quality.mrr20, novel: quality.novelHr20 }] : [],
    )
    .toReversed();
  return (
    <Panel title={text.chart}>
      {points.length === 0 ? (
        <EmptyState title={text.chartEmpty}>{text.chartEmptyText}</EmptyState>
      ) : (
        <>
          <ul className="mb-3 flex flex-wrap gap-x-5 gap-y-1 text-sm text-soft">
            {(['hits', 'rank', 'novel'] as const).map((name, index) => (
              <li key={name} className="flex items-center gap-2">
                <svg viewBox="0 0 24 4" aria-hidden="true" className="h-1 w-6">
                  <line
                    x1="0"
                    x2="24"
                    y1="2"
                    y2="2"
                    strokeWidth="2.5"
                    stroke={['var(--accent)', 'var(--wait)', 'var(--bad)'][index]}
                    strokeDasharray={['0', '6 3', '2 3'][index]}
                  />
                </svg>
                {text[name]}
              </li>
            ))}
          </ul>
          <TimeChart
            label={text.chart}
            points={points}
            series={[
              { key: 'hits', name: text.hits },
              { key: 'rank', name: text.rank },
              { key: 'novel', name: text.novel },
            ]}
            formatTime={(at) => `${date(at)} ${time(at)}`}
            formatValue={percent}
          />
          <p className="mt-3 max-w-prose text-sm text-soft">{text.chartNote}</p>
        </>
      )}
    </Panel>
  );
}

/** Each training that has ended: how it went, and what served from then on. */
export function HistoryTable({ history }: { readonly history: readonly Run[] }) {
  const { number, date, time } = useMessages();
  const text = useText(modelsMessages);
  const { percent } = useFormat();
  if (history.length === 0) return null;
  return (
    <Panel title={text.history}>
      <div className="max-h-96 overflow-y-auto">
        <DataTable
          label={text.history}
          rows={history}
          rowKey={({ trainingId }) => trainingId}
          columns={[
            {
              title: text.when,
              cell: ({ endedAt }) => (
                <span className="whitespace-nowrap">
                  {date(endedAt)} {time(endedAt)}
                </span>
              ),
            },
            {
              title: text.took,
              numeric: true,
              cell: ({ startedAt, endedAt }) =>
                text.seconds(number(Math.round((Date.parse(endedAt) - Date.parse(startedAt)) / 1000))),
            },
            {
              title: text.result,
              cell: ({ status, reason }) => (
                <span className={status === 'succeeded' ? 'text-good' : status === 'failed' ? 'text-bad' : 'text-wait'}>
                  {text.outcomeOf[status]}
                  {reason && <span className="block text-soft wrap-anywhere">{reason}</span>}
                </span>
              ),
            },
            { title: text.hits, numeric: true, cell: ({ quality }) => (quality ? percent(quality.hr20) : '–') },
            {
              title: text.servedAfter,
              cell: ({ servingVersion }) => <code className="text-soft">{servingVersion ?? '–'}</code>,
            },
          ]}
        />
      </div>
    </Panel>
  );
}
