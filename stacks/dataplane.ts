import type { Storage } from './storage.ts';
import { createStreamConsumer } from './stream-consumer.ts';

/** The way of events from the tables' streams to the archive, which training reads, and to the usage meters. */
export const createEventArchive = ({ storage }: { storage: Storage }) =>
  createStreamConsumer('EventArchive', 'consumers/event-archive', {
    storage,
    streamArn: storage.events.nodes.table.streamArn,
    alsoReads: [storage.silo.streams],
    batch: {
      batchSize: 500,
      maximumBatchingWindowInSeconds: 1,
      parallelizationFactor: 2,
      // A batch is counted by what it holds, so a batch that fails must come again whole.
      bisectBatchOnFunctionError: false,
    },
  });
