import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useViewer } from '../company/company.ts';
import { useFlag } from '../company/flag.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { useFormat } from '../messages/format.ts';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { activityQuery, queries } from '../queries.ts';
import { dashboardMessages } from './messages.ts';
import { useNow } from './now.ts';

/** Whether the shop sends and is answered at this moment, and how the latest training went. */
export function HealthPanel() {
  const { number } = useMessages();
  const text = useText(dashboardMessages);
  const { ago, percent } = useFormat();
  const now = useNow(1000);
  const viewer = useViewer();
  const activity = useQuery(activityQuery(useFlag('live-activity')));
  const models = useQuery(queries.models);
  const training = models.data?.training;
  const serving = models.data?.models.find((model) => model.serving);
  const served = viewer?.may('previewRecommendations') ?? true;
  const last = activity.data?.lastArrivedAt;
  const facts = [
    [text.lastEvent, last ? ago(last, Math.max(now, Date.parse(last))) : text.noEvent],
    [text.archived, number(activity.data?.archivedEvents ?? 0)],
    [text.answers, served ? text.answering : text.notAnswering],
    [
      text.latestTraining,
      training
        ? training.status === 'running'
          ? text.trainingRunning(ago(training.startedAt, now))
          : text.trainingEnded[training.status](ago(training.endedAt ?? training.startedAt, now))
        : text.trainingNever,
    ],
  ] as const;
  return (
    <Panel
      title={text.health}
      aside={
        <Link to="/models" className="text-sm text-soft underline underline-offset-4">
          {text.toModels}
        </Link>
      }
    >
      {(activity.isPending || models.isPending) && <Skeleton lines={4} />}
      {(activity.error ?? models.error) && <ProblemNotice error={activity.error ?? models.error} />}
      {activity.data && models.data && (
        <dl className="space-y-3">
          {facts.map(([name, value]) => (
            <div key={name} className="flex flex-wrap justify-between gap-x-4 gap-y-1">
              <dt className="text-soft">{name}</dt>
              <dd className="text-right font-medium tabular-nums">{value}</dd>
            </div>
          ))}
          {serving?.quality && (
            <div className="border-t border-line pt-3 text-sm text-soft">
              <dt className="sr-only">{text.latestTraining}</dt>
              <dd>{text.hits(percent(serving.quality.hr20))}</dd>
            </div>
          )}
        </dl>
      )}
    </Panel>
  );
}
