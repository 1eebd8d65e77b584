import { useQuery } from '@tanstack/react-query';
import { useFlag } from '../company/flag.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { TimeChart } from '../parts/chart/time-chart.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { activityQuery } from '../queries.ts';
import { dashboardMessages } from './messages.ts';

/** Events of the last hour by the minute, as they come. */
export function ActivityPanel() {
  const { t, time, number } = useMessages();
  const text = useText(dashboardMessages);
  const activity = useQuery(activityQuery(useFlag('live-activity')));
  const minutes = activity.data?.minutes ?? [];
  const lastHour = minutes.reduce((sum, { events }) => sum + events, 0);
  const archived = activity.data?.archivedEvents ?? 0;
  return (
    <Panel title={text.activityTitle}>
      {activity.isPending && <Skeleton lines={8} />}
      {activity.error && <ProblemNotice error={activity.error} retry={() => activity.refetch()} />}
      <div aria-live="polite">
        {activity.data && archived === 0 && (
          <EmptyState title={text.activityWaiting}>{text.activityWaitingText}</EmptyState>
        )}
        {archived > 0 && (
          <p className="mb-4 flex flex-wrap gap-x-8 gap-y-1">
            <span>
              <strong className="text-2xl tabular-nums text-good">{number(archived)}</strong>{' '}
              <span className="text-soft">{text.activityTotal}</span>
            </span>
            <span>
              <strong className="text-2xl tabular-nums">{number(lastHour)}</strong>{' '}
              <span className="text-soft">{text.activityLastHour}</span>
            </span>
          </p>
        )}
      </div>
      {archived > 0 && (
        <TimeChart
          label={text.activityTitle}
          kind="bar"
          points={minutes.map(({ minute, events }) => ({ at: minute, events }))}
          series={[{ key: 'events', name: t.events }]}
          formatTime={time}
        />
      )}
    </Panel>
  );
}
