import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { log, withLogContext } from '../logging.ts';

/**
 * Works a queue's messages side by side. One that fails is named to Lambda, so that it comes again, alone, and ends in the dead-letter queue.
 * @param failed what the log says then
 */
export async function eachMessage(
  { Records }: SQSEvent,
  failed: string,
  work: (record: SQSRecord) => Promise<void>,
): Promise<SQSBatchResponse> {
  const results = await Promise.all(
    Records.map((record) =>
      withLogContext({ requestId: record.messageId }, async () => {
        try {
          await work(record);
          return [];
        } catch (error) {
          log.error(failed, error);
          return [{ itemIdentifier: record.messageId }];
        }
      }),
    ),
  );
  return { batchItemFailures: results.flat() };
}
