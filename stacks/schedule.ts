import { type JobName, jobs, lateAfterSeconds } from '@tenantry/core/jobs/jobs';
import { createAlarmTopic } from './alarm-topic.ts';
import type { DeployedFunction } from './function.ts';
import { trustOnBehalf } from './grants.ts';
import { componentName } from './naming.ts';

/** Has a job run by its clock. @param event what its function gets; absent where it does one job only */
export type Schedule = (name: JobName, job: DeployedFunction, event?: object) => void;

/** Runs the jobs, and tells when a run is missing. */
export function createSchedules(): Schedule {
  const topic = createAlarmTopic('JobAlarms', 'cloudwatch.amazonaws.com');
  return (name, job, event) => {
    const { schedule, retries } = jobs[name];
    new sst.aws.CronV2(componentName(name), {
      schedule,
      function: job.arn,
      ...(event ? { event } : {}),
      retries,
      transform: {
        role(args) {
          args.assumeRolePolicy = trustOnBehalf('scheduler.amazonaws.com');
        },
      },
    });
    watchRuns(name, job, topic);
  };
}

/** CloudWatch looks back further than a day only in periods of an hour. */
const periodOf = (seconds: number): 300 | 3600 => (seconds < 3600 ? 300 : 3600);

/** An alarm when no run of the job has gone well for longer than there should be between two. Lambda's own metrics cost nothing. */
function watchRuns(name: JobName, { name: FunctionName }: DeployedFunction, topic: aws.sns.Topic): void {
  const period = periodOf(jobs[name].everySeconds);
  const evaluationPeriods = Math.ceil(lateAfterSeconds(name) / period);
  const metric = (id: string, metricName: string) => ({
    id,
    returnData: false,
    metric: { namespace: 'AWS/Lambda', metricName, dimensions: { FunctionName }, period, stat: 'Sum' },
  });
  new aws.cloudwatch.MetricAlarm(`${componentName(name)}Missing`, {
    alarmDescription: `The job ${name} has not run, or not gone well, for longer than it should.`,
    comparisonOperator: 'LessThanThreshold',
    threshold: 1,
    evaluationPeriods,
    datapointsToAlarm: evaluationPeriods,
    treatMissingData: 'breaching',
    metricQueries: [
      metric('runs', 'Invocations'),
      metric('errors', 'Errors'),
      { id: 'well', expression: 'FILL(runs, 0) - FILL(errors, 0)', label: 'Runs that went well', returnData: true },
    ],
    alarmActions: [topic.arn],
  });
}
