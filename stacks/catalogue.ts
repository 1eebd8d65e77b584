import type { Storage } from './storage.ts';
import { createStreamConsumer } from './stream-consumer.ts';

/** The way of catalogues and rules from their table's stream to the objects that recommenders hold in memory. */
export const createCatalogueSnapshots = ({ storage }: { storage: Storage }) =>
  createStreamConsumer('CatalogueSnapshot', 'consumers/catalogue-snapshot', {
    storage,
    streamArn: storage.catalogue.nodes.table.streamArn,
    memoryMb: 1024,
    batch: {
      batchSize: 1000,
      // Each batch writes a company's whole snapshot anew, so an upload of many items is better taken in large pieces.
      maximumBatchingWindowInSeconds: $app.stage === 'local' ? 1 : 10,
      bisectBatchOnFunctionError: true,
    },
  });
