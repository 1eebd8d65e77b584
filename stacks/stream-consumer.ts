import type { FunctionName } from '@tenantry/core/isolation/functions';
import { createFunction, type DeployedFunction } from './function.ts';
import { type FunctionGrant, on } from './grants.ts';
import type { Storage } from './storage.ts';

/** A function that reads a stream, and the queue of what it could not take. */
export interface StreamConsumer {
  readonly function: DeployedFunction;
  readonly deadLetters: sst.aws.Queue;
}

/**
 * Gives a function what comes from a table's stream, from its oldest record on; what it refuses ten times goes to its dead letters.
 * @param name begins the names of the queue and of the mapping
 */
export function createStreamConsumer(
  name: string,
  path: FunctionName,
  options: {
    readonly storage: Storage;
    readonly streamArn: $util.Input<string>;
    /** Streams beside that one, which others map. */
    readonly alsoReads?: readonly $util.Input<string>[];
    readonly memoryMb?: number;
    readonly environment?: Readonly<Record<string, $util.Input<string>>>;
    /** Beside reading the stream. */
    readonly grants?: readonly FunctionGrant[];
    readonly batch: {
      readonly batchSize: number;
      readonly maximumBatchingWindowInSeconds: number;
      readonly parallelizationFactor?: number;
      readonly bisectBatchOnFunctionError: boolean;
    };
  },
): StreamConsumer {
  const { storage, streamArn, alsoReads = [], memoryMb, environment = {}, grants = [], batch } = options;
  const deadLetters = new sst.aws.Queue(`${name}DeadLetters`, {
    transform: { queue: { messageRetentionSeconds: 14 * 24 * 3600, sqsManagedSseEnabled: true } },
  });
  const consumer = createFunction(path, {
    storage,
    environment,
    grants: [
      ...grants,
      on(
        ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
        streamArn,
        ...alsoReads,
      ),
      on(['sqs:SendMessage'], deadLetters.arn),
    ],
    ...(memoryMb === undefined ? {} : { memoryMb }),
    timeoutSeconds: 60,
  });
  new aws.lambda.EventSourceMapping(`${name}Mapping`, {
    eventSourceArn: streamArn,
    functionName: consumer.name,
    startingPosition: 'TRIM_HORIZON',
    ...batch,
    maximumRetryAttempts: 10,
    destinationConfig: { onFailure: { destinationArn: deadLetters.arn } },
  });
  return { function: consumer, deadLetters };
}
