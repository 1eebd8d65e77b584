import { Bar, CartesianGrid, ComposedChart, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { useMessages } from '../../messages/context.tsx';
import { downsample } from './downsample.ts';
import type { TimeChartProps } from './time-chart.tsx';

/** Told apart by colour and by how they are drawn. */
const strokes = [
  { colour: 'var(--accent)', dashes: '0' },
  { colour: 'var(--wait)', dashes: '6 3' },
  { colour: 'var(--bad)', dashes: '2 3' },
  { colour: 'var(--soft)', dashes: '8 3 2 3' },
] as const;

/** The drawing of a `TimeChart`. */
export function TimeChartView({ points, series, kind = 'line', formatTime, formatValue }: TimeChartProps<string>) {
  const { number } = useMessages();
  const format = formatValue ?? number;
  const first = series[0]?.key ?? '';
  const shown = downsample(points, (point) => point[first] ?? null);
  const time = (at: unknown): string => formatTime(String(at));
  return (
    <ResponsiveContainer width="100%" height="100%">
      <ComposedChart accessibilityLayer={false} data={[...shown]} margin={{ top: 4, right: 8, bottom: 0, left: -8 }}>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis dataKey="at" tickFormatter={time} minTickGap={40} stroke="var(--soft)" fontSize={12} tickLine={false} />
        <YAxis
          stroke="var(--soft)"
          fontSize={12}
          tickLine={false}
          axisLine={false}
          tickFormatter={(value: number) => format(value)}
        />
        <Tooltip
          labelFormatter={time}
          formatter={(value) => format(Number(value))}
          cursor={{ fill: 'var(--tint)' }}
          contentStyle={{ background: 'var(--panel)', border: '1px solid var(--line)', borderRadius: 8 }}
        />
        {series.map(({ key, name }, index) => {
          const { colour, dashes } = strokes[index % strokes.length] ?? strokes[0];
          return kind === 'bar' ? (
            <Bar key={key} dataKey={key} name={name} fill={colour} radius={[3, 3, 0, 0]} isAnimationActive={false} />
          ) : (
            <Line
              key={key}
              dataKey={key}
              name={name}
              stroke={colour}
              strokeDasharray={dashes}
              strokeWidth={2}
              dot={shown.length < 30}
              connectNulls
              isAnimationActive={false}
            />
          );
        })}
      </ComposedChart>
    </ResponsiveContainer>
  );
}
