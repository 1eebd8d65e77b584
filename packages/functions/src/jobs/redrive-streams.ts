import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import {
  type ReadRecord,
  type StreamBatch,
  StreamTrimmed,
  streamBatchSchema,
  streamReader,
} from '@tenantry/core/dynamodb/stream-reader';
import * as z from 'zod';
import { readEnvironment, required } from '../environment.ts';
import { log, withLogContext } from '../logging.ts';
import { ownTables } from '../scoped/own-tables.ts';
import { asJob } from './as-job.ts';

const environment = readEnvironment({
  EVENT_ARCHIVE_FUNCTION: required,
  EVENT_ARCHIVE_LETTERS_QUEUE_URL: required,
  RECOMMENDATION_METER_FUNCTION: required,
  RECOMMENDATION_METER_LETTERS_QUEUE_URL: required,
  CATALOGUE_SNAPSHOT_FUNCTION: required,
  CATALOGUE_SNAPSHOT_LETTERS_QUEUE_URL: required,
  AUDIT_CHAIN_FUNCTION: required,
  AUDIT_CHAIN_LETTERS_QUEUE_URL: required,
  WEBHOOK_EVENTS_FUNCTION: required,
  WEBHOOK_EVENTS_LETTERS_QUEUE_URL: required,
  AWS_REGION: required,
  AWS_ENDPOINT_URL: z.url().optional(),
});
const { Control: control } = ownTables('jobs/redrive-streams');
const lambda = new LambdaClient({});
const sqs = new SQSClient({});
const read = streamReader({
  region: environment.AWS_REGION,
  credentials: lambda.config.credentials,
  ...(environment.AWS_ENDPOINT_URL ? { endpoint: environment.AWS_ENDPOINT_URL } : {}),
});

const ways = [
  { consumer: environment.EVENT_ARCHIVE_FUNCTION, queue: environment.EVENT_ARCHIVE_LETTERS_QUEUE_URL },
  { consumer: environment.RECOMMENDATION_METER_FUNCTION, queue: environment.RECOMMENDATION_METER_LETTERS_QUEUE_URL },
  { consumer: environment.CATALOGUE_SNAPSHOT_FUNCTION, queue: environment.CATALOGUE_SNAPSHOT_LETTERS_QUEUE_URL },
  { consumer: environment.AUDIT_CHAIN_FUNCTION, queue: environment.AUDIT_CHAIN_LETTERS_QUEUE_URL },
  { consumer: environment.WEBHOOK_EVENTS_FUNCTION, queue: environment.WEBHOOK_EVENTS_LETTERS_QUEUE_URL },
] as const;

const letterSchema = z.object({ DDBStreamBatchInfo: streamBatchSchema });

export interface Redriven {
  /** Batches that were taken in full. */
  readonly batches: number;
  /** Records that no consumer takes; each waits by itself. */
  readonly refused: number;
  /** Batches that the stream has not got any more. */
  readonly lost: number;
}

/**
 * Gives batches that consumers of streams could not take to them again, from where they lie in the stream. What still cannot be taken
 * is halved until only the records are left that are the reason, so that nothing else waits for them.
 */
export const handler = asJob(
  control,
  'redrive-streams',
  (_event: unknown, context: { awsRequestId: string; getRemainingTimeInMillis(): number }): Promise<Redriven> =>
    withLogContext({ requestId: context.awsRequestId }, async () => {
      const tally = { batches: 0, refused: 0, lost: 0 };
      const timeIsUp = () => context.getRemainingTimeInMillis() < 90_000;
      for (const { consumer, queue } of ways) {
        while (!timeIsUp()) {
          const { Messages = [] } = await sqs.send(
            new ReceiveMessageCommand({ QueueUrl: queue, MaxNumberOfMessages: 1, WaitTimeSeconds: 0 }),
          );
          const [letter] = Messages;
          if (!letter) break;
          const outcome = await redrive(
            consumer,
            queue,
            letterSchema.parse(JSON.parse(letter.Body ?? '')).DDBStreamBatchInfo,
          );
          if (outcome === 'lost') {
            tally.lost += 1;
            continue;
          }
          tally.refused += outcome;
          if (outcome === 0) tally.batches += 1;
          await sqs.send(new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle: letter.ReceiptHandle }));
        }
      }
      log.info('streams redriven', tally);
      return tally;
    }),
);

/** @returns how many records were refused; `lost` when the stream does not have them */
async function redrive(consumer: string, queue: string, batch: StreamBatch): Promise<number | 'lost'> {
  let records: readonly ReadRecord[];
  try {
    records = await read(batch);
  } catch (error) {
    if (!(error instanceof StreamTrimmed)) throw error;
    log.error('batch is no longer in the stream', error, { ...batch });
    return 'lost';
  }
  const refused = await deliver(consumer, batch.streamArn, records);
  // A batch of one that is refused again stays as it is, until it is too old to be kept.
  for (const { dynamodb } of refused) {
    const { SequenceNumber } = dynamodb;
    const alone = { ...batch, startSequenceNumber: SequenceNumber, endSequenceNumber: SequenceNumber, batchSize: 1 };
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: queue,
        MessageBody: JSON.stringify({ DDBStreamBatchInfo: alone }),
        DelaySeconds: 900,
      }),
    );
    log.error('record refused', new Error('A consumer takes no batch with this record.'), alone);
  }
  return refused.length;
}

/** @returns the records that the consumer does not take even alone */
async function deliver(
  consumer: string,
  eventSourceARN: string,
  records: readonly ReadRecord[],
): Promise<readonly ReadRecord[]> {
  if (records.length === 0) return [];
  const event = { Records: records.map((record) => ({ ...record, eventSource: 'aws:dynamodb', eventSourceARN })) };
  const { FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName: consumer, Payload: JSON.stringify(event) }),
  );
  if (!FunctionError) return [];
  if (records.length === 1) return records;
  const middle = Math.ceil(records.length / 2);
  return [
    ...(await deliver(consumer, eventSourceARN, records.slice(0, middle))),
    ...(await deliver(consumer, eventSourceARN, records.slice(middle))),
  ];
}
