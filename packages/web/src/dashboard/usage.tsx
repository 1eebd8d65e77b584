import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { CallOutput } from '../api/client.ts';
import { useMessages } from '../messages/context.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { usageQuery } from '../queries.ts';

type Usage = CallOutput<'getUsage'>;
type MeterName = Usage['meters'][number]['meter'];
type Granularity = Usage['granularity'];

/** What was metered: a chart of one meter by the hour or day, all meters against what the tier covers, and the forecast of the invoice. */
export function UsagePanel() {
  const { t } = useMessages();
  const [granularity, setGranularity] = useState<Granularity>('hour');
  const [shown, setShown] = useState<MeterName>('events_collected');
  const usage = useQuery(usageQuery(granularity));
  const meter = usage.data?.meters.find((one) => one.meter === shown);
  const choices = (
    <div className="flex flex-wrap gap-2 text-sm">
      <select
        aria-label={t.usageMeter}
        className="rounded-lg border border-line bg-panel px-2 py-1"
        value={shown}
        onChange={({ target }) => setShown(target.value as MeterName)}
      >
        {(usage.data?.meters ?? []).map((one) => (
          <option key={one.meter} value={one.meter}>
            {t.meters[one.meter]}
          </option>
        ))}
      </select>
      <select
        aria-label={t.usageGranularity}
        className="rounded-lg border border-line bg-panel px-2 py-1"
        value={granularity}
        onChange={({ target }) => setGranularity(target.value as Granularity)}
      >
        <option value="hour">{t.usageByHour}</option>
        <option value="day">{t.usageByDay}</option>
      </select>
    </div>
  );
  return (
    <Panel title={t.usageTitle} aside={choices}>
      {usage.isPending && <Skeleton lines={6} />}
      {usage.error && <ProblemNotice error={usage.error} retry={() => usage.refetch()} />}
      {usage.data && (
        <>
          {meter && <Series series={meter.series} name={t.meters[shown]} granularity={granularity} />}
          <Meters meters={usage.data.meters} />
          <Forecast invoice={usage.data.invoice} until={usage.data.period.to} />
        </>
      )}
    </Panel>
  );
}

function Series(props: {
  readonly series: Usage['meters'][number]['series'];
  readonly name: string;
  readonly granularity: Granularity;
}) {
  const { time, date } = useMessages();
  const label = (at: unknown): string => (props.granularity === 'hour' ? time : date)(String(at));
  return (
    <div aria-hidden="true" className="mb-4 h-44">
      <ResponsiveContainer width="100%" height="100%">
        <BarChart data={props.series} margin={{ top: 4, right: 4, bottom: 0, left: -16 }}>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            dataKey="at"
            tickFormatter={label}
            minTickGap={40}
            stroke="var(--soft)"
            fontSize={12}
            tickLine={false}
          />
          <YAxis stroke="var(--soft)" fontSize={12} tickLine={false} axisLine={false} />
          <Tooltip
            labelFormatter={label}
            cursor={{ fill: 'var(--tint)' }}
            contentStyle={{ background: 'var(--panel)', border: '1px solid var(--line)', borderRadius: 8 }}
          />
          <Bar
            dataKey="quantity"
            name={props.name}
            fill="var(--accent)"
            radius={[3, 3, 0, 0]}
            isAnimationActive={false}
          />
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
}

function Meters({ meters }: { readonly meters: Usage['meters'] }) {
  const { t, number } = useMessages();
  return (
    <div className="overflow-x-auto">
      <table className="w-full text-left text-sm tabular-nums">
        <thead>
          <tr className="text-soft">
            <th scope="col">{t.usageMeter}</th>
            <th scope="col">{t.usageToday}</th>
            <th scope="col">{t.usagePeriod}</th>
            <th scope="col">{t.usageIncluded}</th>
            <th scope="col">{t.usageForecast}</th>
          </tr>
        </thead>
        <tbody>
          {meters.map(({ meter, today, limitPerDay, period, included, forecast }) => (
            <tr key={meter} className={forecast !== null && forecast > included ? 'text-wait' : undefined}>
              <th scope="row" className="font-normal">
                {t.meters[meter]}
              </th>
              <td>{limitPerDay === null ? number(today) : t.usageOf(number(today), number(limitPerDay))}</td>
              <td>{number(period)}</td>
              <td>{number(included)}</td>
              <td>{forecast === null ? '–' : number(Math.round(forecast))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Forecast({ invoice, until }: { readonly invoice: Usage['invoice']; readonly until: string }) {
  const { t, money, date } = useMessages();
  return (
    <p className="mt-4" aria-live="polite">
      {invoice ? t.usageInvoice(money(invoice.total, invoice.currency), date(until)) : t.usageTooEarly}
    </p>
  );
}
