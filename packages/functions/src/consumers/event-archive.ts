import { createHash } from 'node:crypto';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { archiveEvents } from '@tenantry/core/archive/archive';
import type { BehaviourEvent } from '@tenantry/core/events/event';
import { parseEventRow } from '@tenantry/core/events/store';
import { isTenantId, type TenantId } from '@tenantry/core/ids/id';
import { countEvents } from '@tenantry/core/usage/activity';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { log } from '../logging.ts';
import { scopedS3 } from '../scoped/s3.ts';
import { createScope } from '../scoped/scope.ts';

const scopeOf = createScope('consumers/event-archive', { s3: scopedS3 });

/**
 * Copies new events to their tenants' archives and counts them. A batch that comes again writes the same objects and
 * counts nothing twice.
 */
export async function handler(event: DynamoDBStreamEvent, context: { awsRequestId: string }): Promise<void> {
  const byTenant = new Map<TenantId, { events: BehaviourEvent[]; arrived: number }>();
  for (const record of event.Records) {
    // A row that is replaced or expires is no new event.
    if (record.eventName !== 'INSERT' || !record.dynamodb?.NewImage) continue;
    const image = unmarshall(record.dynamodb.NewImage as Parameters<typeof unmarshall>[0]);
    // The same event is, or was, archived from the row that it mirrors.
    if (image.mirrored) continue;
    const { tenantId, event: behaviour } = parseEventRow(image);
    if (!isTenantId(tenantId)) throw new Error('A row of the events table belongs to no tenant.');
    const batch = byTenant.get(tenantId) ?? { events: [], arrived: 0 };
    batch.events.push(behaviour);
    batch.arrived = Math.max(batch.arrived, (record.dynamodb.ApproximateCreationDateTime ?? 0) * 1000);
    byTenant.set(tenantId, batch);
  }
  await Promise.all(
    [...byTenant].map(async ([tenantId, { events, arrived }]) => {
      const { Archive, Usage } = scopeOf({ tenantId, requestId: context.awsRequestId })['tenant-archive'];
      const ids = createHash('sha256')
        .update(events.map(({ id }) => id).join())
        .digest('hex');
      const batch = { name: ids.slice(0, 32), arrivedAt: new Date(arrived || Date.now()) };
      await archiveEvents(Archive, tenantId, { ...batch, events });
      await countEvents(Usage, tenantId, { ...batch, events: events.length });
      log.info('events archived', { tenantId, events: events.length });
    }),
  );
}
