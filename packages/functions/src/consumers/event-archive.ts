import { createHash } from 'node:crypto';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { archiveEvents } from '@tenantry/core/archive/archive';
import { attributePurchases } from '@tenantry/core/attribution/conversion';
import { type ArrivedRow, mindErasures } from '@tenantry/core/erasure/late-events';
import type { BehaviourEvent } from '@tenantry/core/events/event';
import { noteRecent } from '@tenantry/core/events/recent';
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

interface Arrived extends ArrivedRow {
  readonly event: BehaviourEvent;
  readonly keyId?: string | undefined;
  /** The stream that it came from. */
  readonly source: string;
}

/**
 * Copies new events to their tenants' archives, meters them, counts and shows them for the live view, and counts purchases for the lists that led to them. A batch that comes again, whole or
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
    const { tenantId, event: behaviour, keyId } = parseEventRow(image);
    if (!isTenantId(tenantId)) throw new Error('A row of the events table belongs to no tenant.');
    const arrived = byTenant.get(tenantId) ?? [];
    arrived.push({
      event: behaviour,
      keyId,
      at: arrivalOf(record),
      shopperId: behaviour.shopperId,
      key: { pk: String(image.pk), sk: String(image.sk) },
      source: record.eventSourceARN ?? '',
    });
    byTenant.set(tenantId, arrived);
  }
  await Promise.all(
    [...byTenant].map(async ([tenantId, arrived]) => {
      const stores = scopeOf({ tenantId, requestId: context.awsRequestId });
      const { Archive, Usage, Control, Events, SiloEvents, Shoppers } = stores['tenant-archive'];
      const all: Arrived[] = [];
      for (const table of [Events, SiloEvents]) {
        const rows = arrived.filter(({ source }) => (table === Events) === source.includes(`:table/${Events.name}/`));
        if (rows.length === 0) continue;
        const kept = await mindErasures(
          { control: Control, rows: table, shoppers: Shoppers },
          tenantId,
          rows,
          new Date(),
        );
        all.push(...kept);
      }
      const events = all.map(({ event }) => event);
      // The object's name is that of the batch, whatever is left out of it: a batch that comes again replaces what it wrote before.
      const ids = createHash('sha256')
        .update(arrived.map(({ event: { id } }) => id).join())
        .digest('hex');
      const arrivedAt = new Date(Math.max(...arrived.map(({ at }) => at.getTime())));
      const batch = { name: ids.slice(0, 32), arrivedAt };
      await archiveEvents(Archive, tenantId, { ...batch, events });
      for (const [hour, ids] of idsByHour(arrived.map(({ event: { id }, at }) => ({ id, at })))) {
        await recordEvidence(Usage, { tenantId, meter: 'events_collected', hour, ids }, new Date());
      }
      const { Attribution, Catalogue } = stores['tenant-conversions'];
      await attributePurchases({ attribution: Attribution, catalogue: Catalogue }, tenantId, events, new Date());
      // Shown before it is counted, so that whoever sees the count finds the events.
      await noteRecent(
        Usage,
        tenantId,
        all.map(({ event, keyId }) => ({ ...event, ...(keyId && { keyId }) })),
        new Date(),
      );
      await countEvents(Usage, tenantId, { ...batch, events: arrived.length });
      log.info('events archived', { tenantId, events: events.length });
    }),
  );
}
