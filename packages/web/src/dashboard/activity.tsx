import { useQuery } from '@tanstack/react-query';
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { useFlag } from '../company/flag.ts';
import { useMessages } from '../messages/context.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { activityQuery } from '../queries.ts';

/** Events of the last hour by the minute, as they come. */
export function ActivityPanel() {
  const { t, time, number } = useMessages();
  const activity = useQuery(activityQuery(useFlag('live-activity')));
  const minutes = activity.data?.minutes ?? [];
  const lastHour = minutes.reduce((sum, { events }) => sum + events, 0);
  const any = (activity.data?.archivedEvents ?? 0) > 0;
  return (
    <Panel title={t.activityTitle}>
      {activity.isPending && <Skeleton lines={6} />}
      {activity.error && <ProblemNotice error={activity.error} retry={() => activity.refetch()} />}
      <div aria-live="polite">
        {activity.data && !any && (
          <div className="space-y-1 rounded-lg border border-dashed border-line p-6 text-center">
            <p className="font-medium text-wait">{t.activityWaiting}</p>
            <p className="text-soft">{t.activityWaitingText}</p>
          </div>
        )}
        {any && (
          <p className="mb-4 flex flex-wrap gap-x-8 gap-y-1">
            <span>
              <strong className="text-2xl tabular-nums text-good">{number(activity.data?.archivedEvents ?? 0)}</strong>{' '}
              <span className="text-soft">{t.activityTotal}</span>
            </span>
            <span>
              <strong className="text-2xl tabular-nums">{number(lastHour)}</strong>{' '}
              <span className="text-soft">{t.activityLastHour}</span>
            </span>
          </p>
        )}
      </div>
      {any && (
        <>
          <div aria-hidden="true" className="h-52">
            <ResponsiveContainer width="100%" height="100%">
              <BarChart data={minutes} margin={{ top: 4, right: 4, bottom: 0, left: -16 }}>
                <CartesianGrid vertical={false} stroke="var(--line)" />
                <XAxis
                  dataKey="minute"
                  tickFormatter={time}
                  minTickGap={40}
                  stroke="var(--soft)"
                  fontSize={12}
                  tickLine={false}
                />
                <YAxis allowDecimals={false} stroke="var(--soft)" fontSize={12} tickLine={false} axisLine={false} />
                <Tooltip
                  labelFormatter={(label) => time(String(label))}
                  cursor={{ fill: 'var(--tint)' }}
                  contentStyle={{ background: 'var(--panel)', border: '1px solid var(--line)', borderRadius: 8 }}
                />
                <Bar
                  dataKey="events"
                  name={t.events}
                  fill="var(--accent)"
                  radius={[3, 3, 0, 0]}
                  isAnimationActive={false}
                />
              </BarChart>
            </ResponsiveContainer>
          </div>
          <details className="mt-3 text-sm">
            <summary className="text-soft">{t.activityTable}</summary>
            <table className="mt-2 w-full max-w-xs text-left tabular-nums">
              <thead>
                <tr>
                  <th scope="col">{t.minute}</th>
                  <th scope="col">{t.events}</th>
                </tr>
              </thead>
              <tbody>
                {minutes
                  .filter(({ events }) => events > 0)
                  .map(({ minute, events }) => (
                    <tr key={minute}>
                      <td>{time(minute)}</td>
                      <td>{number(events)}</td>
                    </tr>
                  ))}
              </tbody>
            </table>
          </details>
        </>
      )}
    </Panel>
  );
}
