import * as z from 'zod';
import { CallError } from '../signed-call.ts';
import { createEventFilter } from './event-filter.ts';
import { type Poller, type PollerContext, pause, startPoller } from './poller.ts';
import { deliverInOrder } from './stream-delivery.ts';

const shardSchema = z.looseObject({ ShardId: z.string(), ParentShardId: z.string().nullish() });
const describedSchema = z.looseObject({
  StreamDescription: z.looseObject({ Shards: z.array(shardSchema), LastEvaluatedShardId: z.string().nullish() }),
});
const streamRecordSchema = z.looseObject({
  eventID: z.string(),
  eventName: z.enum(['INSERT', 'MODIFY', 'REMOVE']),
  dynamodb: z.looseObject({ SequenceNumber: z.string(), ApproximateCreationDateTime: z.number() }),
});
const recordsSchema = z.looseObject({
  Records: z.array(streamRecordSchema),
  NextShardIterator: z.string().nullish(),
});
const iteratorSchema = z.looseObject({ ShardIterator: z.string() });

type Shard = z.infer<typeof shardSchema>;
export type StreamRecord = z.infer<typeof streamRecordSchema>;

const DESCRIBE_EVERY_MS = 60_000;

/**
 * Reads a table's stream shard by shard, a parent to its end before its children, and hands batches to the function
 * in order. How far it got is kept on disk after each batch, so that a restart goes on where this left off.
 */
export function startStreamPoller(context: PollerContext): Poller {
  const { mapping, store, call, now } = context;
  const { uuid, eventSourceArn, settings } = mapping;
  const accepts = createEventFilter((settings.FilterCriteria?.Filters ?? []).map((filter) => filter.Pattern));
  const iterators = new Map<string, string>();
  let shards: Shard[] = [];
  let describedAt = Number.NEGATIVE_INFINITY;

  async function streams(operation: string, body: object): Promise<Record<string, unknown>> {
    const credentials = await context.credentials();
    return call({ service: 'dynamodb', target: `DynamoDBStreams_20120810.${operation}`, body, credentials });
  }

  async function describe(): Promise<void> {
    const found: Shard[] = [];
    let after: string | null | undefined;
    do {
      const body = { StreamArn: eventSourceArn, ...(after ? { ExclusiveStartShardId: after } : {}) };
      const { StreamDescription } = describedSchema.parse(await streams('DescribeStream', body));
      found.push(...StreamDescription.Shards);
      after = StreamDescription.LastEvaluatedShardId;
    } while (after);
    const fromNowOn = settings.StartingPosition === 'LATEST' && !store.hasCheckpoints(uuid);
    for (const { ShardId } of found) {
      if (store.checkpoint(uuid, ShardId) !== undefined) continue;
      // The iterator comes first: a checkpoint without it would promise records that nobody saw.
      if (fromNowOn) iterators.set(ShardId, await iterator(ShardId, 'LATEST'));
      store.setCheckpoint(uuid, ShardId, { sequenceNumber: '', since: fromNowOn ? now() : 0, finished: false });
    }
    shards = found;
    describedAt = now();
  }

  async function iterator(ShardId: string, ShardIteratorType: string, SequenceNumber?: string): Promise<string> {
    const position = { StreamArn: eventSourceArn, ShardId, ShardIteratorType };
    const body = SequenceNumber === undefined ? position : { ...position, SequenceNumber };
    return iteratorSchema.parse(await streams('GetShardIterator', body)).ShardIterator;
  }

  async function resume(shardId: string): Promise<string> {
    const sequenceNumber = store.checkpoint(uuid, shardId)?.sequenceNumber ?? '';
    if (sequenceNumber === '') return iterator(shardId, 'TRIM_HORIZON');
    try {
      return await iterator(shardId, 'AFTER_SEQUENCE_NUMBER', sequenceNumber);
    } catch (error) {
      if (!(error instanceof CallError) || error.code !== 'TrimmedDataAccessException') throw error;
      return iterator(shardId, 'TRIM_HORIZON');
    }
  }

  function openShards(): Shard[] {
    const finished = (id: string): boolean => store.checkpoint(uuid, id)?.finished ?? true;
    const known = new Set(shards.map((shard) => shard.ShardId));
    return shards.filter(({ ShardId, ParentShardId }) => {
      const parentRead = !ParentShardId || !known.has(ParentShardId) || finished(ParentShardId);
      return !finished(ShardId) && parentRead;
    });
  }

  /** Reads up to a batch, waiting out the batching window for a full one. */
  async function gather(shardId: string, signal: AbortSignal): Promise<{ records: StreamRecord[]; ended: boolean }> {
    const records: StreamRecord[] = [];
    const until = now() + settings.MaximumBatchingWindowInSeconds * 1000;
    for (;;) {
      const ShardIterator = iterators.get(shardId) ?? (await resume(shardId));
      const body = { ShardIterator, Limit: Math.min(settings.BatchSize - records.length, 1000) };
      const answer = recordsSchema.parse(await streams('GetRecords', body));
      records.push(...answer.Records);
      if (!answer.NextShardIterator) return { records, ended: true };
      iterators.set(shardId, answer.NextShardIterator);
      const full = records.length >= settings.BatchSize;
      if (records.length === 0 || full || now() >= until || signal.aborted) return { records, ended: false };
      if (answer.Records.length === 0) await pause(Math.min(context.timing.idleMs, until - now()), signal);
    }
  }

  async function readShard(shardId: string, signal: AbortSignal): Promise<boolean> {
    try {
      const { records, ended } = await gather(shardId, signal);
      const checkpoint = store.checkpoint(uuid, shardId) ?? { sequenceNumber: '', since: 0, finished: false };
      // Creation times are whole seconds.
      const since = Math.floor(checkpoint.since / 1000);
      const fresh = records.filter((record) => record.dynamodb.ApproximateCreationDateTime >= since);
      const reached = (sequenceNumber: string): void =>
        store.setCheckpoint(uuid, shardId, { ...checkpoint, sequenceNumber });
      await deliverInOrder({ context, shardId, records: fresh.filter(accepts), reached, signal });
      const last = records.at(-1)?.dynamodb.SequenceNumber ?? store.checkpoint(uuid, shardId)?.sequenceNumber ?? '';
      if (records.length > 0 || ended)
        store.setCheckpoint(uuid, shardId, { ...checkpoint, sequenceNumber: last, finished: ended });
      if (ended) describedAt = Number.NEGATIVE_INFINITY;
      return records.length > 0 || ended;
    } catch (error) {
      // What was read but not handled is read again from the checkpoint.
      iterators.delete(shardId);
      if (error instanceof CallError && error.code === 'ExpiredIteratorException') return true;
      throw error;
    }
  }

  return startPoller(context, async (signal) => {
    if (now() - describedAt >= DESCRIBE_EVERY_MS) await describe();
    let busy = false;
    for (const { ShardId } of openShards()) busy = (await readShard(ShardId, signal)) || busy;
    return busy;
  });
}
