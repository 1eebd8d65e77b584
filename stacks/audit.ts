import type { Storage } from './storage.ts';
import { createStreamConsumer } from './stream-consumer.ts';

/** The way of the audit log's entries from their table's stream into the chain that shows whether any was changed. */
export const createAuditChain = ({ storage }: { storage: Storage }) =>
  createStreamConsumer('AuditChain', 'consumers/audit-chain', {
    storage,
    streamArn: storage.audit.nodes.table.streamArn,
    batch: { batchSize: 100, maximumBatchingWindowInSeconds: 0, bisectBatchOnFunctionError: true },
  });
