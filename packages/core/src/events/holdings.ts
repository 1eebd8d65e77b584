import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';
import { firstShoppers, listShoppers, type ShopperPlace } from '../shoppers/registry.ts';

const SHOPPERS_A_PAGE = 64;

/**
 * Whether an events table holds any event of a tenant: by the list of its shoppers, with whom every event was registered. Ends at the
 * first that is found.
 */
export async function holdsEvents(events: Table, shoppers: Table, tenantId: TenantId): Promise<boolean> {
  let place: ShopperPlace | undefined = firstShoppers;
  while (place) {
    const page: Awaited<ReturnType<typeof listShoppers>> = await listShoppers(
      shoppers,
      tenantId,
      place,
      SHOPPERS_A_PAGE,
    );
    for (const shopper of page.shoppers) {
      const { Items = [] } = await events.client.send(
        new QueryCommand({
          TableName: events.name,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': `${tenantId}#${shopper}` },
          Limit: 1,
          ConsistentRead: true,
        }),
      );
      if (Items.length > 0) return true;
    }
    place = page.next;
  }
  return false;
}
