import { publishEntry } from '@tenantry/core/webhook/publish';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { log } from '../logging.ts';
import { createScope } from '../scoped/scope.ts';
import { webhookQueue } from '../webhook-queue.ts';
import { auditEntriesOf } from './audit-entries.ts';

const scopeOf = createScope('consumers/webhook-events');
const enqueue = webhookQueue();

/** Lays down what webhooks are to be told because of new entries of audit logs, and says that it is due. A batch that comes again changes nothing. */
export async function handler(event: DynamoDBStreamEvent, context: { awsRequestId: string }): Promise<void> {
  await Promise.all(
    auditEntriesOf(event).map(async ({ tenantId, entries }) => {
      const { Control } = scopeOf({ tenantId, requestId: context.awsRequestId })['tenant-webhook-outbox'];
      for (const entry of entries) {
        const due = await publishEntry(Control, tenantId, entry, new Date());
        for (const message of due) await enqueue(message);
        if (due.length > 0) log.info('webhooks due', { tenantId, entry: entry.id, endpoints: due.length });
      }
    }),
  );
}
