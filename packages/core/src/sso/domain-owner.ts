import { DeleteCommand, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { controlKeys } from '../control/keys.ts';
import { type Table, wasWritten } from '../control/table.ts';
import { isTenantId, type TenantId } from '../ids/id.ts';

const ownerSchema = z.object({ tenantId: z.custom<TenantId>(isTenantId) });

/** The company that has verified a mail domain; undefined when none has. */
export async function ownerOfDomain(control: Table, domain: string): Promise<TenantId | undefined> {
  const { Item } = await control.client.send(
    new GetCommand({ TableName: control.name, Key: controlKeys.mailDomain(domain), ConsistentRead: true }),
  );
  return Item && ownerSchema.parse(Item).tenantId;
}

/** Makes a domain nobody's, if it is this company's. */
export async function releaseDomain(control: Table, tenantId: TenantId, domain: string): Promise<void> {
  await wasWritten(
    control.client.send(
      new DeleteCommand({
        TableName: control.name,
        Key: controlKeys.mailDomain(domain),
        ConditionExpression: 'tenantId = :tenantId',
        ExpressionAttributeValues: { ':tenantId': tenantId },
      }),
    ),
  );
}
