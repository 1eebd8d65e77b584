import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { CallOutput } from '../api/client.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { useFormat } from '../messages/format.ts';
import { TimeChart } from '../parts/chart/time-chart.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Segmented } from '../parts/segmented.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { usageQuery } from '../queries.ts';
import { usageMessages } from './messages.ts';

type Usage = CallOutput<'getUsage'>;
type Meter = Usage['meters'][number];

const DAY_MS = 86_400_000;

/** One meter against what the tier includes. */
function MeterRow({ meter }: { readonly meter: Meter }) {
  const { number } = useMessages();
  const text = useText(usageMessages);
  const { period, included, forecast, today, limitPerDay } = meter;
  const name = text.meterNames[meter.meter];
  const over = Math.max(period, forecast ?? 0) > included;
  return (
    <li className="space-y-2 py-4">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span className="font-medium">{name}</span>
        <span className="text-sm text-soft tabular-nums">
          {included > 0 ? text.usedOf(number(period), number(included)) : text.noneIncluded(number(period))}
        </span>
      </div>
      <meter
        className="h-2 w-full"
        min={0}
        max={Math.max(included, period, 1)}
        value={period}
        aria-label={`${name}: ${text.usedOf(number(period), number(included))}`}
      />
      <p className="flex flex-wrap justify-between gap-x-4 text-sm text-soft tabular-nums">
        <span>
          {limitPerDay === null ? text.today(number(today)) : text.todayOf(number(today), number(limitPerDay))}
        </span>
        {forecast !== null && (
          <span className={over ? 'text-wait' : undefined}>
            {text.goesTo(number(Math.round(forecast)))}
            {over && ` · ${text.over}`}
          </span>
        )}
      </p>
    </li>
  );
}

function Invoice({ usage }: { readonly usage: Usage }) {
  const { number, money, date } = useMessages();
  const text = useText(usageMessages);
  const { invoice, period } = usage;
  const days = Math.max(1, Math.round((Date.parse(period.to) - Date.parse(period.from)) / DAY_MS));
  const day = Math.min(days, Math.floor((Date.now() - Date.parse(period.from)) / DAY_MS) + 1);
  return (
    <Panel title={text.invoice}>
      <p className="text-sm text-soft">{text.until(date(period.from), date(period.to))}</p>
      <p className="mt-3 text-sm tabular-nums">{text.dayOf(number(day), number(days))}</p>
      <progress className="mt-1 h-2 w-full" max={days} value={day} aria-label={text.dayOf(number(day), number(days))} />
      {invoice ? (
        <dl className="mt-5 space-y-3">
          <div className="flex justify-between gap-4">
            <dt className="text-soft">{text.base}</dt>
            <dd className="tabular-nums">{money(invoice.base, invoice.currency)}</dd>
          </div>
          {invoice.overage.map(({ meter, units, amount }) => (
            <div key={meter} className="flex justify-between gap-4">
              <dt className="text-soft">{text.beyond(text.meterNames[meter], number(units))}</dt>
              <dd className="tabular-nums">{money(amount, invoice.currency)}</dd>
            </div>
          ))}
          <div className="flex items-baseline justify-between gap-4 border-t border-line pt-3">
            <dt>{text.total}</dt>
            <dd className="text-2xl font-semibold tabular-nums">{money(invoice.total, invoice.currency)}</dd>
          </div>
        </dl>
      ) : (
        <p className="mt-5 text-soft">{text.tooEarly}</p>
      )}
    </Panel>
  );
}

/** What was metered: each meter against what the tier covers, the forecast of the invoice, and the course of one meter. */
export function UsagePanel() {
  const { time } = useMessages();
  const text = useText(usageMessages);
  const { day } = useFormat();
  const [granularity, setGranularity] = useState<Usage['granularity']>('day');
  const [shown, setShown] = useState<Meter['meter']>('events_collected');
  const usage = useQuery({ ...usageQuery(granularity), placeholderData: (before) => before });
  if (usage.isPending) return <Skeleton lines={12} />;
  if (usage.error) return <ProblemNotice error={usage.error} retry={() => usage.refetch()} />;
  const meter = usage.data.meters.find((one) => one.meter === shown);
  // A tier without a silo has no hours of one to read about.
  const concerned = usage.data.meters.filter(({ included, period }) => included > 0 || period > 0);
  return (
    <div className="space-y-5">
      <div className="grid gap-5 lg:grid-cols-3 lg:items-start">
        <Panel title={text.meters} className="lg:col-span-2">
          <ul className="divide-y divide-line">
            {concerned.map((one) => (
              <MeterRow key={one.meter} meter={one} />
            ))}
          </ul>
        </Panel>
        <Invoice usage={usage.data} />
      </div>
      <Panel
        title={text.course}
        aside={
          <div className="flex flex-wrap gap-3">
            <select
              aria-label={text.usageMeter}
              className="min-h-10 rounded-lg border border-line bg-panel px-3 text-sm"
              value={shown}
              onChange={({ target }) => setShown(target.value as Meter['meter'])}
            >
              {concerned.map((one) => (
                <option key={one.meter} value={one.meter}>
                  {text.meterNames[one.meter]}
                </option>
              ))}
            </select>
            <Segmented
              label={text.usageGranularity}
              options={text.steps}
              value={granularity}
              onChange={setGranularity}
            />
          </div>
        }
      >
        {meter && (
          <TimeChart
            label={text.meterNames[shown]}
            kind="bar"
            points={meter.series.map(({ at, quantity }) => ({ at, quantity }))}
            series={[{ key: 'quantity', name: text.meterNames[shown] }]}
            formatTime={usage.data.granularity === 'hour' ? time : day}
          />
        )}
        <p className="mt-3 text-sm text-soft">{text.daysNote}</p>
      </Panel>
    </div>
  );
}
