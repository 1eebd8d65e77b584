import { createFunction } from './function.ts';
import { on } from './grants.ts';
import type { Storage } from './storage.ts';

export type EventArchive = ReturnType<typeof createEventArchive>;

/** The way of events from the tables' streams to the archive, which training reads, and to the usage meters. */
export function createEventArchive({ storage }: { storage: Storage }) {
  const deadLetters = new sst.aws.Queue('EventArchiveDeadLetters', {
    transform: { queue: { messageRetentionSeconds: 14 * 24 * 3600, sqsManagedSseEnabled: true } },
  });
  const archive = createFunction('consumers/event-archive', {
    storage,
    grants: [
      on(
        ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
        storage.events.nodes.table.streamArn,
        storage.silo.streams,
      ),
      on(['sqs:SendMessage'], deadLetters.arn),
    ],
    timeoutSeconds: 60,
  });
  new aws.lambda.EventSourceMapping('EventArchiveMapping', {
    eventSourceArn: storage.events.nodes.table.streamArn,
    functionName: archive.name,
    startingPosition: 'TRIM_HORIZON',
    batchSize: 500,
    maximumBatchingWindowInSeconds: 1,
    parallelizationFactor: 2,
    // A batch is counted by what it holds, so a batch that fails must come again whole.
    bisectBatchOnFunctionError: false,
    maximumRetryAttempts: 10,
    destinationConfig: { onFailure: { destinationArn: deadLetters.arn } },
  });
  return { function: archive, deadLetters };
}
