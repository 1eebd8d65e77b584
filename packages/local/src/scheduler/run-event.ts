import type { DueRun } from './schedule.ts';

/** What the function of a run gets: its own input, or the event by which AWS tells of a run. */
export function runEvent(run: DueRun): unknown {
  const { schedule, scheduledAt, id } = run;
  const time = new Date(scheduledAt).toISOString().replace(/\.\d{3}Z$/, 'Z');
  if (schedule.input !== undefined) return JSON.parse(withAttributes(schedule.input, run, time));
  const [, , , region = '', account = ''] = schedule.arn.split(':');
  const rule = schedule.kind === 'rule';
  return {
    version: '0',
    id,
    'detail-type': 'Scheduled Event',
    source: rule ? 'aws.events' : 'aws.scheduler',
    account,
    time,
    region,
    resources: [schedule.arn],
    detail: rule ? {} : '{}',
  };
}

/** EventBridge Scheduler fills these words in, wherever the input has them. */
function withAttributes(input: string, { schedule, id, attempt }: DueRun, time: string): string {
  if (schedule.kind === 'rule') return input;
  return input
    .replaceAll('<aws.scheduler.schedule-arn>', () => schedule.arn)
    .replaceAll('<aws.scheduler.scheduled-time>', time)
    .replaceAll('<aws.scheduler.execution-id>', id)
    .replaceAll('<aws.scheduler.attempt-number>', String(attempt));
}
