import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { findItems } from '../catalogue/store.ts';
import { scenarioNames } from '../contract/recommendation.ts';
import type { Table } from '../control/table.ts';
import type { BehaviourEvent } from '../events/event.ts';
import type { TenantId } from '../ids/id.ts';
import { countOnce, shopperPartition } from './counters.ts';
import { clickName } from './feedback.ts';

/** A purchase later than this after a click has nothing to do with it. */
export const conversionDays = 7;
/** How far behind ours a shop's clock may be: a click is timed by ours. */
const CLOCK_BEHIND_MS = 5 * 60_000;

const clickSchema = z.object({
  at: z.string(),
  kind: z.object({ scenario: z.enum(scenarioNames), modelVersion: z.string(), variant: z.string() }),
});

/**
 * Counts purchases for the list in which the shopper clicked the item last, if that was in the days before, and with each what the item costs
 * by the catalogue now. A purchase that comes again counts once, also when there were other clicks meanwhile.
 * @returns how many were counted now
 */
export async function attributePurchases(
  { attribution, catalogue }: { readonly attribution: Table; readonly catalogue: Table },
  tenantId: TenantId,
  events: readonly BehaviourEvent[],
  now: Date,
): Promise<number> {
  let conversions = 0;
  for (const event of events) {
    if (event.type !== 'purchase') continue;
    const click = await lastClick(attribution, tenantId, event);
    if (!click) continue;
    const { id, shopperId, time } = event;
    const receipt = { tenantId, shopperId, name: `BOUGHT#${id}` };
    const [item] = await findItems(catalogue, tenantId, [event.itemId]);
    const count = { what: 'conversions', kind: click.kind, day: time.slice(0, 10), revenue: item?.price } as const;
    if (await countOnce(attribution, receipt, count, now)) conversions += 1;
  }
  return conversions;
}

async function lastClick(
  attribution: Table,
  tenantId: TenantId,
  { shopperId, itemId, time }: BehaviourEvent,
): Promise<z.infer<typeof clickSchema> | undefined> {
  const { Items = [] } = await attribution.client.send(
    new QueryCommand({
      TableName: attribution.name,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :item)',
      ExpressionAttributeValues: { ':pk': shopperPartition(tenantId, shopperId), ':item': clickName(itemId, '') },
      ConsistentRead: true,
    }),
  );
  const bought = Date.parse(time);
  const since = new Date(bought - conversionDays * 86_400_000).toISOString();
  const until = new Date(bought + CLOCK_BEHIND_MS).toISOString();
  return z
    .array(clickSchema)
    .parse(Items)
    .filter(({ at }) => since <= at && at <= until)
    .sort((a, b) => (a.at < b.at ? 1 : -1))[0];
}
