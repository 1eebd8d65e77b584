import { sealEntries } from '@tenantry/core/audit/seal';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { log } from '../logging.ts';
import { createScope } from '../scoped/scope.ts';
import { auditEntriesOf } from './audit-entries.ts';

const scopeOf = createScope('consumers/audit-chain');

/**
 * Seals new entries of audit logs, each tenant's in the order in which they came. A batch that comes again changes nothing. The line in the function's own
 * log says how far the chain is, where whoever can change the table cannot change it.
 */
export async function handler(event: DynamoDBStreamEvent, context: { awsRequestId: string }): Promise<void> {
  await Promise.all(
    auditEntriesOf(event).map(async ({ tenantId, entries }) => {
      const { Audit } = scopeOf({ tenantId, requestId: context.awsRequestId })['tenant-audit-chain'];
      const { sealed, number, hash } = await sealEntries(Audit, tenantId, entries, new Date());
      log.info('audit log sealed', { tenantId, sealed, number, hash });
    }),
  );
}
