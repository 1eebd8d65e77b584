import { useQuery } from '@tanstack/react-query';
import type { CallOutput } from '../../api/client.ts';
import { useMessages } from '../../messages/context.tsx';
import { useText } from '../../messages/define.ts';
import { Badge, type Tone } from '../../parts/badge.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { When } from '../parts/when.tsx';
import { jobsMessages } from './messages.ts';
import { jobQueries } from './queries.ts';

type Job = CallOutput<'listJobs'>['jobs'][number];

const tones: Readonly<Record<Job['state'], Tone>> = {
  succeeded: 'good',
  failed: 'bad',
  running: 'wait',
  broken: 'bad',
  never: 'neutral',
};

const tookSeconds = ({ startedAt, endedAt }: Job): number | undefined =>
  startedAt && endedAt ? (Date.parse(endedAt) - Date.parse(startedAt)) / 1000 : undefined;

/** A schedule as people say it; one of another shape as it stands. */
export function scheduleWords(
  schedule: string,
  { every, daily }: Pick<(typeof jobsMessages)['en'], 'every' | 'daily'>,
): string {
  const rate = /^rate\((\d+) (minute|hour)s?\)$/.exec(schedule);
  if (rate) return every[rate[2] === 'hour' ? 'hour' : 'minute'](Number(rate[1]));
  const [, minute, hour] = /^cron\((\d+) (\d+) \* \* \? \*\)$/.exec(schedule) ?? [];
  return minute && hour ? daily(`${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`) : schedule;
}

/** Every job with its newest run; one that is late or failed is red. */
export function JobsPanel() {
  const { number } = useMessages();
  const text = useText(jobsMessages);
  const { data, error, isPending, refetch } = useQuery(jobQueries.jobs);
  return (
    <Panel title={text.jobs}>
      {isPending && <Skeleton lines={10} />}
      {error && <ProblemNotice error={error} retry={() => refetch()} />}
      {data && (
        <DataTable
          label={text.jobs}
          rows={data.jobs}
          rowKey={({ name }) => name}
          columns={[
            {
              title: text.job,
              cell: ({ name, schedule }) => (
                <span className="block min-w-52">
                  <span className="font-medium">{text.names[name] ?? name}</span>
                  <span className="block text-soft">
                    {name} · {scheduleWords(schedule, text)}
                  </span>
                </span>
              ),
            },
            {
              title: text.state,
              cell: ({ state, late, problem }) => (
                <span className="flex flex-col items-start gap-1">
                  <span className="flex flex-wrap gap-1">
                    <Badge tone={tones[state]}>{text.states[state]}</Badge>
                    {late && <Badge tone="bad">{text.late}</Badge>}
                  </span>
                  {problem && <span className="max-w-sm text-xs text-bad wrap-anywhere">{problem}</span>}
                </span>
              ),
            },
            { title: text.began, cell: ({ startedAt }) => <When at={startedAt} /> },
            {
              title: text.took,
              numeric: true,
              cell: (job) => {
                const seconds = tookSeconds(job);
                if (seconds === undefined) return '–';
                return <span className="whitespace-nowrap">{text.seconds(number(Math.round(seconds * 10) / 10))}</span>;
              },
            },
            { title: text.due, cell: ({ nextAt }) => <When at={nextAt} /> },
            { title: text.lastWell, cell: ({ succeededAt }) => <When at={succeededAt} /> },
          ]}
        />
      )}
    </Panel>
  );
}
