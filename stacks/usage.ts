import { createAlarmTopic } from './alarm-topic.ts';
import type { StripeAccess } from './billing.ts';
import { createFunction, type DeployedFunction } from './function.ts';
import { on } from './grants.ts';
import type { Schedule } from './schedule.ts';
import type { Storage } from './storage.ts';
import { createStreamConsumer, type StreamConsumer } from './stream-consumer.ts';

/** From what happened to what is charged: the meter of recommendations, and the jobs that measure, count, report and redrive. */
export function createUsage(options: {
  storage: Storage;
  stripe: StripeAccess;
  archive: StreamConsumer;
  catalogue: StreamConsumer;
  schedule: Schedule;
}) {
  const { storage, stripe, archive, catalogue, schedule } = options;
  const recommendations = createRecommendationMeter(storage);
  const count = createFunction('jobs/count-usage', { storage, memoryMb: 1024, timeoutSeconds: 300 });
  const measure = createFunction('jobs/measure-usage', { storage, timeoutSeconds: 300 });
  const report = createFunction('jobs/report-usage', {
    storage,
    environment: stripe.environment,
    timeoutSeconds: 300,
  });
  const redrive = createRedrive(storage, archive, recommendations, catalogue);
  schedule('count-usage', count);
  schedule('measure-usage', measure);
  schedule('measure-storage', measure, { storage: true });
  schedule('report-usage', report);
  schedule('redrive-streams', redrive);
  const topic = createAlarmTopic('MeteringAlarms', 'cloudwatch.amazonaws.com');
  watchStream('EventArchive', archive, topic);
  watchStream('RecommendationMeter', recommendations, topic);
  watchStream('CatalogueSnapshot', catalogue, topic);
  return { functions: [recommendations.function, count, measure, report, redrive], recommendations, redrive };
}

const createRecommendationMeter = (storage: Storage): StreamConsumer =>
  createStreamConsumer('RecommendationMeter', 'consumers/recommendation-meter', {
    storage,
    streamArn: storage.recommendations.nodes.table.streamArn,
    batch: {
      batchSize: 1000,
      // Nobody looks at these by the second: fewer, larger batches cost less.
      maximumBatchingWindowInSeconds: $app.stage === 'local' ? 1 : 30,
      parallelizationFactor: 2,
      bisectBatchOnFunctionError: true,
    },
  });

/** Brings back what the consumers gave up, as long as the streams have it. */
function createRedrive(
  storage: Storage,
  archive: StreamConsumer,
  recommendations: StreamConsumer,
  catalogue: StreamConsumer,
): DeployedFunction {
  return createFunction('jobs/redrive-streams', {
    storage,
    environment: {
      EVENT_ARCHIVE_FUNCTION: archive.function.name,
      EVENT_ARCHIVE_LETTERS_QUEUE_URL: archive.deadLetters.url,
      RECOMMENDATION_METER_FUNCTION: recommendations.function.name,
      RECOMMENDATION_METER_LETTERS_QUEUE_URL: recommendations.deadLetters.url,
      CATALOGUE_SNAPSHOT_FUNCTION: catalogue.function.name,
      CATALOGUE_SNAPSHOT_LETTERS_QUEUE_URL: catalogue.deadLetters.url,
    },
    grants: [
      on(
        ['dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
        storage.events.nodes.table.streamArn,
        storage.recommendations.nodes.table.streamArn,
        storage.catalogue.nodes.table.streamArn,
        storage.silo.streams,
      ),
      on(
        ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:SendMessage'],
        archive.deadLetters.arn,
        recommendations.deadLetters.arn,
        catalogue.deadLetters.arn,
      ),
      on(['lambda:InvokeFunction'], archive.function.arn, recommendations.function.arn, catalogue.function.arn),
    ],
    timeoutSeconds: 600,
  });
}

const HOUR_MS = 3_600_000;
/** A stream keeps its records for 24 hours: from here on there are 18 left to act. */
const BEHIND_HOURS = 6;

/** Tells when a consumer falls behind, and when it gave something up, long before anything is lost. */
function watchStream(name: string, { function: consumer, deadLetters }: StreamConsumer, topic: aws.sns.Topic): void {
  const alarm = (
    what: string,
    args: Omit<aws.cloudwatch.MetricAlarmArgs, 'comparisonOperator' | 'evaluationPeriods'>,
  ) =>
    new aws.cloudwatch.MetricAlarm(`${name}${what}`, {
      comparisonOperator: 'GreaterThanThreshold',
      evaluationPeriods: 1,
      treatMissingData: 'notBreaching',
      alarmActions: [topic.arn],
      ...args,
    });
  alarm('Behind', {
    alarmDescription: `${name} is ${BEHIND_HOURS} hours behind its stream, which forgets after 24: what it does not read is lost.`,
    namespace: 'AWS/Lambda',
    metricName: 'IteratorAge',
    dimensions: { FunctionName: consumer.name },
    statistic: 'Maximum',
    period: 300,
    threshold: BEHIND_HOURS * HOUR_MS,
  });
  alarm('GaveUp', {
    alarmDescription: `${name} gave up records, and the redrive could not bring all of them back within two hours.`,
    namespace: 'AWS/SQS',
    metricName: 'ApproximateAgeOfOldestMessage',
    dimensions: { QueueName: deadLetters.nodes.queue.name },
    statistic: 'Maximum',
    period: 300,
    threshold: 2 * 3600,
  });
}
