import { createHash } from 'node:crypto';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { archiveEvents } from '@tenantry/core/archive/archive';
import { attributePurchases } from '@tenantry/core/attribution/conversion';
import type { BehaviourEvent } from '@tenantry/core/events/event';
import { parseEventRow } from '@tenantry/core/events/store';
import { isTenantId, type TenantId } from '@tenantry/core/ids/id';
import { countEvents } from '@tenantry/core/usage/activity';
import { recordEvidence } from '@tenantry/core/usage/evidence';
import { idsByHour } from '@tenantry/core/usage/hours';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { log } from '../logging.ts';
import { scopedS3 } from '../scoped/s3.ts';
import { createScope } from '../scoped/scope.ts';
import { arrivalOf } from './arrival.ts';

const scopeOf = createScope('consumers/event-archive', { s3: scopedS3 });

interface Arrived {
  readonly event: BehaviourEvent;
  readonly at: Date;
}

/**
 * Copies new events to their tenants' archives, meters them, counts them for the live view, and purchases for the lists that led to them. A batch that comes again, whole or
 * cut otherwise, is metered once; cut otherwise it may show twice in the live view.
 */
export async function handler(event: DynamoDBStreamEvent, context: { awsRequestId: string }): Promise<void> {
  const byTenant = new Map<TenantId, Arrived[]>();
  for (const record of event.Records) {
    // A row that is replaced or expires is no new event.
    if (record.eventName !== 'INSERT' || !record.dynamodb?.NewImage) continue;
    const image = unmarshall(record.dynamodb.NewImage as Parameters<typeof unmarshall>[0]);
    // The same event is, or was, archived from the row that it mirrors.
    if (image.mirrored) continue;
    const { tenantId, event: behaviour } = parseEventRow(image);
    if (!isTenantId(tenantId)) throw new Error('A row of the events table belongs to no tenant.');
    const arrived = byTenant.get(tenantId) ?? [];
    arrived.push({ event: behaviour, at: arrivalOf(record) });
    byTenant.set(tenantId, arrived);
  }
  await Promise.all(
    [...byTenant].map(async ([tenantId, arrived]) => {
      const stores = scopeOf({ tenantId, requestId: context.awsRequestId });
      const { Archive, Usage } = stores['tenant-archive'];
      const events = arrived.map(({ event }) => event);
      const ids = createHash('sha256')
        .update(events.map(({ id }) => id).join())
        .digest('hex');
      const arrivedAt = new Date(Math.max(...arrived.map(({ at }) => at.getTime())));
      const batch = { name: ids.slice(0, 32), arrivedAt };
      await archiveEvents(Archive, tenantId, { ...batch, events });
      for (const [hour, ids] of idsByHour(arrived.map(({ event: { id }, at }) => ({ id, at })))) {
        await recordEvidence(Usage, { tenantId, meter: 'events_collected', hour, ids }, new Date());
      }
      const { Attribution, Catalogue } = stores['tenant-conversions'];
      await attributePurchases({ attribution: Attribution, catalogue: Catalogue }, tenantId, events, new Date());
      await countEvents(Usage, tenantId, { ...batch, events: events.length });
      log.info('events archived', { tenantId, events: events.length });
    }),
  );
}
