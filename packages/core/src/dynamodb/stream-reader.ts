import { SignatureV4, type SignatureV4Init } from '@smithy/signature-v4';
import * as z from 'zod';
import { Sha256 } from '../signing/sha256.ts';

const DEADLINE_MS = 10_000;
/** A page of a stream may be empty with more behind it; so many in a row mean that nothing comes. */
const EMPTY_PAGES_MAX = 50;

/** Where a batch lies in a stream. */
export const streamBatchSchema = z.object({
  streamArn: z.string(),
  shardId: z.string(),
  startSequenceNumber: z.string(),
  endSequenceNumber: z.string(),
  batchSize: z.int().positive(),
});
export type StreamBatch = z.infer<typeof streamBatchSchema>;

const recordSchema = z.looseObject({
  eventName: z.string(),
  dynamodb: z.looseObject({ SequenceNumber: z.string(), ApproximateCreationDateTime: z.number() }),
});
export type ReadRecord = z.infer<typeof recordSchema>;

const errorSchema = z.object({ __type: z.string().default('UnknownError'), message: z.string().optional() });

/** The stream keeps its records for 24 hours; these are gone. */
export class StreamTrimmed extends Error {
  override readonly name = 'StreamTrimmed';
}

/** Gives the records of a batch. @throws {StreamTrimmed} when the stream has not got them any more */
export type StreamReader = (batch: StreamBatch) => Promise<readonly ReadRecord[]>;

/**
 * Reads streams of tables by the two calls that are needed.
 * @param options.endpoint where the service answers; by default the region's own
 */
export function streamReader(options: {
  readonly region: string;
  readonly credentials: SignatureV4Init['credentials'];
  readonly endpoint?: string;
}): StreamReader {
  const { region, credentials } = options;
  const endpoint = new URL(options.endpoint ?? `https://streams.dynamodb.${region}.amazonaws.com`);
  const signer = new SignatureV4({ service: 'dynamodb', region, credentials, sha256: Sha256 });

  async function call<T>(operation: string, input: object, schema: z.ZodType<T>): Promise<T> {
    const body = JSON.stringify(input);
    const { headers } = await signer.sign({
      method: 'POST',
      protocol: endpoint.protocol,
      hostname: endpoint.hostname,
      ...(endpoint.port ? { port: Number(endpoint.port) } : {}),
      path: '/',
      headers: {
        host: endpoint.host,
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDBStreams_20120810.${operation}`,
      },
      body,
    });
    const signal = AbortSignal.timeout(DEADLINE_MS);
    const response = await fetch(new URL('/', endpoint), { method: 'POST', headers, body, signal });
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok) return schema.parse(answer);
    const { __type, message } = errorSchema.parse(answer ?? {});
    const name = __type.slice(__type.lastIndexOf('#') + 1);
    if (name === 'TrimmedDataAccessException') throw new StreamTrimmed(message ?? name);
    throw new Error(`The stream answers ${response.status} ${name} to ${operation}: ${message ?? ''}`);
  }

  return async ({ streamArn, shardId, startSequenceNumber, endSequenceNumber }) => {
    const end = BigInt(endSequenceNumber);
    const start = await call(
      'GetShardIterator',
      {
        StreamArn: streamArn,
        ShardId: shardId,
        ShardIteratorType: 'AT_SEQUENCE_NUMBER',
        SequenceNumber: startSequenceNumber,
      },
      z.object({ ShardIterator: z.string() }),
    );
    const found: ReadRecord[] = [];
    let iterator: string | null | undefined = start.ShardIterator;
    for (let empty = 0; iterator && empty < EMPTY_PAGES_MAX; ) {
      const page: { Records: ReadRecord[]; NextShardIterator?: string | null | undefined } = await call(
        'GetRecords',
        { ShardIterator: iterator },
        z.object({ Records: z.array(recordSchema), NextShardIterator: z.string().nullish() }),
      );
      for (const record of page.Records) {
        if (BigInt(record.dynamodb.SequenceNumber) > end) return found;
        found.push(record);
      }
      if (found.at(-1)?.dynamodb.SequenceNumber === endSequenceNumber) return found;
      empty = page.Records.length === 0 ? empty + 1 : 0;
      iterator = page.NextShardIterator;
    }
    return found;
  };
}
