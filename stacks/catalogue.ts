import { createFunction } from './function.ts';
import { on } from './grants.ts';
import type { Storage } from './storage.ts';

export type CatalogueSnapshots = ReturnType<typeof createCatalogueSnapshots>;

/** The way of catalogues and rules from their table's stream to the objects that recommenders hold in memory. */
export function createCatalogueSnapshots({ storage }: { storage: Storage }) {
  const { streamArn } = storage.catalogue.nodes.table;
  const deadLetters = new sst.aws.Queue('CatalogueSnapshotDeadLetters', {
    transform: { queue: { messageRetentionSeconds: 14 * 24 * 3600, sqsManagedSseEnabled: true } },
  });
  const snapshot = createFunction('consumers/catalogue-snapshot', {
    storage,
    grants: [
      on(
        ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
        streamArn,
      ),
      on(['sqs:SendMessage'], deadLetters.arn),
    ],
    memoryMb: 1024,
    timeoutSeconds: 60,
  });
  new aws.lambda.EventSourceMapping('CatalogueSnapshotMapping', {
    eventSourceArn: streamArn,
    functionName: snapshot.name,
    startingPosition: 'TRIM_HORIZON',
    batchSize: 1000,
    // Each batch writes a company's whole snapshot anew, so an upload of many items is better taken in large pieces.
    maximumBatchingWindowInSeconds: $app.stage === 'local' ? 1 : 10,
    bisectBatchOnFunctionError: true,
    maximumRetryAttempts: 10,
    destinationConfig: { onFailure: { destinationArn: deadLetters.arn } },
  });
  return { function: snapshot, deadLetters };
}
