import type { StripeAccess } from './billing.ts';
import { createFunction, type DeployedFunction } from './function.ts';
import { on, trustOnBehalf } from './grants.ts';
import type { Storage } from './storage.ts';

/** From what happened to what is charged: the meter of recommendations, and the jobs that count and report. */
export function createUsage({ storage, stripe }: { storage: Storage; stripe: StripeAccess }) {
  const recommendations = createRecommendationMeter(storage);
  const count = createFunction('jobs/count-usage', { storage, memoryMb: 1024, timeoutSeconds: 300 });
  const report = createFunction('jobs/report-usage', {
    storage,
    environment: stripe.environment,
    timeoutSeconds: 300,
  });
  everyTenMinutes('CountUsage', count);
  everyTenMinutes('ReportUsage', report);
  return { functions: [recommendations.function, count, report], deadLetters: recommendations.deadLetters };
}

function createRecommendationMeter(storage: Storage) {
  const { streamArn } = storage.recommendations.nodes.table;
  const deadLetters = new sst.aws.Queue('RecommendationMeterDeadLetters', {
    transform: { queue: { messageRetentionSeconds: 14 * 24 * 3600, sqsManagedSseEnabled: true } },
  });
  const meter = createFunction('consumers/recommendation-meter', {
    storage,
    grants: [
      on(
        ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
        streamArn,
      ),
      on(['sqs:SendMessage'], deadLetters.arn),
    ],
    timeoutSeconds: 60,
  });
  new aws.lambda.EventSourceMapping('RecommendationMeterMapping', {
    eventSourceArn: streamArn,
    functionName: meter.name,
    startingPosition: 'TRIM_HORIZON',
    batchSize: 1000,
    // Nobody looks at these by the second: fewer, larger batches cost less.
    maximumBatchingWindowInSeconds: $app.stage === 'local' ? 1 : 30,
    parallelizationFactor: 2,
    bisectBatchOnFunctionError: true,
    maximumRetryAttempts: 10,
    destinationConfig: { onFailure: { destinationArn: deadLetters.arn } },
  });
  return { function: meter, deadLetters };
}

function everyTenMinutes(name: string, job: DeployedFunction): void {
  new sst.aws.CronV2(name, {
    schedule: 'rate(10 minutes)',
    function: job.arn,
    retries: 2,
    transform: {
      role(args) {
        args.assumeRolePolicy = trustOnBehalf('scheduler.amazonaws.com');
      },
    },
  });
}
