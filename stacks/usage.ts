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
  /** Consumers of the audit log. */
  audit: Readonly<Record<'AuditChain' | 'WebhookEvents', StreamConsumer>>;
  schedule: Schedule;
}) {
  const { storage, stripe, archive, catalogue, audit, schedule } = options;
  const recommendations = createRecommendationMeter(storage);
  const count = createFunction('jobs/count-usage', { storage, memoryMb: 1024, timeoutSeconds: 300 });
  const measure = createFunction('jobs/measure-usage', { storage, timeoutSeconds: 300 });
  const report = createFunction('jobs/report-usage', {
    storage,
    environment: stripe.environment,
    timeoutSeconds: 300,
  });
  const consumers = {
    EventArchive: archive,
    RecommendationMeter: recommendations,
    CatalogueSnapshot: catalogue,
    ...audit,
  };
  const redrive = createRedrive(storage, consumers);
  schedule('count-usage', count);
  schedule('measure-usage', measure);
  schedule('measure-storage', measure, { storage: true });
  schedule('report-usage', report);
  schedule('redrive-streams', redrive);
  const topic = createAlarmTopic('MeteringAlarms', 'cloudwatch.amazonaws.com');
  for (const [name, consumer] of Object.entries(consumers)) watchStream(name, consumer, topic);
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

/** `EventArchive` → `EVENT_ARCHIVE` */
const variableOf = (name: string): string => name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();

/** Brings back what the consumers gave up, as long as the streams have it. */
function createRedrive(storage: Storage, consumers: Readonly<Record<string, StreamConsumer>>): DeployedFunction {
  const all = Object.values(consumers);
  return createFunction('jobs/redrive-streams', {
    storage,
    environment: Object.fromEntries(
      Object.entries(consumers).flatMap(([name, consumer]) => [
        [`${variableOf(name)}_FUNCTION`, consumer.function.name],
        [`${variableOf(name)}_LETTERS_QUEUE_URL`, consumer.deadLetters.url],
      ]),
    ),
    grants: [
      on(
        ['dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
        storage.events.nodes.table.streamArn,
        storage.recommendations.nodes.table.streamArn,
        storage.catalogue.nodes.table.streamArn,
        storage.audit.nodes.table.streamArn,
        storage.silo.streams,
      ),
      on(
        ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:SendMessage'],
        ...all.map(({ deadLetters }) => deadLetters.arn),
      ),
      on(['lambda:InvokeFunction'], ...all.map((consumer) => consumer.function.arn)),
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
