import { GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Scenario, scenarioNames } from '../contract/recommendation.ts';
import type { Table } from '../control/table.ts';
import { type TenantId, timeOfId } from '../ids/id.ts';
import type { ListKind } from './counters.ts';

/** A list in the log lies under its own id, whose ULID carries its time, so that whoever has the id finds it. */
export const loggedListKey = (tenantId: TenantId, shopperId: string, recommendationId: string) => ({
  pk: `${tenantId}#${shopperId}`,
  sk: `${new Date(timeOfId(recommendationId)).toISOString()}#${recommendationId}`,
});

/** What the log keeps of a list. */
export interface LoggedList extends ListKind {
  readonly items: readonly string[];
}

const rowSchema = z.object({
  scenario: z.enum(scenarioNames).default('personal' satisfies Scenario),
  modelVersion: z.string(),
  variant: z.string().default('none'),
  items: z.array(z.string()),
});

/** The list that the shopper was given; undefined when there is none of this id. */
export async function findLoggedList(
  log: Table,
  tenantId: TenantId,
  shopperId: string,
  recommendationId: string,
): Promise<LoggedList | undefined> {
  const { Item } = await log.client.send(
    new GetCommand({
      TableName: log.name,
      Key: loggedListKey(tenantId, shopperId, recommendationId),
      ConsistentRead: true,
    }),
  );
  return Item && rowSchema.parse(Item);
}
